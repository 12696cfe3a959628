import { randomBytes } from 'node:crypto'
import type { BlobStore, StoredStatement } from '../../storage/port.ts'
import type { XapiResponse } from '../request.ts'
import { type HeldAttachment, heldAttachments } from './held-attachments.ts'

/**
 * The answer to `attachments=true`: statements first, then every attachment once, streamed from the store (1.0.3
 * Communication 1.5.2; 2.0 4.1.3).
 */
export function multipartAnswer(
  text: string,
  statements: readonly Pick<StoredStatement, 'text' | 'attachments'>[],
  blobs: BlobStore,
  headers: Record<string, string>,
): XapiResponse {
  const boundary = `suotdoi-${randomBytes(16).toString('hex')}`
  return {
    status: 200,
    headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}`, ...headers },
    body: partsOf(text, statements, blobs, boundary),
  }
}

async function* partsOf(
  text: string,
  statements: readonly Pick<StoredStatement, 'text' | 'attachments'>[],
  blobs: BlobStore,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`--${boundary}\r\nContent-Type: application/json\r\n\r\n${text}\r\n`)
  const sent = new Set<string>()
  for (const statement of statements) {
    for (const attachment of await heldAttachments(statement, blobs, sent)) {
      sent.add(attachment.sha2)
      yield* partOf(attachment, blobs, boundary)
    }
  }
  yield Buffer.from(`--${boundary}--\r\n`)
}

async function* partOf(
  { sha2, blob, contentType }: HeldAttachment,
  blobs: BlobStore,
  boundary: string,
): AsyncGenerator<Uint8Array> {
  const opened = await blobs.open(blob)
  // Erased while the answer was on its way: what the law took away is left out.
  if (!opened) return
  // A header ends at a line break; what is printable was checked by nobody but here.
  const type = contentType.replaceAll(/[^\x20-\x7e]/g, '')
  const head = `--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\n`
  try {
    yield Buffer.from(`${head}X-Experience-API-Hash: ${sha2}\r\n\r\n`)
    yield* opened.content as AsyncIterable<Uint8Array>
  } finally {
    // Also when the client left before the first byte: an open file must not wait for the garbage collector.
    opened.content.destroy()
  }
  yield Buffer.from('\r\n')
}
