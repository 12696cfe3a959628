import type { IncomingMessage } from 'node:http'
import type { Authenticate } from '../auth/authenticate.ts'
import { allows, type Caller, type Scope } from '../caller.ts'
import { type Problem, type Refusal, refuse } from '../problem.ts'
import { getAbout } from '../resources/about/get.ts'
import { ENDPOINTS } from '../resources/endpoints.ts'
import { mediaType } from '../resources/media-type.ts'
import {
  isRefusal,
  type Method,
  type XapiBody,
  type XapiRequest,
  type XapiResponse,
} from '../resources/request.ts'
import type { Services } from '../resources/services.ts'
import type { Version } from '../statement/types.ts'
import type { TenantId } from '../storage/port.ts'
import { negotiate, PROTOCOL } from '../versions/protocol.ts'
import { FORM_TYPE, isAlternate, NOT_IN_VERSION, type Spoken, unfoldAlternate } from './alternate.ts'
import { askForBody } from './ask-for-body.ts'
import { bodyChunks, readAll } from './body.ts'
import type { Place } from './gate.ts'
import type { HttpLimits } from './limits.ts'
import { resourceOf } from './path.ts'
import { readQuery } from './query.ts'
import { readBody, utf8 } from './read-body.ts'
import { Refused } from './refused.ts'
import { refusalResponse } from './send.ts'
import type { Unproven } from './unproven.ts'

export interface ServeDeps {
  authenticate: Authenticate
  servicesOf(tenant: TenantId): Services | Promise<Services>
  limits: HttpLimits
  unproven: Unproven
}

/** What is learned of a request while it is answered; it stands also when the answer is a refusal. */
export interface Course {
  requestId: string
  place: Place
  /** The client's address, as far as proxies are believed. */
  address: string
  /** What the client sees before the resource's name: `/xapi`. */
  base: string
  path: string
  version: Version
  caller?: Caller
  /** Whom the key names when the secret did not prove it; for the log of requests alone. */
  claimed?: Caller
  problems?: readonly Problem[]
}

/** From a request to its answer. Refusals are answers; it throws only for bugs and outages. */
export function serve(message: IncomingMessage, course: Course, deps: ServeDeps): Promise<XapiResponse> {
  return refusing(course, () => answer(message, course, deps))
}

/** What was refused on the way is an answer too. */
async function refusing(course: Course, work: () => Promise<XapiResponse>): Promise<XapiResponse> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused) return refused(refuse(error.problem), course)
    throw error
  }
}

function refused(refusal: Refusal, course: Course, challenges?: readonly string[]): XapiResponse {
  course.problems = refusal.problems
  return refusalResponse(refusal, course.requestId, course.version, challenges)
}

async function answer(message: IncomingMessage, course: Course, deps: ServeDeps): Promise<XapiResponse> {
  const resource = resourceOf(course.path)
  if (!resource) return refused(refuse(NO_RESOURCE), course)
  const spoken = await speak(message, course, deps.limits)
  const negotiated = negotiate(spoken.headers.get('x-experience-api-version'))
  if ('version' in negotiated) course.version = negotiated.version

  if (resource === 'about') {
    if (spoken.method !== 'GET') return notAllowed(['GET'], course)
    const about = getAbout({ query: spoken.query, version: course.version })
    return isRefusal(about) ? refused(about, course) : about
  }
  if ('problem' in negotiated) return refused(refuse(negotiated.problem), course)
  if (spoken.alternate && !PROTOCOL[course.version].alternateSyntax) {
    return refused(refuse(NOT_IN_VERSION), course)
  }

  const authentication = await deps.authenticate(spoken.headers.get('authorization'), {
    from: course.address,
    inTurn: (work) => deps.unproven.take(course.address, work),
  })
  if (!authentication.ok) {
    if (authentication.claimed) course.claimed = authentication.claimed
    return refused(authentication, course, authentication.challenges)
  }
  const { caller } = authentication
  course.caller = caller
  const endpoints = ENDPOINTS[resource]
  const endpoint = endpoints[spoken.method]
  course.place.admit(`${caller.tenant} ${caller.source}`, announcedBytes(message))
  const services = await deps.servicesOf(caller.tenant)
  const sent = await refusing(course, async () => {
    if (!endpoint) return notAllowed(Object.keys(endpoints), course)
    if (!endpoint.scopes.some((scope) => allows(caller, scope)))
      return refused(refuse(scopeMissing(endpoint.scopes)), course)
    const request = await requestOf()
    const work = () => endpoint.handle(request, caller, services)
    const response = await (isComingIn(request.body)
      ? course.place.whileComingIn(work)
      : course.place.inTurn(work, weightOf(request, deps.limits)))
    return isRefusal(response) ? refused(response, course) : response
  })
  // On every answer, refusals too (1.0.3 Communication 2.1.3; 2.0 4.1.6.1).
  if (resource === 'statements' && !('X-Experience-API-Consistent-Through' in sent.headers)) {
    const consistent = new Date(await services.storage.statements.watermark()).toISOString()
    sent.headers['X-Experience-API-Consistent-Through'] = consistent
  }
  return sent

  async function requestOf(): Promise<XapiRequest> {
    askForBody(message)
    const { headers, query, method, content } = spoken
    const header = (name: string) => headers.get(name)
    const ifMatch = header('if-match')
    const ifNoneMatch = header('if-none-match')
    const acceptLanguage = header('accept-language')
    const source = {
      message,
      contentType: header('content-type'),
      limits: deps.limits,
      hold: course.place.hold,
      ...(content === undefined ? {} : { content }),
    }
    return {
      id: course.requestId,
      method,
      resource: resource as XapiRequest['resource'],
      version: course.version,
      query,
      headers: {
        ...(ifMatch === undefined ? {} : { ifMatch }),
        ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
        ...(acceptLanguage === undefined ? {} : { acceptLanguage }),
      },
      base: course.base,
      body: await readBody(endpoint?.body ?? 'none', source, services.storage.blobs),
    }
  }
}

