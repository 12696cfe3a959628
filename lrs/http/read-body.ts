import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { NOT_UTF8, type Problem } from '../problem.ts'
import { mediaType } from '../resources/media-type.ts'
import type { XapiBody } from '../resources/request.ts'
import { MAX_STATEMENT_BYTES } from '../statement/large/session.ts'
import type { BlobStore } from '../storage/port.ts'
import { bodyAtOnce, bodyChunks, readAll } from './body.ts'
import type { HttpLimits } from './limits.ts'
import { BOUNDARY, boundaryOf, readMultipart } from './multipart.ts'
import { Refused, tooLarge } from './refused.ts'

interface Source {
  message: IncomingMessage
  /** The body that came in a form, instead of the message's own. */
  content?: string
  contentType: string | undefined
  limits: HttpLimits
  hold(bytes: number): void
}

/** Statements of more bytes than this are not held whole, and not prepared on this thread: it would pause too long. */
const LARGE = 256 * 1024

/** Reads a body as its endpoint wants it. Throws `Refused`. */
export async function readBody(
  kind: XapiBody['kind'],
  source: Source,
  blobs: Pick<BlobStore, 'put'>,
): Promise<XapiBody> {
  if (kind === 'none') return { kind }
  if (kind === 'statements') return readStatements(source, blobs)
  const limit = source.limits.documentBytes
  const chunks = await chunksOf(source, 'A document', limit)
  const content = await readAll(chunks, 'A document', limit, holdOf(source))
  return { kind, content, contentType: documentType(source.contentType) }
}

async function readStatements(source: Source, blobs: Pick<BlobStore, 'put'>): Promise<XapiBody> {
  const { limits, message, contentType, hold } = source
  const type = mediaType(contentType)
  if (type === 'application/json') {
    const limit = limits.statementsBytes
    const chunks = await chunksOf(source, 'The statements', limit)
    return { kind: 'statements', statements: await textOrStream(chunks, limit, holdOf(source)), parts: [] }
  }
  if (type !== 'multipart/mixed' || source.content !== undefined) throw new Refused(CONTENT_TYPE)
  const boundary = boundaryOf(contentType ?? '')
  if (boundary === null) throw new Refused(BOUNDARY)
  const { statements, parts } = await readMultipart(
    bodyChunks(message, limits),
    boundary,
    (content) => blobs.put(content),
    limits,
    hold,
  )
  const held = () => {}
  return { kind: 'statements', statements: await textOrStream(one(statements), Infinity, held), parts }
}

/** Whole, as text, when they are few; the first bytes and all that follow when they are many. */
async function textOrStream(
  chunks: Buffer | AsyncIterable<Buffer>,
  limit: number,
  hold: (bytes: number) => void,
): Promise<string | AsyncIterable<Buffer>> {
  if (Buffer.isBuffer(chunks)) return utf8(await readAll(chunks, 'The statements', limit, hold))
  const first: Buffer[] = []
  const all = limited(chunks, limit)
  let size = 0
  for (;;) {
    const next = await all.next()
    if (next.done) return utf8(first.length === 1 && first[0] ? first[0] : Buffer.concat(first))
    hold(next.value.length)
    first.push(next.value)
    size += next.value.length
    if (size > LARGE) break
  }
  // Whoever reads on holds one statement at a time.
  hold(MAX_STATEMENT_BYTES)
  return goOn(first, all)
}

async function* goOn(first: Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for (let chunk = first.shift(); chunk; chunk = first.shift()) yield chunk
  yield* rest
}

async function* limited(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw new Refused(tooLarge('The statements', limit))
    yield chunk
  }
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

/** All of it where it is there already. Nothing is read when more than the limit is announced. */
async function chunksOf(
  { content, message, limits }: Source,
  what: string,
  limit: number,
): Promise<Buffer | AsyncIterable<Buffer>> {
  if (content !== undefined) return one(Buffer.from(content))
  if (Number(message.headers['content-length'] ?? 0) > limit) throw new Refused(tooLarge(what, limit))
  return (await bodyAtOnce(message)) ?? bodyChunks(message, limits)
}

/** A form's bytes are held by whoever read the form. */
const holdOf = ({ content, hold }: Source) => (content === undefined ? hold : () => {})

/** Throws `Refused` when it is not UTF-8. */
export function utf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Refused(NOT_UTF8)
  return bytes.toString('utf8')
}

/** Kept as it was sent; without one, bytes are bytes (RFC 9110, 8.3). */
function documentType(contentType: string | undefined): string {
  const type = contentType?.trim() ?? ''
  if (type === '') return 'application/octet-stream'
  if (type.length > 255 || !/^[\x20-\x7e]+$/.test(type)) throw new Refused(DOCUMENT_TYPE)
  return type
}

const CONTENT_TYPE: Problem = {
  id: 'content-type-statements',
  status: 400,
  path: 'header Content-Type',
  message: 'Send statements as application/json, or as multipart/mixed when attachments come along.',
}
const DOCUMENT_TYPE: Problem = {
  id: 'content-type-malformed',
  status: 400,
  path: 'header Content-Type',
  message: 'The content type of a document is 255 printable ASCII characters at most.',
}
