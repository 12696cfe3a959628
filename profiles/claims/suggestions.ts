import { createHash } from 'node:crypto'
import {
  agentKey,
  type Collections,
  identifierOf,
  refuse,
  type StatementStore,
  statementKey,
} from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { identifiersOf } from '../accounts/identifiers.ts'
import { agreed } from '../consents/agreed.ts'
import { LINKS } from '../links/documents.ts'
import type { LinksPart } from '../links/links.ts'
import { LINK_UNKNOWN } from '../links/problems.ts'
import { isRoleAddress } from '../links/role-addresses.ts'
import type { PersonId } from '../types.ts'
import { ACCOUNT_NAMES } from './documents.ts'
import { foldName } from './fold.ts'
import type { Claims, Namesake, Suggestion } from './types.ts'

/** Accounts of one name that are looked at. */
const MOST_NAMESAKES = 20

export interface SuggestionDeps {
  collections: Collections
  statements: Pick<StatementStore, 'query'>
  links: Pick<LinksPart, 'link' | 'personOf'>
}

/** What may be the person's too. Each is found by an index, and nothing is linked without a word of theirs. */
export function createSuggestions({
  collections,
  statements,
  links,
}: SuggestionDeps): Pick<Claims, 'suggestions' | 'accept' | 'namesakes'> {
  async function byMail(person: PersonId): Promise<Extract<Suggestion, { agent: string }>[]> {
    const found: Extract<Suggestion, { agent: string }>[] = []
    for (const { kind, value: mail, proven } of await identifiersOf(collections, person)) {
      if (kind !== 'email' || proven === null || isRoleAddress(mail)) continue
      const agent = agentKey({ mbox: `mailto:${mail}` })
      const hidden = agentKey({ mbox_sha1sum: createHash('sha1').update(`mailto:${mail}`).digest('hex') })
      if (agent === null || hidden === null) continue
      if ((await links.personOf(agent)) === null) found.push({ kind: 'mail', agent, mail })
      if ((await links.personOf(hidden)) === null && (await hasStatements(hidden)))
        found.push({ kind: 'sha1', agent: hidden, mail })
    }
    return found
  }

  async function hasStatements(agent: string): Promise<boolean> {
    const keys = [statementKey.actor(agent)]
    const page = await statements.query({ keys, ascending: false, limit: 1, maxBytes: 1 })
    return page.statements.length > 0
  }

  async function namesakes(person: PersonId): Promise<Namesake[]> {
    const owner = (await collections.get(PERSONS, person))?.value
    // For who wants no record nothing is looked for.
    if (!owner || !agreed(owner)) return []
    const { name } = owner
    const { docs } = await collections.find(ACCOUNT_NAMES, {
      index: 'folded',
      equals: { folded: foldName(name) },
      limit: MOST_NAMESAKES,
    })
    const linked = await collections.getMany(
      LINKS,
      docs.map(({ value }) => value.agent),
    )
    return docs.flatMap(({ value: { folded: _, ...each } }) => (linked.has(each.agent) ? [] : [each]))
  }

  return {
    namesakes,

    async suggestions(person) {
      if (!agreed((await collections.get(PERSONS, person))?.value)) return []
      const counts = new Map<string, number>()
      for (const { source, agent } of await namesakes(person)) {
        // An address that only looks like theirs is somebody's.
        if (identifierOf(agent).account) counts.set(source, (counts.get(source) ?? 0) + 1)
      }
      const names = [...counts].map(([source, count]): Suggestion => ({ kind: 'name', source, count }))
      return [...(await byMail(person)), ...names]
    },

    async accept(person, agent) {
      const suggested = (await byMail(person)).some((each) => each.agent === agent)
      if (!suggested) return refuse(LINK_UNKNOWN)
      return links.link({ agent, person, how: 'email-code', by: person, reason: 'e-mail code', sources: [] })
    },
  }
}
