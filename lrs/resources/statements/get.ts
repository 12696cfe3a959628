import type { Caller } from '../../caller.ts'
import { type Problem, refuse } from '../../problem.ts'
import { isReadAsStored } from '../../statement/format.ts'
import { inTurns } from '../../storage/in-turns.ts'
import type { Position, StatementTexts, StoredStatement } from '../../storage/port.ts'
import { type Handle, jsonText, type XapiRequest, type XapiResponse } from '../request.ts'
import type { Services } from '../services.ts'
import type { Cursor } from './cursor.ts'
import { formatStatements } from './formatter.ts'
import { multipartAnswer } from './multipart-answer.ts'
import { readAsked } from './parameters.ts'
import { mayRead, readShown, toldOf } from './shown.ts'

/** GET statements: one, a list, or the rest of a list (1.0.3 Communication 2.1.3; 2.0 4.1.6.1). */
export const getStatements: Handle = async (request, caller, services) => {
  const asked = readAsked(request, services.page)
  if (!asked.ok) return asked
  if (asked.kind === 'one') {
    const found = await services.storage.statements.getText(asked.id)
    // What the caller may not read is as if it were not there.
    if (!found || found.voided !== asked.voided || !(await mayRead(found, caller, services)))
      return refuse(NOT_THERE)
    const bytes = found.text.byteLength
    noteForeign({ text: found.text, statements: [{ source: found.source, bytes }] }, caller, services)
    const asStored = bufferOf(found.text)
    if (isAsked(asStored, asked, request)) return jsonText(200, asStored, lastModified([found]))
    const read = [{ ...found, text: asStored.toString() }]
    const [text = ''] = await format(read, asked, request, services)
    return answerWith(text, read, asked.attachments, services, {})
  }
  if (asked.kind === 'list') return list({ ...asked, after: null }, request, caller, services)
  const read = services.cursors.read(asked.cursor, caller.credential, request.version)
  return 'problem' in read ? refuse(read.problem) : list(read.cursor, request, caller, services)
}

async function list(
  asked: Pick<Cursor, 'query' | 'format' | 'attachments'> & { after: number | null },
  request: XapiRequest,
  caller: Caller,
  services: Services,
): Promise<XapiResponse> {
  const { statements } = services.storage
  // Read before the page: what the page then shows can only be more consistent, never less.
  const consistent = await statements.watermark()
  const page = await readShown(
    {
      ...asked.query,
      maxBytes: services.page.bytes,
      ...(asked.after === null ? {} : { after: asked.after }),
    },
    caller,
    services,
  )
  noteForeign(page, caller, services)
  const more = page.more ? moreOf(asked, page.last, request, caller, services) : ''
  const end = `],"more":${JSON.stringify(more)}}`
  const headers = { 'X-Experience-API-Consistent-Through': new Date(consistent).toISOString() }
  const asStored = bufferOf(page.text)
  if (isAsked(asStored, asked, request)) {
    const bytes = Buffer.concat([BEGIN, asStored, Buffer.from(end)])
    return jsonText(200, bytes, { ...lastModified(page.statements), ...headers })
  }
  const read = withTexts(page.statements, asStored)
  const texts = await format(read, asked, request, services)
  return answerWith(`${BEGIN}${texts.join(',')}${end}`, read, asked.attachments, services, headers)
}

const BEGIN = Buffer.from('{"statements":[')
const bufferOf = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/** Whether what is asked for is the very text that is stored. */
const isAsked = (
  asStored: Buffer,
  { format, attachments }: Pick<Cursor, 'format' | 'attachments'>,
  { version }: XapiRequest,
): boolean => !attachments && isReadAsStored(asStored, { format, version })

/** Each with its own part of the texts. */
function withTexts(statements: StatementTexts['statements'], texts: Buffer) {
  let at = 0
  return statements.map((statement) => {
    const text = texts.toString('utf8', at, at + statement.bytes)
    at += statement.bytes + 1
    return { ...statement, text }
  })
}

function moreOf(
  { query, format, attachments }: Pick<Cursor, 'query' | 'format' | 'attachments'>,
  after: Position,
  request: XapiRequest,
  caller: Caller,
  services: Services,
): string {
  const { credential } = caller
  const cursor = services.cursors.sign({
    query,
    after,
    credential,
    version: request.version,
    format,
    attachments,
  })
  return `${request.base}/statements?more=${cursor}`
}

function format(
  statements: readonly Pick<StoredStatement, 'text'>[],
  asked: Pick<Cursor, 'format'>,
  { version, headers: { acceptLanguage } }: XapiRequest,
  services: Services,
): Promise<string[]> {
  return formatStatements(statements, services.storage.activities, {
    format: asked.format,
    version,
    ...(acceptLanguage === undefined ? {} : { acceptLanguage }),
  })
}

function answerWith(
  text: string,
  statements: readonly Pick<StoredStatement, 'text' | 'stored' | 'attachments'>[],
  attachments: boolean,
  services: Services,
  headers: Record<string, string>,
): XapiResponse {
  const all = { ...lastModified(statements), ...headers }
  return attachments
    ? multipartAnswer(text, statements, services.storage.blobs, all)
    : jsonText(200, text, all)
}

function lastModified(statements: readonly Pick<StoredStatement, 'stored'>[]): Record<string, string> {
  const latest = statements.reduce((time, statement) => Math.max(time, statement.stored), 0)
  return latest > 0 ? { 'Last-Modified': new Date(latest).toUTCString() } : {}
}

function noteForeign(
  { text, statements }: { text: Uint8Array; statements: readonly Answered[] },
  caller: Caller,
  services: Services,
): void {
  const foreign = statements.filter((statement) => statement.source !== caller.source)
  if (foreign.length === 0) return
  const sources = [...new Set(foreign.map((statement) => statement.source))]
  services.onForeignRead({
    caller,
    sources,
    statements: foreign.length,
    told: () => toldIn(text, statements, caller),
  })
}

type Answered = Pick<StatementTexts['statements'][number], 'source' | 'bytes'>

/** Whom the statements of others tell of; each text stands behind the one before it and a comma. */
async function toldIn(text: Uint8Array, statements: readonly Answered[], { source: own }: Caller) {
  let from = 0
  const told = await inTurns(statements, ({ source, bytes }) => {
    const part = text.subarray(from, from + bytes)
    from += bytes + 1
    return source === own ? [] : toldOf(part).map((agent) => ({ agent, source }))
  })
  return told.flat()
}

const NOT_THERE: Problem = {
  id: 'statement-unknown',
  status: 404,
  message:
    'There is no such statement that this credential may read. A voided one is asked for with voidedStatementId.',
}
