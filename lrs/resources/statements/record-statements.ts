import { allows, type Caller } from '../../caller.ts'
import type { Lrs } from '../../lrs.ts'
import { type Problem, type Refusal, refuse } from '../../problem.ts'
import { prepareLarge } from '../../statement/large/prepare-large.ts'
import { prepareStatements } from '../../statement/prepare.ts'
import { pack } from '../../storage/packed.ts'
import type { StatementRecord, TenantStorage, WriteOutcome, WriteRefusal } from '../../storage/port.ts'

type Recorded = ReturnType<Lrs['recordStatements']>
type Input = Parameters<Lrs['recordStatements']>[1]

/** More statements than this are given to the store as a stream, which holds them on disk until it has them all. */
const MANY = 200

/**
 * The only write door: statements that come over HTTP, from H5P, from a plugin or from an import all pass here. Durable
 * when it resolves with `ok`; all or nothing. Problems come as a `Refusal`: 400 for what is not valid, 403 for a void
 * that is not the caller's, 409 for an id taken by a different statement, 413 for too much, 503 for attachments that went
 * missing. Statements may be bytes that are still coming in, which are taken away; then they are recorded as they come, and
 * what the body throws is thrown here.
 */
export async function recordStatements(
  storage: Pick<TenantStorage, 'statements'>,
  caller: Caller,
  input: Omit<Input, 'statements'> & { statements: Input['statements'] | AsyncIterable<Uint8Array> },
): Recorded {
  if (!allows(caller, 'statements/write')) return refuse(NOT_PERMITTED)
  const { version, parts = [], expectedId, statements } = input
  const request = { version, parts, ...(expectedId === undefined ? {} : { expectedId }) }
  if (typeof statements === 'object' && Symbol.asyncIterator in statements) {
    return recordStream(storage, prepareLarge(statements, request, caller))
  }
  const text = typeof statements === 'string' ? statements : JSON.stringify(statements)
  const prepared = await prepareStatements({ text, ...request }, caller)
  if (!prepared.ok) return refusalOf(prepared)
  const { ids, records } = prepared
  const outcome = await storage.statements.write(records.length > MANY ? packed(records) : records)
  return answer(outcome, ids)
}

async function recordStream(
  { statements }: Pick<TenantStorage, 'statements'>,
  prepared: ReturnType<typeof prepareLarge>,
): Recorded {
  const ids: string[] = []
  async function* groups() {
    const outcome = yield* prepared
    if (!outcome.ok) throw new NotValid(outcome)
  }
  async function* told() {
    for await (const group of groups()) {
      ids.push(...group.ids)
      yield group
    }
  }
  try {
    return answer(await statements.write(told()), ids)
  } catch (error) {
    if (error instanceof NotValid) return refusalOf(error.refusal)
    throw error
  }
}

/** Ends a stream of records of which nothing is to be stored. */
class NotValid extends Error {
  override name = 'NotValid'
  readonly refusal: { problems: Problem[]; total: number }
  constructor(refusal: { problems: Problem[]; total: number }) {
    super('Not all statements are valid')
    this.refusal = refusal
  }
}

async function* packed(records: readonly StatementRecord[]) {
  yield* pack(records)
}

function answer(outcome: WriteOutcome, ids: string[]): Awaited<Recorded> {
  if (!outcome.ok) return refuse(problemOf(outcome.refusal, ids))
  return { ok: true, ids, stored: outcome.stored, fresh: outcome.fresh }
}

/** 413 and the like win over 400: they say what the client has to do first. */
function refusalOf({ problems, total }: { problems: Problem[]; total: number }): Refusal {
  const status = problems.reduce((highest, problem) => Math.max(highest, problem.status), 400)
  return { ok: false, status, problems, total }
}

function problemOf(refusal: WriteRefusal, ids: readonly string[]): Problem {
  if (refusal.kind === 'too-many') {
    return {
      id: 'statements-too-many',
      status: 413,
      path: 'statements',
      message: `These are too many to be stored at once; in the time there is it takes ${refusal.most}. Send them in several requests.`,
    }
  }
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
