import { allows, type Caller } from '../../caller.ts'
import type { Lrs } from '../../lrs.ts'
import { type Problem, type Refusal, refuse } from '../../problem.ts'
import { prepareStatements } from '../../statement/prepare.ts'
import type { StatementRecord, TenantStorage, WriteRefusal } from '../../storage/port.ts'

/**
 * The only write door: statements that come over HTTP, from H5P, from a plugin or from an import all pass here. Durable
 * when it resolves with `ok`; all or nothing. Problems come as a `Refusal`: 400 for what is not valid, 403 for a void
 * that is not the caller's, 409 for an id taken by a different statement, 503 for attachments that went missing.
 */
export async function recordStatements(
  storage: Pick<TenantStorage, 'statements'>,
  caller: Caller,
  input: Parameters<Lrs['recordStatements']>[1],
): ReturnType<Lrs['recordStatements']> {
  if (!allows(caller, 'statements/write')) return refuse(NOT_PERMITTED)
  const { version, parts = [], expectedId } = input
  const text = typeof input.statements === 'string' ? input.statements : JSON.stringify(input.statements)
  const prepared = await prepareStatements(
    { text, version, parts, ...(expectedId === undefined ? {} : { expectedId }) },
    caller,
  )
  if (!prepared.ok) return refusalOf(prepared)
  const { ids, records } = prepared
  // Without `define` a statement says what happened, but not what an activity is (1.0.3 Communication 4.2).
  const permitted = allows(caller, 'define') ? records : records.map(withoutDefinitions)
  const outcome = await storage.statements.write(permitted)
  if (!outcome.ok) return refuse(problemOf(outcome.refusal, ids))
  return { ok: true, ids, stored: outcome.stored, fresh: outcome.fresh }
}

const withoutDefinitions = (record: StatementRecord): StatementRecord => ({ ...record, definitions: [] })

/** 413 and the like win over 400: they say what the client has to do first. */
function refusalOf({ problems, total }: { problems: Problem[]; total: number }): Refusal {
  const status = problems.reduce((highest, problem) => Math.max(highest, problem.status), 400)
  return { ok: false, status, problems, total }
}

function problemOf(refusal: WriteRefusal, ids: readonly string[]): Problem {
  const path = ids.length > 1 ? `statements[${ids.indexOf(refusal.id)}]` : 'statement'
  switch (refusal.kind) {
    case 'conflict':
      return {
        id: 'statement-conflict',
        status: 409,
        path: `${path}.id`,
        message: `The id ${refusal.id} is taken by a different statement. Send this one with another id, or without.`,
      }
    case 'void-foreign':
      return {
        id: 'void-foreign',
        status: 403,
        path: `${path}.object.id`,
        message: `Statement ${refusal.target} was sent by another source. Voiding it needs the scope statements/void.`,
      }
    case 'void-voiding':
      return {
        id: 'void-voiding',
        status: 400,
        path: `${path}.object.id`,
        message: `Statement ${refusal.target} is a voiding statement, which cannot be voided. Send the voided one again.`,
      }
    case 'blob-missing':
      return {
        id: 'attachment-lost',
        status: 503,
        path: `${path}.attachments`,
        message: `The data of attachment ${refusal.sha2} is not there any more. Send the whole request again.`,
      }
  }
}

const NOT_PERMITTED: Problem = {
  id: 'scope-missing',
  status: 403,
  message: 'This needs the scope statements/write. Ask the operator of the record store for it.',
}
