import { createHash, randomUUID } from 'node:crypto'
import {
  agentKey,
  type Collection,
  type Collections,
  type Found,
  identifierOf,
  type Operation,
  type Problem,
  refuse,
} from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { Link, Links, Person } from '../types.ts'
import { ENDED_LINKS, LINK_JOBS, LINKS, type LinkDocument } from './documents.ts'
import type { createLinkJobs } from './jobs.ts'

export interface LinksDeps {
  collections: Collections
  jobs: Pick<ReturnType<typeof createLinkJobs>, 'run'>
  audit: Audit
  personExists(id: string): Promise<boolean>
  now: () => number
}

/**
 * Problem ids: `link-agent-not-valid`, `link-reason-missing`, `link-person-unknown`, `link-taken`, `link-unknown`.
 * Both changes resolve when the history is folded in or taken out; after a kill it is finished by `resume`.
 */
export function createLinks({ collections, jobs, audit, personExists, now }: LinksDeps): Links {
  return {
    async link({ agent, person, how, by, reason }) {
      const problem = await problemOf(agent, person, reason)
      if (problem) return refuse(problem)
      for (;;) {
        const existing = await collections.get(LINKS, agent)
        if (existing?.value.ending) {
          await jobs.run(agent)
          continue
        }
        if (existing && existing.value.person !== person) return refuse(LINK_TAKEN)
        if (existing) {
          await jobs.run(agent)
          return linkOf(existing.value)
        }
        const value: LinkDocument = {
          agent,
          person,
          since: now(),
          how,
          by,
          reason: reason.trim(),
          ending: false,
        }
        const outcome = await collections.batch([
          { op: 'insert', collection: LINKS, key: agent, value },
          { op: 'put', collection: LINK_JOBS, key: agent, value: { kind: 'fold-in', after: 0 } },
          noteOf('link', by, value),
        ])
        if (!outcome.ok) continue
        await jobs.run(agent)
        return linkOf(value)
      }
    },

    async unlink({ agent, by, reason }) {
      if (reason.trim() === '') return refuse(REASON_MISSING)
      for (;;) {
        const existing = await collections.get(LINKS, agent)
        if (!existing || existing.value.ending) {
          await jobs.run(agent)
          return refuse(LINK_UNKNOWN)
        }
        const ended: Link = {
          ...linkOf(existing.value),
          until: now(),
          ended: { by, reason: reason.trim() },
        }
        const outcome = await collections.batch([
          {
            op: 'replace',
            collection: LINKS,
            key: agent,
            revision: existing.revision,
            value: { ...existing.value, ending: true },
          },
          { op: 'insert', collection: ENDED_LINKS, key: randomUUID(), value: ended },
          { op: 'put', collection: LINK_JOBS, key: agent, value: { kind: 'take-out', after: 0 } },
          noteOf('unlink', by, ended),
        ])
        if (!outcome.ok) continue
        await jobs.run(agent)
        return ended
      }
    },

    async of(person) {
      const now = await allOf(collections, LINKS, person)
      const ended = await allOf(collections, ENDED_LINKS, person)
      const current = now.filter((link) => !link.ending).map(linkOf)
      return [...current, ...ended].sort((a, b) => b.since - a.since)
    },

    async personOf(agent) {
      const link = (await collections.get(LINKS, agent))?.value
      return link && !link.ending ? link.person : null
    },
  }

  /** The identifier is a name of somebody: the audit holds what it can be recognised by, and no more. */
  function noteOf(
    action: 'link' | 'unlink',
    actor: string,
    { agent, person }: Pick<Link, 'agent' | 'person'>,
  ) {
    const identifier = createHash('sha256').update(agent).digest('base64url').slice(0, 22)
    const kind = agent.slice(0, agent.indexOf(':'))
    return audit({ action, actor, subjects: [person], detail: { identifier, kind } })
  }

  async function problemOf(agent: string, person: string, reason: string): Promise<Problem | null> {
    if (!isAgentKey(agent)) return AGENT_NOT_VALID
    if (reason.trim() === '') return REASON_MISSING
    return (await personExists(person)) ? null : PERSON_UNKNOWN
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
    ending: false,
  }
  return { op: 'insert', collection: LINKS, key: agent, value }
}

function linkOf({ ending: _, ...link }: LinkDocument): Link {
  return { ...link, until: null }
}

/** Whether the text is the key of some identifier, short enough to be one that a person has. */
function isAgentKey(text: string): boolean {
  return (
    text.length <= 2000 &&
    text.isWellFormed() &&
    /^(mbox:mailto:\S+@\S+|sha1:[0-9a-f]{40}|openid:\S+|account:\S+ .+)$/su.test(text) &&
    agentKey(identifierOf(text)) === text
  )
}

async function allOf<T>(collections: Collections, collection: Collection<T>, person: string): Promise<T[]> {
  const values: T[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: Found<T> = await collections.find(collection, {
      index: 'person',
      equals: { person },
      limit: 200,
      ...(after === '' ? {} : { after }),
    })
    values.push(...page.docs.map((doc) => doc.value))
    after = page.next
  }
  return values
}

const AGENT_NOT_VALID: Problem = {
  id: 'link-agent-not-valid',
  status: 400,
  path: 'agent',
  message:
    'This is not an identifier as systems send it. Give an e-mail address, its SHA-1, an OpenID, or an account with home page and name.',
}
const REASON_MISSING: Problem = {
  id: 'link-reason-missing',
  status: 400,
  path: 'reason',
  message: 'Write how it is known whom the identifier belongs to; the person sees it.',
}
const PERSON_UNKNOWN: Problem = {
  id: 'link-person-unknown',
  status: 404,
  path: 'person',
  message: 'There is no such person. They register first, then the identifier can be linked.',
}
const LINK_TAKEN: Problem = {
  id: 'link-taken',
  status: 409,
  path: 'agent',
  message: 'This identifier belongs to another person. End that link first, if it is wrong.',
}
const LINK_UNKNOWN: Problem = {
  id: 'link-unknown',
  status: 404,
  path: 'agent',
  message: 'This identifier belongs to nobody, so there is no link to end.',
}
