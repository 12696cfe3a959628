import { randomUUID } from 'node:crypto'
import {
  agentKey,
  type Collection,
  type Collections,
  type Doc,
  type Found,
  type Operation,
  type Problem,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { hasCitizenNumber, REASON_NUMBER } from '../citizen-number.ts'
import { agreed } from '../consents/agreed.ts'
import type { Audit } from '../create-profiles.ts'
import type { Person, PersonId } from '../types.ts'
import {
  ENDED_LINKS,
  type EndedLink,
  identifierHash,
  LINK_JOBS,
  LINKS,
  type LinkDocument,
  recordOf,
} from './documents.ts'
import { problemOfInput } from './input.ts'
import { type createLinkJobs, followLink } from './jobs.ts'
import { LINK_TAKEN, LINK_UNKNOWN, PERSON_MERGED, PERSON_UNKNOWN, REASON_MISSING } from './problems.ts'
import type { Link, LinkInput, Links } from './types.ts'
import { readWaiting } from './waiting.ts'

export interface LinksDeps {
  collections: Collections
  jobs: Pick<ReturnType<typeof createLinkJobs>, 'start'>
  audit: Audit
  now: () => number
}

/** What a change of one link comes to: operations for its batch, and what the records have to follow. */
interface Change {
  link: Link
  /** Empty: nothing changes. */
  operations: Operation[]
  persons: PersonId[]
  /** Facts may be missing. */
  statements: boolean
}

/** What else happens in the batch of a link; read anew with each try. */
export type Beside = () => Promise<Operation[] | Refusal>

export type LinksPart = Links & {
  linkBeside(input: LinkInput, beside: Beside): Promise<Link | Refusal>
}

/**
 * Problem ids: `link-agent-not-valid`, `link-role-address`, `link-reason-missing`, `link-document-missing`,
 * `link-person-unknown`, `link-person-merged`, `link-taken`, `link-unknown`. A change resolves when it is durable; the
 * records follow beside (jobs.ts), also after a kill.
 */
export function createLinks({ collections, jobs, audit, now }: LinksDeps): LinksPart {
  /** Tries until nothing that the change was made from has changed meanwhile. */
  async function change(
    agent: string,
    decide: (held: Doc<LinkDocument> | null) => Promise<Change | Refusal>,
  ): Promise<Link | Refusal> {
    for (;;) {
      const held = await collections.get(LINKS, agent)
      const job = await collections.get(LINK_JOBS, agent)
      const decided = await decide(held)
      if ('ok' in decided || decided.operations.length === 0) return 'ok' in decided ? decided : decided.link
      const { link, operations, ...following } = decided
      const outcome = await collections.batch([
        ...operations,
        followLink(agent, job, { ...following, now: now() }),
      ])
      if (!outcome.ok) continue
      jobs.start(agent)
      return link
    }
  }

  async function linkBeside(input: LinkInput, beside: Beside): Promise<Link | Refusal> {
    const problem = problemOfInput(input)
    if (problem) return refuse(problem)
    const { agent, person } = input
    return change(agent, async (held) => {
      const owner = await collections.get(PERSONS, person)
      if (!owner) return refuse(PERSON_UNKNOWN)
      if (owner.value.mergedInto !== undefined) return refuse(PERSON_MERGED)
      if (held && recordOf(held.value) !== person) return refuse(LINK_TAKEN)
      const others = await beside()
      if (!Array.isArray(others)) return others
      const value = held ? widened(held.value, input) : newLink(input, owner.value, now())
      const put: Operation = held
        ? { op: 'replace', collection: LINKS, key: agent, revision: held.revision, value }
        : { op: 'insert', collection: LINKS, key: agent, value }
      const changed = value !== held?.value
      return {
        link: { ...value, until: null },
        operations: [
          ...(changed ? [put, noteOf(held ? 'link-source' : 'link', input.by, value)] : []),
          // A merge or a consent that comes between would not know of this link.
          ...(changed
            ? [{ op: 'check' as const, collection: PERSONS, key: person, revision: owner.revision }]
            : []),
          ...others,
        ],
        persons: [person],
        statements: held === null,
      }
    })
  }

  function end(
    agent: string,
    ended: NonNullable<Link['ended']>,
    problemWith: (link: LinkDocument) => Problem | null,
  ): Promise<Link | Refusal> {
    return change(agent, async (held) => {
      const problem = held ? problemWith(held.value) : LINK_UNKNOWN
      if (!held || problem) return refuse(problem ?? LINK_UNKNOWN)
      const link: Link = { ...held.value, until: now(), ended }
      const value: EndedLink = ended.contested && link.by !== ended.by ? { ...link, tell: link.by } : link
      return {
        link,
        operations: [
          { op: 'delete', collection: LINKS, key: agent, revision: held.revision },
          { op: 'insert', collection: ENDED_LINKS, key: randomUUID(), value },
          noteOf(ended.contested ? 'link-contest' : 'unlink', ended.by, link),
        ],
        persons: [recordOf(held.value)],
        statements: false,
      }
    })
  }

  return {
    link: (input) => linkBeside(input, async () => []),
    linkBeside,

    async unlink({ agent, by, reason }) {
      if (reason.trim() === '') return refuse(REASON_MISSING)
      if (hasCitizenNumber(reason)) return refuse(REASON_NUMBER)
      return end(agent, { by, reason: reason.trim() }, () => null)
    },

    contest: ({ agent, person }) =>
      end(agent, { by: person, reason: 'contested', contested: true }, (link) =>
        link.how === 'product' || recordOf(link) !== person ? LINK_UNKNOWN : null,
      ),

    decide: ({ agent, person, source, mine }) =>
      change(agent, async (held) => {
        if (!held || recordOf(held.value) !== person) return refuse(LINK_UNKNOWN)
        const { sources = null, refused = [] } = held.value
        const link: Link = { ...held.value, until: null }
        const known = mine ? sources?.includes(source) : refused.includes(source)
        if (sources === null || known) return { link, operations: [], persons: [], statements: false }
        const without = (list: readonly string[]) => list.filter((each) => each !== source)
        const value: LinkDocument = {
          ...held.value,
          sources: mine ? [...sources, source] : without(sources),
          refused: mine ? without(refused) : [...refused, source],
        }
        return {
          link: { ...value, until: null },
          operations: [
            { op: 'replace', collection: LINKS, key: agent, revision: held.revision, value },
            noteOf('link-source', person, value, { source, mine: mine ? 'yes' : 'no' }),
          ],
          persons: [person],
          statements: false,
        }
      }),

    async waiting(person) {
      // What waited is on its way out: it is not told of any more.
      if (!agreed((await collections.get(PERSONS, person))?.value)) return []
      const links = await heldBy(collections, person)
      return readWaiting(
        collections,
        links.filter((link) => recordOf(link) === person),
      )
    },

    async work(person) {
      const { docs } = await collections.find(LINK_JOBS, {
        index: 'person',
        equals: { persons: person },
        limit: 20,
      })
      const links = await collections.getMany(
        LINKS,
        docs.map(({ key }) => key),
      )
      return docs.map(({ key, value }) => {
        const link = links.get(key)?.value
        const joining = link?.agreed === true && recordOf(link) === person
        return { agent: key, done: value.done, joining, ...(link?.how === 'product' && { ours: true }) }
      })
    },

    async of(person) {
      const current = (await heldBy(collections, person)).map((link): Link => ({ ...link, until: null }))
      const ended = await allOf(collections, ENDED_LINKS, 'person', { person })
      return [...current, ...ended.map(({ value: { tell: _, ...link } }) => link)].sort(
        (a, b) => b.since - a.since,
      )
    },

    async personOf(agent) {
      const link = (await collections.get(LINKS, agent))?.value
      return link ? recordOf(link) : null
    },

    async contested(maker) {
      const page = await collections.find(ENDED_LINKS, { index: 'tell', equals: { tell: maker }, limit: 100 })
      return page.docs.map(({ key, value: { tell: _, ...link } }) => ({ ...link, id: key }))
    },

    async noticed(maker, id) {
      const doc = await collections.get(ENDED_LINKS, id)
      if (doc?.value.tell !== maker) return
      const { tell: _, ...link } = doc.value
      await collections.replace(ENDED_LINKS, id, link, doc.revision)
    },

    async wasContested(agent, person) {
      const ended = await allOf(collections, ENDED_LINKS, 'agent', { agent })
      return ended.some(({ value }) => value.ended?.contested && value.ended.by === person)
    },
  }

  /** The identifier is a name of somebody: the audit holds what it can be recognised by, and no more. */
  function noteOf(
    action: 'link' | 'unlink' | 'link-contest' | 'link-source',
    actor: string,
    { agent, person, how }: Pick<Link, 'agent' | 'person' | 'how'>,
    more: Record<string, string> = {},
  ) {
    const kind = agent.slice(0, agent.indexOf(':'))
    const detail = { identifier: identifierHash(agent), kind, how, ...more }
    return audit({ action, actor, subjects: [person], detail })
  }
}

/** What ties a new person to the account under which the product itself records; there is no history to fold in. */
export function productLink(person: Person, homePage: string): Operation {
  const agent = agentKey({ account: { homePage, name: person.id } })
  if (agent === null) throw new Error('An account has a key.')
  const value: LinkDocument = {
    agent,
    person: person.id,
    since: person.created,
    how: 'product',
    by: 'product',
    reason: 'registration',
    ...(agreed(person) && { agreed: true }),
  }
  return { op: 'insert', collection: LINKS, key: agent, value }
}

function newLink(
  { agent, person, how, proof, by, reason, sources }: LinkInput,
  owner: Person,
  since: number,
): LinkDocument {
  return {
    agent,
    person,
    since,
    how,
    ...(proof && { proof }),
    by,
    reason: reason.trim(),
    ...(sources && { sources: [...sources] }),
    ...(agreed(owner) && { agreed: true }),
  }
}

/** The link that is there, for the sources of another proof as well; itself where that adds none. */
function widened(link: LinkDocument, { sources }: LinkInput): LinkDocument {
  if (link.sources === undefined) return link
  if (sources === undefined) {
    const { sources: _, refused: __, ...all } = link
    return all
  }
  const fresh = sources.filter((source) => !link.sources?.includes(source))
  if (fresh.length === 0) return link
  const refused = (link.refused ?? []).filter((source) => !fresh.includes(source))
  return { ...link, sources: [...link.sources, ...fresh], refused }
}

/** Links of a person, and those of persons merged into them. */
async function heldBy(collections: Collections, person: PersonId): Promise<LinkDocument[]> {
  const own = await allOf(collections, LINKS, 'person', { person })
  const merged = await allOf(collections, LINKS, 'merged', { merged: person })
  return [...own, ...merged].map(({ value }) => value)
}

export async function allOf<T>(
  collections: Collections,
  collection: Collection<T>,
  index: string,
  equals: Record<string, string>,
): Promise<Doc<T>[]> {
  const docs: Doc<T>[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: Found<T> = await collections.find(collection, {
      index,
      equals,
      limit: 200,
      ...(after === '' ? {} : { after }),
    })
    docs.push(...page.docs)
    after = page.next
  }
  return docs
}
