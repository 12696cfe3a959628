import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Dicer } from '@fastify/busboy'
import type { Problem } from '../problem.ts'
import { mediaType } from '../resources/media-type.ts'
import { sha2Algorithm } from '../statement/sha2.ts'
import type { ReceivedPart } from '../statement/types.ts'
import type { HttpLimits } from './limits.ts'
import { Refused, tooLarge } from './refused.ts'

/** What may be a signature is kept in memory beside its blob, to be verified; larger ones are none. */
const SIGNATURE_BYTES = 1_000_000

type Headers = Record<string, string[] | string | undefined>
type PutBlob = (content: AsyncIterable<Uint8Array>) => Promise<{ sha2: string; size: number }>

/**
 * Reads multipart/mixed (1.0.3 Communication 1.5.2; 2.0 4.1.3): statements first, then one part for each attachment,
 * stored while it comes in and compared with the hash it names. Throws `Refused` with 400 for a body that breaks
 * RFC 2046 or the rules of xAPI, and 413 beyond a limit.
 */
export async function readMultipart(
  chunks: AsyncIterable<Buffer>,
  boundary: string,
  putBlob: PutBlob,
  limits: HttpLimits,
  hold: (bytes: number) => void,
): Promise<{ statements: Buffer; parts: ReceivedPart[] }> {
  const reading: Promise<void>[] = []
  const open = new Set<Readable>()
  const parts: ReceivedPart[] = []
  let statements: Buffer | undefined
  let statementsRead: Promise<void> | undefined
  let begun = 0
  let headed = 0
  let total = 0
  let failure: unknown

  const dicer = new Dicer({ boundary, maxHeaderPairs: 100 })
  // Resolves at the end, good or bad: Dicer waits for the readers of its parts, and a failed one never reads on.
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  function fail(error: unknown): void {
    failure ??= error
    // Whoever stores a part learns that it is not going to be whole.
    for (const part of open) part.destroy(failure as Error)
    end()
  }
  dicer.on('finish', end)
  dicer.on('error', () => fail(new Refused(BROKEN)))
  dicer.on('part', (stream) => {
    const part = stream as unknown as Readable
    const index = begun++
    open.add(part)
    // A reader that gives up raises one, and for a part that ends too early Dicer raises one of its own.
    part.on('error', () => {})
    part.on('close', () => open.delete(part))
    part.on('header', (headers: Headers) => {
      headed += 1
      if (failure !== undefined) return
      const read = readPart(index, part, headers).catch(fail)
      statementsRead ??= read
      reading.push(read)
    })
  })

  try {
    for await (const chunk of chunks) {
      if (failure !== undefined) break
      if (!dicer.write(chunk)) await Promise.race([once(dicer, 'drain'), ended])
    }
    if (failure === undefined) dicer.end()
  } catch (error) {
    fail(error)
  }
  if (failure === undefined) await ended
  await Promise.all(reading)
  if (failure === undefined && headed < begun) fail(new Refused(BROKEN))
  if (failure !== undefined) {
    dicer.destroy()
    throw failure
  }
  if (!statements) throw new Refused(FIRST)
  return { statements, parts }

  async function readPart(index: number, part: Readable, headers: Headers): Promise<void> {
    const content = counted(part)
    if (index === 0) {
      if (mediaType(one(headers, 'content-type')) !== 'application/json') throw new Refused(FIRST)
      statements = await collect(content, Math.min(limits.statementsBytes, limits.statementsPartBytes), hold)
      return
    }
    if (index > limits.parts) throw new Refused(tooMany(limits.parts))
    const sha2 = one(headers, 'x-experience-api-hash')?.trim().toLowerCase()
    const algorithm = sha2 && sha2Algorithm(sha2)
    if (!algorithm) throw new Refused(hashMissing(index))
    if (one(headers, 'content-transfer-encoding')?.trim().toLowerCase() !== 'binary') {
      throw new Refused(encodingMissing(index))
    }
    const contentType = one(headers, 'content-type')?.trim() ?? null
    await statementsRead
    const maybeSignature =
      statements?.includes('signature') &&
      mediaType(contentType ?? 'application/octet-stream') === 'application/octet-stream'
    const tee = keepFirst(content, maybeSignature ? SIGNATURE_BYTES : -1, hold)
    const hashed = hashing(limited(tee.content, limits.attachmentBytes), algorithm)
    const stored = await putBlob(hashed.content)
    const found = hashed.digest() ?? stored.sha2
    if (found !== sha2) throw new Refused(hashWrong(index, sha2, found))
    const bytes = tee.kept()
    parts.push({ sha2, blob: stored.sha2, size: stored.size, contentType, ...(bytes ? { bytes } : {}) })
  }

  async function* counted(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      total += chunk.length
      if (total > limits.attachmentsBytes)
        throw new Refused(tooLarge('All parts together', limits.attachmentsBytes))
      yield chunk
    }
  }
}

