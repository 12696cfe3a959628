import type { Collections, Operation } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { LINK_JOBS, LINKS, type LinkDocument, recordOf } from '../links/documents.ts'
import { type createLinkJobs, followLink } from '../links/jobs.ts'
import { allOf } from '../links/links.ts'
import { commitAnew } from '../projection/projector.ts'
import type { PersonId } from '../types.ts'
import { MERGE_JOBS, MERGES, MOST_MERGES } from './documents.ts'

/** Links of one batch. */
const STEP = 100
/** As of links (links/jobs.ts), ms. */
const ABANDONED_AFTER = 30_000

export interface MergeJobDeps {
  collections: Collections
  jobs: Pick<ReturnType<typeof createLinkJobs>, 'start' | 'run'>
  now: () => number
}

/**
 * Sends the links of a person who was merged or released, and of those merged into them before, to the record they
 * feed now. Each step is one batch that fails when another merge came between; killed, it is gone on with.
 */
export function createMergeJobs({ collections, jobs, now }: MergeJobDeps) {
  /** Goes to work on this person's links. */
  function start(person: PersonId): void {
    jobs.run(`merge ${person}`, () => step(person))
  }

  async function resume(beside: boolean): Promise<number> {
    const page = await collections.scan(MERGE_JOBS, { limit: 500 })
    const left = page.docs.filter(({ value }) => !beside || now() - value.seen >= ABANDONED_AFTER)
    for (const { key } of left) start(key)
    return left.length
  }

  /** `false` when nothing is left to do. */
  async function step(person: PersonId): Promise<boolean> {
    let more = true
    let moved: string[] = []
    await commitAnew(collections, async () => {
      const job = await collections.get(MERGE_JOBS, person)
      more = job !== null
      moved = []
      if (!job) return []
      const { record, pointers } = await shownAs(person)
      const links = (await linksOfFamily(person)).filter((link) => recordOf(link) !== record)
      const batch = await Promise.all(links.slice(0, STEP).map((link) => movedTo(link.agent, record)))
      moved = links.slice(0, STEP).map(({ agent }) => agent)
      const at = { collection: MERGE_JOBS, key: person, revision: job.revision }
      const rest: Operation =
        links.length > STEP ? { ...at, op: 'replace', value: { seen: now() } } : { ...at, op: 'delete' }
      return [...batch.flat(), ...pointers, rest]
    })
    for (const agent of moved) jobs.start(agent)
    return more
  }

  /** Whose record theirs is a part of, and what that was read from. */
  async function shownAs(person: PersonId): Promise<{ record: PersonId; pointers: Operation[] }> {
    const pointers: Operation[] = []
    let record = person
    for (let steps = 0; steps < MOST_MERGES; steps++) {
      const doc = await collections.get(PERSONS, record)
      if (!doc) break
      pointers.push({ op: 'check', collection: PERSONS, key: record, revision: doc.revision })
      if (doc.value.mergedInto === undefined) break
      record = doc.value.mergedInto
    }
    return { record, pointers }
  }

  async function linksOfFamily(person: PersonId, depth = 0): Promise<LinkDocument[]> {
    const own = (await allOf(collections, LINKS, 'person', { person })).map(({ value }) => value)
    if (depth >= MOST_MERGES) return own
    const { docs } = await collections.find(MERGES, {
      index: 'into',
      equals: { into: person, open: true },
      limit: 100,
    })
    const merged = await Promise.all(docs.map(({ value }) => linksOfFamily(value.from, depth + 1)))
    return [...own, ...merged.flat()]
  }

  async function movedTo(agent: string, record: PersonId): Promise<Operation[]> {
    const [link, job] = await Promise.all([collections.get(LINKS, agent), collections.get(LINK_JOBS, agent)])
    if (!link || recordOf(link.value) === record) return []
    const { merged: _, ...own } = link.value
    const value: LinkDocument = own.person === record ? own : { ...own, merged: record }
    const persons = [recordOf(link.value), record]
    return [
      { op: 'replace', collection: LINKS, key: agent, revision: link.revision, value },
      followLink(agent, job, { persons, statements: false, now: now() }),
    ]
  }

  return { start, resume }
}
