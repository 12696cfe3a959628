/** The way of statements up to the store: read, validate, complete, record. Pure but for the ids it makes. */
import { setImmediate } from 'node:timers/promises'
import type { Caller } from '../caller.ts'
import type { Problem } from '../problem.ts'
import type { StatementRecord } from '../storage/port.ts'
import { rulesOf } from '../versions/rules.ts'
import { claimParts, findAttachments } from './attachments.ts'
import { completeStatement } from './complete.ts'
import { fingerprint } from './equality.ts'
import { isUuid } from './formats.ts'
import { type JsonFault, type JsonFaultKind, type JsonNode, scanElements } from './json.ts'
import { parseJson, placeOf } from './json-syntax.ts'
import { type ProblemId, problem } from './problems.ts'
import { authorityKey, contentOf, recordOf } from './record.ts'
import { checkSignatures } from './signature.ts'
import type { Prepared, PrepareStatements, ReceivedPart, ReceivedStatements, Version } from './types.ts'
import { validateStatement } from './validate.ts'

const MAX_TOLD = 100
/** Nobody reads further, and counting all that is wrong with megabytes of nonsense takes a core for many seconds. */
const MAX_COUNTED = 10_000
/** After so many statements of a batch, others that wait for this thread get their turn. */
const BREATH = 200

/**
 * Turns what was received into records, or into all that is wrong with it (100 problems at most, with the total, which
 * is counted to 10,000). Never
 * throws for what a client can send.
 */
export const prepareStatements: PrepareStatements = async (received, caller) => {
  const { text, version } = received
  const refusal = collector()
  const parsed = parseJson(text)
  if (!parsed.ok) {
    refusal.add(faultProblem(text, parsed.fault, version, 'body'))
    return refusal.refuse()
  }
  const isBatch = Array.isArray(parsed.value)
  const values: unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value]
  if (received.expectedId !== undefined) {
    const wrong = checkExpectedId(received.expectedId, isBatch, values[0], version)
    if (wrong) refusal.add(wrong)
  }

  const parts = new Map(received.parts.map((part) => [part.sha2, part]))
  const claimed = new Set<string>()
  const records: StatementRecord[] = []
  const ids = new Set<string>()
  let index = 0
  for (const { node, faults, faultCount } of scanElements(text)) {
    if (refusal.isFull()) break
    if (index % BREATH === BREATH - 1) await setImmediate()
    const path = isBatch ? `statements[${index}]` : 'statement'
    if (faultCount > 0) {
      refusal.addAll(
        faults.map((fault) => faultProblem(text, fault, version, path)),
        faultCount,
      )
    }
    if (!node) break
    const value = values[index++]
    const problems = validateStatement(value, version, path, node.end - node.start)
    refusal.addAll(problems)
    if (faultCount > 0 || problems.length > 0) continue

    const prepared = await prepareOne(received, node, path, caller, parts)
    if ('problems' in prepared) {
      refusal.addAll(prepared.problems)
      continue
    }
    for (const sha2 of prepared.names) claimed.add(sha2)
    const { record } = prepared
    if (ids.has(record.id)) refusal.add(problem('statement-id-repeated', version, `${path}.id`))
    ids.add(record.id)
    records.push(record)
  }
  // With an invalid statement it is not known what it would have claimed.
  if (refusal.isEmpty()) {
    for (const sha2 of parts.keys()) {
      if (!claimed.has(sha2)) refusal.add(problem('attachment-part-unclaimed', version, `part ${sha2}`))
    }
  }
  return refusal.isEmpty() ? { ok: true, records, ids: [...ids] } : refusal.refuse()
}

async function prepareOne(
  received: ReceivedStatements,
  node: JsonNode,
  path: string,
  caller: Caller,
  parts: ReadonlyMap<string, ReceivedPart>,
): Promise<{ record: StatementRecord; names: string[] } | { problems: Problem[] }> {
  const { text: source, version } = received
  const attachments = findAttachments(source, node, path)
  const { held, problems } = claimParts(attachments, parts, version)
  if (attachments.length > 0) {
    problems.push(...(await checkSignatures(source, node, attachments, parts, version)))
  }
  if (problems.length > 0) return { problems }
  const { id, text, needsTimestamp } = completeStatement(
    source,
    node,
    rulesOf(version),
    caller.authority,
    received.expectedId,
  )
  const record = recordOf(caller, contentOf(source, node, authorityKey(caller)), {
    id,
    text,
    needsTimestamp,
    fingerprint: fingerprint(source, node),
    attachments: held,
  })
  return { record, names: attachments.map(({ sha2 }) => sha2) }
}

/** 1.0.3 Communication 2.1.1: PUT stores the one statement whose id is the parameter. */
function checkExpectedId(
  expected: string,
  isBatch: boolean,
  value: unknown,
  version: Version,
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

function faultProblem(text: string, fault: JsonFault, version: Version, base: string): Problem {
  const path = fault.path && !fault.path.startsWith('[') ? `${base}.${fault.path}` : `${base}${fault.path}`
  if (fault.offset === null) return problem(FAULTS[fault.kind], version, path)
  const { line, column } = placeOf(text, fault.offset)
  return problem(FAULTS[fault.kind], version, path, `It stands at line ${line}, column ${column}.`)
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
    refuse: (): Prepared & { ok: false } => ({ ok: false, problems: told, total }),
  }
}