/** The boundary parameter of a Content-Type (RFC 2046, 5.1.1), or null. */
export function boundaryOf(contentType: string): string | null {
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/i.exec(contentType)
  return found?.[1] ?? found?.[2] ?? null
}

function one(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

async function collect(content: AsyncIterable<Buffer>, limit: number, hold: (bytes: number) => void) {
  const held: Buffer[] = []
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > limit) throw new Refused(tooLarge('The statements', limit))
    hold(chunk.length)
    held.push(chunk)
  }
  return Buffer.concat(held)
}

async function* limited(content: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > limit) throw new Refused(tooLarge('An attachment', limit))
    yield chunk
  }
}

/** Passes content on and keeps it when it is no longer than `limit`. */
function keepFirst(source: AsyncIterable<Buffer>, limit: number, hold: (bytes: number) => void) {
  let held: Buffer[] | null = limit < 0 ? null : []
  let size = 0
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      size += chunk.length
      if (size > limit) held = null
      if (held) hold(chunk.length)
      held?.push(chunk)
      yield chunk
    }
  }
  return { content: pass(), kept: () => (held ? Buffer.concat(held) : undefined) }
}

/** Passes content on; `digest` is of all that passed, null for SHA-256, which the store makes by itself. */
function hashing(source: AsyncIterable<Buffer>, algorithm: string) {
  if (algorithm === 'sha256') return { content: source, digest: () => null }
  const hash = createHash(algorithm)
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { content: pass(), digest: () => hash.digest('hex') }
}

export const BOUNDARY: Problem = {
  id: 'multipart-boundary-missing',
  status: 400,
  path: 'header Content-Type',
  message: 'Content-Type multipart/mixed needs a boundary parameter of 1 to 70 characters.',
}
const BROKEN: Problem = {
  id: 'multipart-broken',
  status: 400,
  path: 'body',
  message:
    'The multipart body breaks RFC 2046: start each part with the boundary of Content-Type and end with it.',
}
const FIRST: Problem = {
  id: 'multipart-statements-first',
  status: 400,
  path: 'part 1',
  message: 'The first part must be application/json and hold all statements.',
}
const tooMany = (limit: number): Problem => ({
  id: 'multipart-parts-many',
  status: 413,
  path: 'body',
  message: `A request may have ${limit} attachments at most. Send the statements in several requests.`,
})
const hashMissing = (index: number): Problem => ({
  id: 'multipart-hash-missing',
  status: 400,
  path: `part ${index + 1}`,
  message:
    'Give each attachment part the header X-Experience-API-Hash with the sha2 of its attachment: its SHA-224, 256, 384 or 512 in hex.',
})
const hashWrong = (index: number, named: string, found: string): Problem => ({
  id: 'multipart-hash-wrong',
  status: 400,
  path: `part ${index + 1}`,
  message: `The part names the hash ${named}, but its bytes have the hash ${found}. Send the bytes unchanged.`,
})
const encodingMissing = (index: number): Problem => ({
  id: 'multipart-encoding-missing',
  status: 400,
  path: `part ${index + 1}`,
  message: 'Give each attachment part the header Content-Transfer-Encoding with the value binary.',
})
