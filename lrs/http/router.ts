import { randomUUID } from 'node:crypto'
import { type Request, type Response, Router } from 'express'
import { type Authenticate, createAuthenticate } from '../auth/authenticate.ts'
import type { RequestLog } from '../auth/sources.ts'
import type { ForeignRead, MayShow } from '../lrs.ts'
import { refuse } from '../problem.ts'
import { createServices } from '../resources/create-services.ts'
import type { XapiResponse } from '../resources/request.ts'
import type { PageLimits } from '../resources/services.ts'
import { type Storage, StorageUnavailable, type TenantId } from '../storage/port.ts'
import { LATEST } from '../versions/protocol.ts'
import { CORS_HEADERS, PREFLIGHT_HEADERS } from './cors.ts'
import { endOfTurn } from './end-of-turn.ts'
import { createGate, type Place } from './gate.ts'
import { letGo } from './let-go.ts'
import { HTTP_LIMITS, type HttpLimits } from './limits.ts'
import { Refused } from './refused.ts'
import { refusalResponse, send } from './send.ts'
import { type Course, serve } from './serve.ts'
import { createUnproven } from './unproven.ts'

export interface XapiRouterOptions {
  storage: Storage
  /** Default: credentials of the store's system collections. */
  authenticate?: Authenticate
  limits?: Partial<HttpLimits>
  page?: Partial<PageLimits>
  /** What a proxy puts before the path that this server sees; stands in `more`. */
  pathPrefix?: string
  requestLogOf?(tenant: TenantId): RequestLog | undefined
  /** Which of what other sources sent a credential may read that reads all sources; undefined: all. */
  mayShowOf?(tenant: TenantId): MayShow | undefined
  onForeignRead?(read: ForeignRead): void
  /** Told of every bug and outage, with the id that the client got. */
  onError?(error: unknown, requestId: string): void
}

/**
 * The xAPI resources as an Express router, to be mounted at each of `XAPI_PATHS`, before anything that reads bodies. It
 * sets all headers itself; every answer carries CORS, the version and a request id
 * (the one in `res.locals.requestId`, where the application gave one).
 */
export function createXapiRouter(options: XapiRouterOptions): Router {
  const limits = { ...HTTP_LIMITS, ...options.limits }
  const authenticate = options.authenticate ?? createAuthenticate(options.storage.system)
  const servicesOf = createServices(options, limits.documentBytes)
  const gate = createGate(limits)
  const unproven = createUnproven(limits)
  const router = Router()
  router.use((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })
  return router

  async function handle(request: Request, response: Response): Promise<void> {
    const requestId: string = response.locals.requestId ?? randomUUID()
    for (const [name, value] of Object.entries(CORS_HEADERS)) response.setHeader(name, value)
    response.setHeader('X-Request-Id', requestId)
    const course: Course = {
      requestId,
      place: NOWHERE,
      address: request.ip ?? '',
      base: `${options.pathPrefix ?? ''}${request.baseUrl}`,
      path: request.path,
      version: LATEST,
    }
    let answer: XapiResponse
    try {
      if (request.method === 'OPTIONS') answer = { status: 204, headers: { ...PREFLIGHT_HEADERS } }
      else {
        course.place = gate.enter()
        await endOfTurn()
        answer = await serve(request, course, { authenticate, servicesOf, limits, unproven })
      }
    } catch (error) {
      answer = failure(error, course)
      if (!(error instanceof Refused)) options.onError?.(error, requestId)
    }
    // For the server's own log, which knows nothing else of a caller.
    response.locals.credential = course.caller?.credential
    response.locals.problem = course.problems?.[0]?.id
    note(request, course, answer)
    try {
      response.setHeader('X-Experience-API-Version', course.version === '1.0.3' ? '1.0.3' : '2.0.0')
      const unread = !request.complete && carriesBody(request)
      // What a refused request held is free, though its client may still be sending.
      if (unread) course.place.leave()
      const until = unread ? letGo(request, response) : undefined
      await send(response, answer, request.method === 'HEAD', limits, until)
    } finally {
      course.place.leave()
    }
  }

  function note(request: Request, course: Course, answer: XapiResponse): void {
    const caller = course.caller ?? course.claimed
    if (!caller) return
    options.requestLogOf?.(caller.tenant)?.note({
      at: Date.now(),
      source: caller.source,
      credential: caller.credential,
      method: request.method,
      // Without the query: it names people.
      path: `${request.baseUrl}${request.path}`,
      status: answer.status,
      problems: (course.problems ?? []).slice(0, 3).map((problem) => problem.message),
      ...(course.problems?.[0] && { problem: course.problems[0].id }),
      statements: answer.statements ?? 0,
      userAgent: (request.headers['user-agent'] ?? '').slice(0, 200),
    })
  }
}

const NOWHERE: Place = {
  admit() {},
  hold() {},
  inTurn: (work) => work(),
  whileComingIn: (work) => work(),
  leave() {},
}

/** An outage or a bug, without internals. */
function failure(error: unknown, course: Course): XapiResponse {
  const problem =
    error instanceof Refused
      ? error.problem
      : error instanceof StorageUnavailable
        ? {
            id: 'storage-unavailable',
            status: 503,
            message:
              'The store cannot be reached or written now, and nothing of this request was acknowledged. Send it again after the time in Retry-After; statements that have ids can be sent again safely, also when the first try was stored after all.',
          }
        : {
            id: 'internal',
            status: 500,
            message: `Something went wrong in the server. Tell its operator the request id ${course.requestId}.`,
          }
  course.problems = [problem]
  return refusalResponse(refuse(problem), course.requestId, course.version)
}

const carriesBody = ({ headers }: Request) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
