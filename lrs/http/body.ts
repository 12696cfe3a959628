import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Problem } from '../problem.ts'
import { endOfTurn } from './end-of-turn.ts'
import type { HttpLimits } from './limits.ts'
import { createPatience, SLOW } from './patience.ts'
import { Refused, tooLarge } from './refused.ts'

/** The body, when all of it came together with its headers, as short ones do; null when it is to be read by `bodyChunks`. */
export async function bodyAtOnce(request: IncomingMessage): Promise<Buffer | null> {
  if (request.headers['content-encoding'] !== undefined) return null
  if (!request.complete) await endOfTurn()
  if (!request.complete || request.destroyed) return null
  const pieces: Buffer[] = []
  for (let piece: Buffer | null = request.read(); piece; piece = request.read()) pieces.push(piece)
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
}

/** Small bodies compress well beyond any ratio; below this a ratio says nothing. */
const RATIO_FROM = 1_000_000

/**
 * The bytes of a body as they come in, decompressed. Throws `Refused`: 408 when the sender is too slow, 413 when a
 * compressed body grows beyond the ratio, 415 for an unknown Content-Encoding, 400 for a broken one.
 */
export function bodyChunks(request: IncomingMessage, limits: HttpLimits): AsyncIterable<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  const raw = rawChunks(request, limits)
  switch (encoding) {
    case 'identity':
    case '':
      return raw
    case 'gzip':
    case 'x-gzip':
      return decompressed(raw, createGunzip(), limits)
    case 'deflate':
      return decompressed(raw, createInflate(), limits)
    case 'br':
      return decompressed(raw, createBrotliDecompress(), limits)
    default:
      throw new Refused(ENCODING)
  }
}

/** All bytes, up to a limit. `hold` is told of every chunk that stays in memory, and may refuse it. */
export async function readAll(
  chunks: Buffer | AsyncIterable<Buffer>,
  what: string,
  limit: number,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  if (Buffer.isBuffer(chunks)) {
    if (chunks.length > limit) throw new Refused(tooLarge(what, limit))
    hold(chunks.length)
    return chunks
  }
  const held: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) throw new Refused(tooLarge(what, limit))
    hold(chunk.length)
    held.push(chunk)
  }
  return held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
}

async function* rawChunks(request: IncomingMessage, limits: HttpLimits): AsyncGenerator<Buffer> {
  // The answer still has to go out over the socket that the request came in by.
  const iterator = request.iterator({ destroyOnReturn: false })
  const patience = createPatience(limits.bodyIdleMs, limits.bytesPerSecond)
  const deadline = Date.now() + limits.bodyMs
  for (;;) {
    try {
      if (Date.now() > deadline) throw new Refused(SLOW)
      const next = await patience.during(iterator.next())
      if (next.done) return
      patience.moved(next.value.length)
      yield next.value
    } catch (error) {
      throw error instanceof Refused ? error : new Refused(ABORTED)
    }
  }
}

async function* decompressed(
  raw: AsyncIterable<Buffer>,
  decoder: Transform,
  limits: HttpLimits,
): AsyncGenerator<Buffer> {
  let bytesIn = 0
  let bytesOut = 0
  async function* counted() {
    for await (const chunk of raw) {
      bytesIn += chunk.length
      yield chunk
    }
  }
  // What goes wrong in front of the decoder comes out of it.
  pipeline(counted, decoder).catch(() => {})
  try {
    for await (const chunk of decoder) {
      bytesOut += chunk.length
      if (bytesOut > RATIO_FROM && bytesOut > bytesIn * limits.compressionRatio) throw new Refused(RATIO)
      yield chunk
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(BROKEN)
  } finally {
    decoder.destroy()
  }
}

const ENCODING: Problem = {
  id: 'content-encoding-unknown',
  status: 415,
  path: 'header Content-Encoding',
  message: 'Send the body as it is, or compressed once by gzip, deflate or br.',
}
const BROKEN: Problem = {
  id: 'content-encoding-broken',
  status: 400,
  path: 'body',
  message: 'The compressed body is broken or incomplete. Compress it again, or send it as it is.',
}
const RATIO: Problem = {
  id: 'content-encoding-ratio',
  status: 413,
  path: 'body',
  message:
    'The compressed body grows beyond a hundred times its size. Send it uncompressed or in smaller pieces.',
}
const ABORTED: Problem = {
  id: 'body-aborted',
  status: 400,
  path: 'body',
  message: 'The body ended before it was complete. Send the request again.',
}
