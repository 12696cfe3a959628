import { randomUUID } from 'node:crypto'

const VOIDED = { id: 'http://adlnet.gov/expapi/verbs/voided', display: { vi: 'đã hủy', en: 'voided' } }

/** What voids a statement (xAPI 4.3). */
export function voidOf(actor: object, statement: string, at: number): object {
  return {
    id: randomUUID(),
    actor,
    verb: VOIDED,
    object: { objectType: 'StatementRef', id: statement },
    timestamp: new Date(at).toISOString(),
  }
}
