import type { IncomingMessage } from 'node:http'
import type { Problem } from '../problem.ts'
import { mediaType } from '../resources/media-type.ts'
import type { XapiBody } from '../resources/request.ts'
import type { BlobStore } from '../storage/port.ts'
import { bodyChunks, readAll } from './body.ts'
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

/** Reads a body as its endpoint wants it. Throws `Refused`. */
export async function readBody(
  kind: XapiBody['kind'],
  source: Source,
  blobs: Pick<BlobStore, 'put'>,
): Promise<XapiBody> {
  if (kind === 'none') return { kind }
  if (kind === 'statements') return readStatements(source, blobs)
  const content = await bytesOf(source, 'A document', source.limits.documentBytes)
  return { kind, content, contentType: documentType(source.contentType) }
}

async function readStatements(source: Source, blobs: Pick<BlobStore, 'put'>): Promise<XapiBody> {
  const { limits, message, contentType, hold } = source
  const type = mediaType(contentType)
  if (type === 'application/json') {
    return {
      kind: 'statements',
      text: utf8(await bytesOf(source, 'The statements', limits.statementsBytes)),
      parts: [],
    }
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
  return { kind: 'statements', text: utf8(statements), parts }
}

async function bytesOf(source: Source, what: string, limit: number): Promise<Buffer> {
  const { content, message, limits, hold } = source
  if (content !== undefined) {
    const bytes = Buffer.from(content)
    if (bytes.length > limit) throw new Refused(tooLarge(what, limit))
    return bytes
  }
  const announced = Number(message.headers['content-length'] ?? 0)
  if (announced > limit) throw new Refused(tooLarge(what, limit))
  return readAll(bodyChunks(message, limits), what, limit, hold)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Throws `Refused` when it is not UTF-8. */
export function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refused(UTF8)
  }
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
const UTF8: Problem = {
  id: 'body-utf8',
  status: 400,
  path: 'body',
  message: 'The body is not UTF-8. Encode it as UTF-8.',
}
