/** One request's statements on their way to the store: each is validated, completed and recorded as it is read. */
import type { Caller } from '../caller.ts'
import type { Problem } from '../problem.ts'
import type { StatementRecord } from '../storage/port.ts'
import { rulesOf } from '../versions/rules.ts'
import { claimParts, type FoundAttachment, findAttachments } from './attachments.ts'
import { completeStatement } from './complete.ts'
import { fingerprint } from './equality.ts'
import { isUuid } from './formats.ts'
import type { JsonFault, JsonFaultKind, JsonNode, Scanned } from './json.ts'
import { placeOf } from './json-syntax.ts'
import { type ProblemId, problem } from './problems.ts'
import { authorityKey, contentOf, recordOf } from './record.ts'
import { checkSignatures } from './signature.ts'
import type { ReceivedStatements } from './types.ts'
import { validateStatement } from './validate.ts'

const MAX_TOLD = 100
/** Nobody reads further, and counting all that is wrong with megabytes of nonsense takes a core for many seconds. */
const MAX_COUNTED = 10_000

/** What a request says beside its statements. */
export type Circumstances = Omit<ReceivedStatements, 'text'>

/** Where a text begins in the body: line and column (of UTF-16), from 1. */
export interface Begin {
  line: number
  column: number
}
const AT_START: Begin = { line: 1, column: 1 }

export interface Preparation {
  /** Once, before the statements: whether they are a list, and the first of them. */
  begin(isBatch: boolean, first: unknown): void
  /** The next statement: its value, and where that stands in `source`. Null when it is not valid, or one before was not. */
  take(value: unknown, source: string, scanned: Scanned, begin?: Begin): Promise<StatementRecord | null>
  /** The text is no JSON. */
  fault(text: string, fault: JsonFault, begin?: Begin): void
  refuse(found: Problem): void
  /** How many statements were taken. */
  readonly taken: number
  /** So much is wrong that nothing more is counted. */
  isFull(): boolean
  /** Once, behind all statements. */
  finish(): { ok: true } | { ok: false; problems: Problem[]; total: number }
}

/** All that is wrong is collected: 100 problems at most, with the total, which is counted to 10,000. */
export function createPreparation(request: Circumstances, caller: Caller): Preparation {
  const { version } = request
  const rules = rulesOf(version)
  const authority = authorityKey(caller)
  const refusal = collector()
  const parts = new Map(request.parts.map((part) => [part.sha2, part]))
  const claimed = new Set<string>()
  const ids = new Set<string>()
  let isList = false
  let taken = 0

  function addFault(text: string, fault: JsonFault, base: string, begin: Begin): Problem {
    const path = fault.path && !fault.path.startsWith('[') ? `${base}.${fault.path}` : `${base}${fault.path}`
    if (fault.offset === null) return problem(FAULTS[fault.kind], version, path)
    const { line, column } = placeIn(text, fault.offset, begin)
    return problem(FAULTS[fault.kind], version, path, `It stands at line ${line}, column ${column}.`)
  }

  async function claim(
    source: string,
    node: JsonNode,
    attachments: readonly FoundAttachment[],
  ): Promise<ReturnType<typeof claimParts>> {
    const { held, problems } = claimParts(attachments, parts, version)
    problems.push(...(await checkSignatures(source, node, attachments, parts, version)))
    if (problems.length === 0) for (const { sha2 } of attachments) claimed.add(sha2)
    return { held, problems }
  }

  return {
    begin(isBatch, first) {
      isList = isBatch
      if (request.expectedId === undefined) return
      const wrong = checkExpectedId(request.expectedId, isBatch, first, request)
      if (wrong) refusal.add(wrong)
    },
    async take(value, source, { node, faults, faultCount }, begin = AT_START) {
      const path = isList ? `statements[${taken}]` : 'statement'
      taken++
      if (faultCount > 0) {
        refusal.addAll(
          faults.map((fault) => addFault(source, fault, path, begin)),
          faultCount,
        )
      }
      if (!node) return null
      const problems = validateStatement(value, version, path, node.end - node.start)
      refusal.addAll(problems)
      if (faultCount > 0 || problems.length > 0) return null

      const attachments = findAttachments(source, node, path)
      const claims =
        attachments.length > 0 ? await claim(source, node, attachments) : { held: [], problems: [] }
      if (claims.problems.length > 0) {
        refusal.addAll(claims.problems)
        return null
      }
      const record = recordOf(caller, contentOf(source, node, authority), {
        ...completeStatement(source, node, rules, caller.authority, request.expectedId),
        fingerprint: fingerprint(source, node),
        attachments: claims.held,
      })
      if (isList) {
        if (ids.has(record.id)) refusal.add(problem('statement-id-repeated', version, `${path}.id`))
        ids.add(record.id)
      }
      return refusal.isEmpty() ? record : null
    },
    fault: (text, fault, begin = AT_START) => refusal.add(addFault(text, fault, 'body', begin)),
    refuse: (found) => refusal.add(found),
    get taken() {
      return taken
    },
    isFull: refusal.isFull,
    finish() {
      // With an invalid statement it is not known what it would have claimed.
      if (refusal.isEmpty()) {
        for (const sha2 of parts.keys()) {
          if (!claimed.has(sha2)) refusal.add(problem('attachment-part-unclaimed', version, `part ${sha2}`))
        }
      }
      return refusal.isEmpty() ? { ok: true } : refusal.refuse()
    },
  }
}

/** 1.0.3 Communication 2.1.1: PUT stores the one statement whose id is the parameter. */
function checkExpectedId(
  expected: string,
  isBatch: boolean,
  value: unknown,
  { version }: Circumstances,
): Problem | null {
  if (isBatch) return problem('statement-single', version, 'body')
  if (!isUuid(expected)) return problem('statement-id', version, 'parameter statementId')
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
  return typeof id === 'string' && id.toLowerCase() !== expected.toLowerCase()
    ? problem('statement-id-parameter', version, 'statement.id')
    : null
}

const FAULTS: Record<JsonFaultKind, ProblemId> = {
  syntax: 'json-syntax',
  depth: 'json-depth',
  'repeated-key': 'json-repeated-key',
  nul: 'json-nul',
  surrogate: 'json-surrogate',
  number: 'json-number',
}

function placeIn(text: string, offset: number, begin: Begin): Begin {
  const { line, column } = placeOf(text, offset)
  return line === 1
    ? { line: begin.line, column: begin.column + column - 1 }
    : { line: begin.line + line - 1, column }
}

/** Keeps the first problems and counts them, up to a bound. */
function collector() {
  const told: Problem[] = []
  let total = 0
  function addAll(found: readonly Problem[], count = found.length): void {
    told.push(...found.slice(0, MAX_TOLD - told.length))
    total += count
  }
  return {
    addAll,
    add: (found: Problem) => addAll([found]),
    isEmpty: () => total === 0,
    isFull: () => total >= MAX_COUNTED,
    refuse: () => ({ ok: false as const, problems: told, total }),
  }
}
