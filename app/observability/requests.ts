import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { XAPI_PATHS } from '../../lrs/index.ts'
import type { Log } from './log.ts'
import type { EndedRequest, Metrics } from './metrics.ts'

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/

/**
 * Gives every request an id (`res.locals.requestId`, header `X-Request-Id`; a trusted proxy's own is kept). When it is
 * answered it is counted, and logged in one line: id, method, route, status, milliseconds, and what a handler left in
 * `res.locals`: the `credential`, and the id of the `problem` that it was refused with. The route is the pattern, never
 * the address: that may hold tokens and identifiers.
 */
export function watchRequests(log: Log, metrics: Metrics, trustIds: boolean): RequestHandler {
  let ended: Ended[] = []

  /** Those of one turn of the event loop are told in a row: each between others' work takes three times as long. */
  function tellAll(): void {
    const requests = ended
    ended = []
    for (const request of requests) tell(request)
  }

  function tell({ req, res, ms, aborted }: Ended): void {
    const { requestId, credential, problem } = res.locals
    const told: Omit<EndedRequest, 'aborted'> = {
      method: req.method,
      route: routeOf(req.originalUrl, req.baseUrl, req.route?.path),
      status: res.statusCode,
      ms,
      ...(typeof problem === 'string' ? { problem } : {}),
    }
    metrics.requestEnded({ ...told, aborted })
    const line = {
      // A part may have given an id of its own.
      request: res.getHeader('X-Request-Id') ?? requestId,
      ...told,
      ...(typeof credential === 'string' ? { credential } : {}),
      ...(aborted ? { aborted } : {}),
    }
    if (res.statusCode >= 500) log.error(line, 'request')
    else log.info(line, 'request')
  }

  return (req, res, next) => {
    metrics.requestBegun()
    const begun = performance.now()
    const given = req.get('X-Request-Id') ?? ''
    const requestId = trustIds && REQUEST_ID.test(given) ? given : randomUUID()
    res.locals.requestId = requestId
    res.setHeader('X-Request-Id', requestId)
    res.once('close', () => {
      const ms = Math.round((performance.now() - begun) * 10) / 10
      if (ended.length === 0) setImmediate(tellAll)
      ended.push({ req, res, ms, aborted: !res.writableFinished })
    })
    next()
  }
}

interface Ended {
  req: Request
  res: Response
  ms: number
  aborted: boolean
}

/**
 * The matched route's pattern; without one, the leading part of the address that is the product's own. However an
 * address is put together, there are only so many of these.
 */
function routeOf(url: string, baseUrl: string, pattern: unknown): string {
  if (typeof pattern === 'string')
    return `${segmentsOf(baseUrl).filter(isKnown).map(slash).join('')}${pattern}`
  const path = segmentsOf(url.split(/[?#]/, 1)[0] ?? '')
  for (const mount of XAPI_MOUNTS) {
    if (!mount.every((segment, i) => path[i] === segment)) continue
    const [first = '', second = ''] = path.slice(mount.length)
    const resource = [`${first}/${second}`, first].find((name) => XAPI_RESOURCES.has(name))
    // One statement by its id is other work than a list of them.
    const byId = resource === 'statements' && ONE_STATEMENT.test(url) ? '?statementId' : ''
    return `/${mount.join('/')}${slash(resource ?? '…')}${byId}`
  }
  const [first = ''] = path
  return isKnown(first) ? slash(first) : '/…'
}

const ONE_STATEMENT = /[?&](?:statementId|voidedStatementId)=/
const XAPI_MOUNTS = XAPI_PATHS.map((path) => path.slice(1).split('/'))
const XAPI_RESOURCES: ReadonlySet<string> = new Set(
  'about activities activities/profile activities/state agents agents/profile statements'.split(' '),
)
const KNOWN: ReadonlySet<string> = new Set('- assets author h5p lms me operator'.split(' '))
const isKnown = (segment: string) => KNOWN.has(segment)
const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '')
const slash = (segment: string) => `/${segment}`
