import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/**
 * The server's log: one JSON object a line. What is logged is named field by field, never a request, a body, a header
 * or an error's own properties: those may hold names, mail addresses, tokens or secrets.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination ?? pino.destination({ fd: 2, sync: false }),
  )
}

/**
 * Kind, message and place of an error; whatever hangs on it beside stays out. What JSON.parse says quotes its input,
 * so of a SyntaxError only the place is told.
 */
function describeError(error: unknown): { type: string; message: string; at?: string[] } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  const message = error instanceof SyntaxError ? 'unreadable text' : error.message
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { type: error.name, message, at: at.slice(0, 12).map((line) => line.trim()) }
}

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/

/**
 * Gives every request an id (`res.locals.requestId`, header `X-Request-Id`; a trusted proxy's own is kept) and writes
 * one line when it is answered: id, method, route, status, milliseconds, and the credential that a handler left in
 * `res.locals.credential`. The route is the pattern, never the address: that may hold tokens and identifiers.
 */
export function logRequests(log: Log, trustIds: boolean): RequestHandler {
  return (req, res, next) => {
    const begun = performance.now()
    const given = req.get('X-Request-Id') ?? ''
    const requestId = trustIds && REQUEST_ID.test(given) ? given : randomUUID()
    res.locals.requestId = requestId
    res.setHeader('X-Request-Id', requestId)
    res.once('close', () => {
      const line = {
        // A part may have given an id of its own.
        request: res.getHeader('X-Request-Id') ?? requestId,
        method: req.method,
        route: routeOf(req.originalUrl, req.baseUrl, req.route?.path),
        status: res.statusCode,
        ms: Math.round((performance.now() - begun) * 10) / 10,
        ...credentialOf(res),
        ...(res.writableFinished ? {} : { aborted: true }),
      }
      if (res.statusCode >= 500) log.error(line, 'request')
      else log.info(line, 'request')
    })
    next()
  }
}

function credentialOf(res: Response): { credential?: string } {
  const { credential } = res.locals
  return typeof credential === 'string' ? { credential } : {}
}

/** The matched route's pattern; without one, the leading segments of the address that name parts of the product. */
function routeOf(url: string, baseUrl: string, pattern: unknown): string {
  if (typeof pattern === 'string') return `${knownSegments(baseUrl)}${pattern}`
  return knownSegments(url) || '/…'
}

const KNOWN = new Set(
  '- about activities agents assets author data h5p lms me operator profile state statements xAPI xapi'.split(
    ' ',
  ),
)

function knownSegments(url: string): string {
  const segments = url.split(/[?#]/)[0]?.split('/').filter(Boolean) ?? []
  const unknown = segments.findIndex((segment) => !KNOWN.has(segment))
  return segments
    .slice(0, unknown === -1 ? undefined : unknown)
    .map((segment) => `/${segment}`)
    .join('')
}
