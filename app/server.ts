import { createServer, type RequestListener, type Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import express, { type ErrorRequestHandler, type Express, type Router } from 'express'
import { askLater, CONNECTION_LIMITS, type ConnectionLimits, XAPI_PATHS } from '../lrs/index.ts'
import { cutSlowReaders } from './cut-slow-readers.ts'
import { guardConnections } from './guard-connections.ts'
import { limitUploads } from './limit-uploads.ts'
import type { Log } from './observability/log.ts'
import type { Metrics } from './observability/metrics.ts'
import { watchRequests } from './observability/requests.ts'
import { playerOrigin } from './player-origin.ts'

/** The routers of the parts; each brings its own paths and headers. */
export interface Routers {
  xapi: Router
  h5p: Router
  web: Router
  /** Answers on an origin of its own, and alone there. */
  player?: { origin: string; frames: Router } | null
}

/** The HTTP surface of the whole product. */
export function createApp(
  routers: Routers,
  log: Log,
  metrics: Metrics,
  options: { trustProxy: number },
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', options.trustProxy)
  app.use(watchRequests(log, metrics, options.trustProxy > 0))
  app.use((_req, res, next) => {
    // No answer is taken for something else than it says it is, refusals of the parts included.
    res.setHeader('X-Content-Type-Options', 'nosniff')
    next()
  })
  if (routers.player) app.use(playerOrigin(routers.player))
  app.use([...XAPI_PATHS], routers.xapi)
  app.use(limitUploads(), cutSlowReaders())
  app.use('/h5p', routers.h5p)
  app.use(routers.web)
  app.use(lastResort(log))
  return app
}

/** What no part answered for: a bug or an outage. The reader gets the request's id and no internals. */
function lastResort(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const { requestId } = res.locals
    const status = statusOf(error)
    if (status >= 500) log.error({ request: requestId, err: error }, 'failed')
    if (res.headersSent) return next(error)
    if (status === 503) res.set('Retry-After', '5')
    res.status(status).json({ message: MESSAGES[status] ?? MESSAGES[500], requestId })
  }
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The address of this request cannot be read. Check its percent-encoding.',
  413: 'The request is too large.',
  500: 'Something failed on this server. Nothing of the request was acknowledged; try again, and tell the operator the request id.',
  503: 'The store cannot answer now. Nothing of the request was acknowledged; try again in a few seconds.',
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500
  if (error.name === 'StorageUnavailable') return 503
  const status = 'status' in error ? Number(error.status) : 500
  return status === 413 || (status >= 400 && status < 500) ? status : 500
}

/** An HTTP server that does not wait for ever on slow clients, and takes only so many of them. */
export function createHttpServer(listener: RequestListener, given: Partial<ConnectionLimits> = {}): Server {
  const limits = { ...CONNECTION_LIMITS, ...given }
  const guarded = guardConnections(listener, limits)
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
      noDelay: true,
    },
    guarded,
  )
  server.on('checkContinue', askLater(guarded))
  server.maxConnections = limits.connections
  // Silence on the line in either direction.
  server.setTimeout(limits.silenceMs)
  return server
}

/** Listens; a value says in words why it cannot, with the names of the settings that say where. */
export async function listen(
  server: Server,
  port: number,
  host: string,
  names: Names = { port: 'PORT', host: 'HOST' },
): Promise<{ ok: true; port: number } | { ok: false; message: string }> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      const words = LISTEN_ERRORS[error.code ?? '']
      if (words) resolve({ ok: false, message: words(port, host, names) })
      else reject(error)
    }
    server.once('error', refused)
    server.listen({ port, host }, () => {
      server.off('error', refused)
      const address = server.address()
      resolve({ ok: true, port: typeof address === 'object' && address ? address.port : port })
    })
  })
}

type Names = { port: string; host: string }

const LISTEN_ERRORS: Readonly<Record<string, (port: number, host: string, names: Names) => string>> = {
  EADDRINUSE: (port, _, names) =>
    `Port ${port} is in use (${names.port}). Stop what listens there, or choose another: ${names.port}=${port < 65_535 ? port + 1 : 0} npm start`,
  EACCES: (port, _, names) =>
    `Port ${port} may not be used by this account. Choose one above 1023: ${names.port}=8080 npm start`,
  EADDRNOTAVAIL: (_, host, names) =>
    `${names.host} is ${host}, which is no address of this machine. 127.0.0.1 and 0.0.0.0 always are.`,
  ENOTFOUND: (_, host, names) =>
    `${names.host} is ${host}, which no name server knows. 127.0.0.1 and 0.0.0.0 always work.`,
}

/**
 * Stops accepting, waits for what was accepted, at most `graceMs`. Resolves to whether all of it was finished. Lines on
 * which nothing is asked are closed after `idleMs`: a proxy may be sending on one right now, and would not know whether
 * it was read. In that time it learns that no request is to be sent here.
 */
export async function drain(server: Server, graceMs: number, idleMs = 0): Promise<boolean> {
  return new Promise((resolve) => {
    let finished = true
    const begun = performance.now()
    // A client that sends one request after another on a line hears with its answer that this was the last.
    server.prependListener('request', (_req, res) => res.setHeader('Connection', 'close'))
    // Connections that were busy become idle one by one.
    const closeIdle = () => {
      if (performance.now() - begun >= idleMs) server.closeIdleConnections()
    }
    const sweep = setInterval(closeIdle, 50)
    const deadline = setTimeout(() => {
      finished = false
      server.closeAllConnections()
    }, graceMs)
    // Not its own `close`, which closes idle connections at once.
    NetServer.prototype.close.call(server, () => {
      clearInterval(sweep)
      clearTimeout(deadline)
      // What is left of it: its watch over slow clients.
      server.close()
      resolve(finished)
    })
    closeIdle()
  })
}
