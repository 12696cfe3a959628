import type { Request, RequestHandler, Response } from 'express'
import { askForBody, HTTP_LIMITS, letGo } from '../lrs/index.ts'

/** Bodies larger than a form, on their way to pages and lessons: packages, which go to the disk. */
export interface UploadLimits {
  /** At once, in total and from one address. */
  atOnce: number
  ofAddress: number
  /** What a form is smaller than. */
  fromBytes: number
  /** As for the bodies of xAPI requests. */
  bodyIdleMs: number
  bytesPerSecond: number
}

const UPLOAD_LIMITS: UploadLimits = {
  atOnce: 16,
  ofAddress: 8,
  fromBytes: 262_144,
  bodyIdleMs: HTTP_LIMITS.bodyIdleMs,
  bytesPerSecond: HTTP_LIMITS.bytesPerSecond,
}

/**
 * Bounds the uploads at once before any of them is read: 429 for an address that has too many, 503 when there are too
 * many in all. One that comes in too slowly is cut off.
 */
export function limitUploads(given: Partial<UploadLimits> = {}): RequestHandler {
  const limits = { ...UPLOAD_LIMITS, ...given }
  const byAddress = new Map<string, number>()
  let all = 0
  return (req, res, next) => {
    if (isUpload(req, limits.fromBytes)) {
      const address = req.ip ?? ''
      const own = byAddress.get(address) ?? 0
      if (all >= limits.atOnce) return void refuse(req, res, 503, 'Many files are being uploaded now.')
      if (own >= limits.ofAddress)
        return void refuse(req, res, 429, 'Many files are being uploaded from your network now.')
      all += 1
      byAddress.set(address, own + 1)
      const watch = cutWhenSlow(req, limits)
      res.once('close', () => {
        clearInterval(watch)
        all -= 1
        const left = byAddress.get(address)! - 1
        if (left > 0) byAddress.set(address, left)
        else byAddress.delete(address)
      })
    }
    askForBody(req)
    next()
  }
}

const isUpload = ({ headers }: Request, fromBytes: number): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) >= fromBytes

async function refuse(req: Request, res: Response, status: 429 | 503, message: string): Promise<void> {
  res.status(status).set('Retry-After', '10').type('json')
  const done = letGo(req, res)
  res.write(JSON.stringify({ message: `${message} Try again in a moment; nothing was kept.` }))
  await done
  res.end()
}

/** Silence uses up the time that a client is waited for, bytes that come in fill it again. */
function cutWhenSlow(req: Request, { bodyIdleMs, bytesPerSecond }: UploadLimits): NodeJS.Timeout {
  const every = Math.min(1_000, bodyIdleMs / 4)
  let left = bodyIdleMs
  let seen = req.socket.bytesRead
  const watch = setInterval(() => {
    if (req.complete) return clearInterval(watch)
    const { bytesRead } = req.socket
    left = Math.min(bodyIdleMs, left - every + ((bytesRead - seen) / bytesPerSecond) * 1_000)
    seen = bytesRead
    if (left <= 0) req.destroy()
  }, every)
  return watch
}