/** What is reserved for a body of which only its beginning is held, or whose length is not told; it grows as it comes in. */
const RESERVED_AT_MOST = 16_000_000
const RESERVED_UNKNOWN = 65_536

function announcedBytes({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined) return RESERVED_UNKNOWN
  return Math.min(Number(headers['content-length'] ?? 0), RESERVED_AT_MOST)
}

/** A turn is for work alone: who is still waited for would hold up the others of its source. */
const isComingIn = (body: XapiBody) => body.kind === 'statements' && typeof body.statements !== 'string'

/** A list goes through more than a statement does: when others are there, a source reads one at a time. */
function weightOf({ method, resource, query }: XapiRequest, { weightShared }: HttpLimits): number {
  const one = query.has('statementId') || query.has('voidedStatementId')
  return method === 'GET' && resource === 'statements' && !one ? weightShared : 1
}

/** Method, headers and parameters, wherever the client put them. */
async function speak(message: IncomingMessage, course: Course, limits: HttpLimits): Promise<Spoken> {
  const url = message.url ?? '/'
  const question = url.indexOf('?')
  const query = readQuery(question < 0 ? '' : url.slice(question + 1), 'parameter', limits.queryBytes)
  const headers = readHeaders(message)
  const method = message.method === 'HEAD' ? 'GET' : (message.method ?? 'GET')
  if (!isAlternate(method, query)) {
    if (!METHODS.includes(method)) throw new Refused(METHOD)
    return { method: method as Method, headers, query, alternate: false }
  }
  const version = negotiate(headers.get('x-experience-api-version'))
  if ('version' in version && !PROTOCOL[version.version].alternateSyntax) {
    course.version = version.version
    throw new Refused(NOT_IN_VERSION)
  }
  if (mediaType(headers.get('content-type')) !== 'application/x-www-form-urlencoded')
    throw new Refused(FORM_TYPE)
  askForBody(message)
  const form = await readAll(bodyChunks(message, limits), 'The form', limits.formBytes, course.place.hold)
  return unfoldAlternate(query, headers, readQuery(utf8(form), 'form parameter', limits.queryBytes))
}

/** A header that is given twice is read as a list, but one that decides may stand once only. */
function readHeaders(message: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>()
  const { rawHeaders } = message
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    const before = headers.get(name)
    if (before !== undefined && ONCE.has(name)) throw new Refused({ ...TWICE, path: `header ${name}` })
    headers.set(name, before === undefined ? rawHeaders[at + 1]! : `${before}, ${rawHeaders[at + 1]}`)
  }
  return headers
}
const ONCE = new Set(['authorization', 'content-type', 'content-encoding', 'x-experience-api-version'])
const METHODS = ['GET', 'PUT', 'POST', 'DELETE']

function notAllowed(methods: readonly string[], course: Course): XapiResponse {
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const response = refused(refuse({ ...METHOD, message: `Use ${allowed.join(', ')} here.` }), course)
  response.headers.Allow = [...allowed, 'OPTIONS'].join(', ')
  return response
}

const NO_RESOURCE: Problem = {
  id: 'resource-unknown',
  status: 404,
  message:
    'There is no such resource. The endpoint is the part before /statements, /activities, /activities/state, /activities/profile, /agents, /agents/profile and /about.',
}
const METHOD: Problem = {
  id: 'method-not-allowed',
  status: 405,
  message: 'Use GET, HEAD, PUT, POST, DELETE or OPTIONS.',
}
const TWICE: Problem = { id: 'header-repeated', status: 400, message: 'Send this header once.' }
const scopeMissing = (scopes: readonly Scope[]): Problem => ({
  id: 'scope-missing',
  status: 403,
  message: `This needs the scope ${scopes.join(' or ')}. Ask the operator of the record store for it.`,
})
