import {
  agentKey,
  type Collections,
  identifierOf,
  type Source,
  type StatementStore,
} from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { agreed } from '../consents/agreed.ts'
import { LINKS, recordOf } from '../links/documents.ts'
import { tellingOf } from '../projection/fact.ts'
import type { Subject } from './documents.ts'
import type { Teller, ToldStatement } from './statements.ts'

export interface SubjectDeps {
  collections: Collections
  statements: Pick<StatementStore, 'get'>
  sourceKind(id: string): Promise<Source['kind'] | null>
  teller: Teller
}

/** A standing statement by which somebody told of their own learning. */
export interface SelfTold {
  subject: Subject
  told: ToldStatement
}

/**
 * Reads one; null for what was voided, was not told by a person of themselves, or is on nobody's record, also because they
 * agreed to none.
 */
export function createSubjects({ collections, statements, sourceKind, teller }: SubjectDeps) {
  return async (id: string): Promise<SelfTold | null> => {
    const stored = await statements.get(id)
    const telling = stored && tellingOf(stored, 'tu-khai')
    if (!telling || (await sourceKind(stored.source)) !== 'diary') return null
    const told = JSON.parse(stored.text) as ToldStatement & { actor: Parameters<typeof agentKey>[0] }
    const agent = agentKey(told.actor)
    const account = agent === null ? undefined : identifierOf(agent).account
    if (agent === null || account?.homePage !== teller.people) return null
    const link = await collections.get(LINKS, agent)
    if (!link) return null
    const { activity, verb, at, duration } = telling
    const person = recordOf(link.value)
    if (!agreed((await collections.get(PERSONS, person))?.value)) return null
    const subject: Subject = {
      ...{ statement: stored.id, person, account: account.name, activity, verb },
      ...{ time: at, duration },
    }
    return { subject, told }
  }
}
