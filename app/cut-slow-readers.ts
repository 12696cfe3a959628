import type { RequestHandler } from 'express'
import { HTTP_LIMITS } from '../lrs/index.ts'

type Limits = Pick<typeof HTTP_LIMITS, 'answerIdleMs' | 'bytesPerSecond'>

/**
 * Cuts off who takes a page or a file more slowly than the lowest rate, as answers of xAPI do: silence uses up the time
 * that a reader is waited for, bytes that are taken fill it again. What the server itself takes time for does not count.
 */
export function cutSlowReaders({ answerIdleMs, bytesPerSecond }: Limits = HTTP_LIMITS): RequestHandler {
  const every = Math.min(1_000, answerIdleMs / 4)
  return (_req, res, next) => {
    const { socket } = res
    if (!socket) return next()
    const taken = () => socket.bytesWritten - socket.writableLength
    let left = answerIdleMs
    let seen = taken()
    const watch = setInterval(() => {
      const now = taken()
      if (socket.writableLength > 0)
        left = Math.min(answerIdleMs, left - every + ((now - seen) / bytesPerSecond) * 1_000)
      seen = now
      if (left <= 0) res.destroy()
    }, every).unref()
    res.once('close', () => clearInterval(watch))
    next()
  }
}
