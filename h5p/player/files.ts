import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, createGzip, gzip } from 'node:zlib'
import type { Request, Response } from 'express'
import type { BlobStore } from '../../lrs/index.ts'
import type { FileRecord } from '../collections.ts'
import { createMemory, type Memory } from './memory.ts'

const TEXT = new Set(['.js', '.css', '.json', '.svg', '.txt', '.xml', '.vtt', '.csv', '.map'])
/** How long who may keep a file. */
export const KEEP = {
  /** Under a name that changes with the content. */
  forEver: 'public, max-age=31536000, immutable',
  /** The same, in the reader's own browser: a lesson that is withdrawn must not live on in a cache between. */
  byReader: 'private, max-age=31536000, immutable',
  never: 'no-store',
} as const

/** Largest file that is held in memory, and all of them together; the rest is read from the store each time. */
const HELD_FILE = 2 * 1024 * 1024
const HELD = 48 * 1024 * 1024
/** Below it, packing saves nothing. */
const SMALL = 1024

/** Files as they are sent, by hash and encoding: read once, packed once. */
export type HeldFiles = Memory<Buffer>
export const holdFiles = (): HeldFiles => createMemory<Buffer>(HELD, (bytes) => bytes.length)

export interface SentFile extends FileRecord {
  path: string
  keep: keyof typeof KEEP
}

type Encoding = 'br' | 'gzip'
const PACK: Record<Encoding, (bytes: Buffer) => Promise<Buffer>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: 9 }),
}

/**
 * Headers of everything that packages bring. The frame may have an opaque origin, so its files need CORS; and a file
 * opened by itself must be unable to run or to load anything, on whichever origin it lies.
 */
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'Referrer-Policy': 'no-referrer',
} as const
export function setFileHeaders(response: Response): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
}

/**
 * Sends a file: ETag, HEAD, one byte range (RFC 9110, section 14), text packed. `read` opens its bytes; where they are not
 * there any more, nothing is sent and the answer is false.
 */
export async function sendFile(
  request: Request,
  response: Response,
  held: HeldFiles,
  file: SentFile,
  read: BlobStore['open'],
): Promise<boolean> {
  const { sha2, size } = file
  const ending = extname(file.path).toLowerCase()
  const isText = TEXT.has(ending)
  const range = request.headers.range ? rangeOf(request, size) : null
  const encoding = isText && size > SMALL && range === null ? encodingOf(request, size) : null

  setFileHeaders(response)
  response.type(ending === '' ? 'application/octet-stream' : ending)
  response.setHeader('Cache-Control', KEEP[file.keep])
  response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('ETag', encoding === null ? `"${sha2}"` : `"${sha2}.${encoding}"`)
  if (isText) response.vary('Accept-Encoding')
  if (request.fresh) {
    response.writeHead(304).end()
    return true
  }
  if (range === 'beyond') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end()
    return true
  }
  const body =
    size <= HELD_FILE ? await heldBytes(held, sha2, encoding, read) : await read(sha2, range ?? undefined)
  if (body === null) {
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    return false
  }
  if (encoding !== null) response.setHeader('Content-Encoding', encoding)
  if (range !== null) {
    response.statusCode = 206
    response.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`)
  }
  if (Buffer.isBuffer(body)) {
    const sent = range === null ? body : body.subarray(range.start, range.end + 1)
    response.setHeader('Content-Length', sent.length)
    response.end(request.method === 'HEAD' ? undefined : sent)
    return true
  }
  if (encoding === null)
    response.setHeader('Content-Length', range === null ? size : range.end - range.start + 1)
  await stream(request, response, body.content, encoding)
  return true
}

async function heldBytes(
  held: HeldFiles,
  sha2: string,
  encoding: Encoding | null,
  read: BlobStore['open'],
): Promise<Buffer | null> {
  return held.get(`${sha2}.${encoding ?? ''}`, async () => {
    const blob = await read(sha2)
    if (!blob) return null
    const plain = await buffer(blob.content)
    return encoding === null ? plain : PACK[encoding](plain)
  })
}

/** What is too large to be held; text is packed on its way. */
async function stream(request: Request, response: Response, content: Readable, encoding: Encoding | null) {
  if (request.method === 'HEAD') {
    content.destroy()
    response.end()
    return
  }
  try {
    if (encoding === null) await pipeline(content, response)
    else await pipeline(content, createGzip(), response)
  } catch (error) {
    // The reader went away, as browsers do with video.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** The one range that is asked for; several at once are answered with the whole. */
function rangeOf(request: Request, size: number): { start: number; end: number } | 'beyond' | null {
  const ranges = request.range(size)
  if (ranges === -1) return 'beyond'
  const only = Array.isArray(ranges) && ranges.length === 1 && ranges.type === 'bytes' ? ranges[0] : null
  return only ?? null
}

/** The better one that is accepted, in whatever order browsers name them. */
function encodingOf(request: Request, size: number): Encoding | null {
  const offered: Encoding[] = size > HELD_FILE ? ['gzip'] : ['br', 'gzip']
  return offered.find((encoding) => request.acceptsEncodings(encoding) === encoding) ?? null
}
