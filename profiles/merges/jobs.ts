import type { Collections, Doc, Operation } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { agreed } from '../consents/agreed.ts'
import { LINK_JOBS, LINKS, type LinkDocument, recordOf } from '../links/documents.ts'
import { type createLinkJobs, followLink } from '../links/jobs.ts'
import { allOf } from '../links/links.ts'
import { commitAnew } from '../projection/projector.ts'
import type { Person, PersonId } from '../types.ts'
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

/** Where a person's links lead now: whose record they feed, and whether that one agreed to have one. */
interface Shown {
  record: PersonId
  agreed: boolean
  /** The persons on the way, as they were read. */
  checks: Operation[]
}

/**
 * Brings the links of a person who was merged or released, or whose consent changed, and of those merged into them
 * before, to the record that they feed now, and to what its owner agreed to. Each step is one batch that fails when one
 * of these persons has changed meanwhile; killed, it is gone on with.
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
      const shown = new Map<PersonId, Shown>()
      const left: { agent: string; shown: Shown }[] = []
      for (const link of await linksOfFamily(person)) {
        // Each by its own way: of the family somebody may just have been released.
        const of = shown.get(link.person) ?? (await shownAs(link.person))
        shown.set(link.person, of)
        if (!isRight(link, of)) left.push({ agent: link.agent, shown: of })
      }
      const taken = left.slice(0, STEP)
      moved = taken.map(({ agent }) => agent)
      const batch = await Promise.all(taken.map((each) => movedTo(each.agent, each.shown)))
      const at = { collection: MERGE_JOBS, key: person, revision: job.revision }
      const rest: Operation =
        left.length > STEP ? { ...at, op: 'replace', value: { seen: now() } } : { ...at, op: 'delete' }
      const own = shown.get(person) ?? (await shownAs(person))
      return [...batch.flat(), ...checksOf([own, ...taken.map((each) => each.shown)]), rest]
    })
    for (const agent of moved) jobs.start(agent)
    return more
  }

  async function shownAs(person: PersonId): Promise<Shown> {
    const checks: Operation[] = []
    let at: PersonId | undefined = person
    let last: Person | null = null
    for (let steps = 0; at !== undefined && steps < MOST_MERGES; steps++) {
      const doc: Doc<Person> | null = await collections.get(PERSONS, at)
      if (!doc) break
      checks.push({ op: 'check', collection: PERSONS, key: at, revision: doc.revision })
      last = doc.value
      at = last.mergedInto
    }
    return { record: last?.id ?? person, agreed: agreed(last), checks }
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

  async function movedTo(agent: string, shown: Shown): Promise<Operation[]> {
    const [link, job] = await Promise.all([collections.get(LINKS, agent), collections.get(LINK_JOBS, agent)])
    if (!link || isRight(link.value, shown)) return []
    const { merged: _, agreed: before, ...own } = link.value
    const value: LinkDocument = {
      ...own,
      ...(own.person !== shown.record && { merged: shown.record }),
      ...(shown.agreed && { agreed: true }),
    }
    const persons = [recordOf(link.value), shown.record]
    return [
      { op: 'replace', collection: LINKS, key: agent, revision: link.revision, value },
      // Of what was not agreed to nothing was kept: it is read now.
      followLink(agent, job, { persons, statements: shown.agreed && before !== true, now: now() }),
    ]
  }

  return { start, resume }
}

const isRight = (link: LinkDocument, { record, agreed: isAgreed }: Shown) =>
  recordOf(link) === record && (link.agreed === true) === isAgreed

/** Each person once. */
function checksOf(shown: readonly Shown[]): Operation[] {
  return [...new Map(shown.flatMap(({ checks }) => checks).map((check) => [check.key, check])).values()]
}
