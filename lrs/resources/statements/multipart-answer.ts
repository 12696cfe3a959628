import { randomBytes } from 'node:crypto'
import type { BlobStore, StoredStatement } from '../../storage/port.ts'
import type { XapiResponse } from '../request.ts'

/**
 * The answer to `attachments=true`: statements first, then every attachment once, streamed from the store (1.0.3
 * Communication 1.5.2; 2.0 4.1.3).
 */
export function multipartAnswer(
  text: string,
  statements: readonly StoredStatement[],
  blobs: BlobStore,
  headers: Record<string, string>,
): XapiResponse {
  const boundary = `suotdoi-${randomBytes(16).toString('hex')}`
  return {
    status: 200,
    headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}`, ...headers },
    body: partsOf(text, contentTypes(statements), blobs, boundary),
  }
}

async function* partsOf(
  text: string,
  attachments: ReadonlyMap<string, string>,
  blobs: BlobStore,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`--${boundary}\r\nContent-Type: application/json\r\n\r\n${text}\r\n`)
  for (const [sha2, contentType] of attachments) {
    const blob = await blobs.open(sha2)
    // Erased while the answer was on its way: what the law took away is left out.
    if (!blob) continue
    const head = `--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Transfer-Encoding: binary\r\n`
    try {
      yield Buffer.from(`${head}X-Experience-API-Hash: ${sha2}\r\n\r\n`)
      yield* blob.content as AsyncIterable<Uint8Array>
    } finally {
      // Also when the client left before the first byte: an open file must not wait for the garbage collector.
      blob.content.destroy()
    }
    yield Buffer.from('\r\n')
  }
  yield Buffer.from(`--${boundary}--\r\n`)
}

/** Content type of each attachment that is held as data, by its SHA-2, in the order of the statements. */
function contentTypes(statements: readonly StoredStatement[]): Map<string, string> {
  const types = new Map<string, string>()
  for (const { text, attachments } of statements) {
    if (attachments.length === 0) continue
    const held = new Set(attachments)
    const parsed = JSON.parse(text) as Attaching & { object?: Attaching }
    for (const { sha2, contentType } of [
      ...(parsed.attachments ?? []),
      ...(parsed.object?.attachments ?? []),
    ]) {
      const key = sha2.toLowerCase()
      // A header ends at a line break; what is printable was checked by nobody but here.
      if (held.has(key) && !types.has(key)) types.set(key, contentType.replaceAll(/[^\x20-\x7e]/g, ''))
    }
  }
  return types
}
interface Attaching {
  attachments?: { sha2: string; contentType: string }[]
}
