import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Request, Response } from 'express'
import type { BlobStore } from '../../lrs/index.ts'
import type { FileRecord } from '../collections.ts'

const TEXT = new Set(['.js', '.css', '.json', '.svg', '.txt', '.xml', '.vtt', '.csv', '.map'])
/** How long who may keep a file. */
export const KEEP = {
  /** Under a name that changes with the content. */
  forEver: 'public, max-age=31536000, immutable',
  /** The same, in the reader's own browser: a lesson that is withdrawn must not live on in a cache between. */
  byReader: 'private, max-age=31536000, immutable',
  never: 'no-store',
} as const

/**
 * Headers of everything that packages bring. The frame has an opaque origin, so its files need CORS; and because
 * they lie on our own origin, a file opened by itself must be unable to run or to load anything.
 */
export function setFileHeaders(response: Response): void {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'Referrer-Policy': 'no-referrer',
  })
}

/** Sends a blob: ETag, HEAD, one byte range (RFC 9110, section 14), text compressed. */
export async function sendFile(
  request: Request,
  response: Response,
  blobs: BlobStore,
  file: FileRecord & { path: string; keep: keyof typeof KEEP },
): Promise<void> {
  setFileHeaders(response)
  const ending = extname(file.path).toLowerCase()
  response.type(ending === '' ? 'application/octet-stream' : ending)
  response.set({
    ETag: `"${file.sha2}"`,
    'Cache-Control': KEEP[file.keep],
    'Accept-Ranges': 'bytes',
  })
  if (request.fresh) {
    response.status(304).end()
    return
  }
  const ranges = request.headers.range ? request.range(file.size) : undefined
  if (ranges === -1) {
    response.status(416).set('Content-Range', `bytes */${file.size}`).end()
    return
  }
  const range =
    Array.isArray(ranges) && ranges.length === 1 && ranges.type === 'bytes' ? ranges[0] : undefined
  const compress =
    !range && TEXT.has(ending) && file.size > 1024 && request.acceptsEncodings('gzip') === 'gzip'
  if (TEXT.has(ending)) response.vary('Accept-Encoding')
  if (compress) response.set('Content-Encoding', 'gzip')
  else response.set('Content-Length', String(range ? range.end - range.start + 1 : file.size))
  if (range) response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const blob = await blobs.open(file.sha2, range)
  if (!blob) throw new Error(`blob ${file.sha2} is named by a record but is not there`)
  try {
    if (compress) await pipeline(blob.content, createGzip(), response)
    else await pipeline(blob.content, response)
  } catch (error) {
    // The reader went away, as browsers do with video.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
