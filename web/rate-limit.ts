import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'

const WINDOW_MS = 15 * 60_000

export interface FormLimit {
  /** Tries allowed in a quarter of an hour. */
  tries: number
  /** Those that succeed count too: for what may not be done without end. Of an answer: whether it counts. */
  all?: boolean | ((response: Response) => boolean)
  /** Whose tries are counted together. */
  of(request: Request): string
}

/** The sender's address; a whole /56 of IPv6, which one household has. */
export const addressOf = (req: Request): string => ipKeyGenerator(req.ip ?? '')

/**
 * Guards a form that guesses could be tried on. `refused` shows the page that says how long to wait. Tries that
 * succeed are not counted, unless `all`, so a community centre where thirty people sign in behind one address is not held up.
 */
export function guardForm(limits: readonly FormLimit[], refused: RequestHandler): RequestHandler[] {
  return limits.map(({ tries, of, all = false }, at) =>
    rateLimit({
      windowMs: WINDOW_MS,
      limit: tries,
      identifier: `form-${at}`,
      keyGenerator: of,
      skipSuccessfulRequests: all !== true,
      requestWasSuccessful: (_req, res) => (typeof all === 'function' ? !all(res) : res.statusCode < 400),
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: refused,
    }),
  )
}
