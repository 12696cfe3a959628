import type { Caller, Scope } from '../caller.ts'
import type { Refusal } from '../problem.ts'
import type { ReceivedPart, Version } from '../statement/types.ts'
import type { Services } from './services.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'
export type ResourceName =
  | 'about'
  | 'activities'
  | 'activities/profile'
  | 'activities/state'
  | 'agents'
  | 'agents/profile'
  | 'statements'

/** One xAPI request as plain data: HEAD is a GET here, and the alternate syntax is folded in. */
export interface XapiRequest {
  id: string
  method: Method
  resource: ResourceName
  version: Version
  query: ReadonlyMap<string, string>
  headers: { ifMatch?: string; ifNoneMatch?: string; acceptLanguage?: string }
  /** Path that the resources lie under, as the client sees it: `/xapi`. */
  base: string
  body: XapiBody
}

export type XapiBody =
  | { kind: 'none' }
  | { kind: 'document'; content: Uint8Array; contentType: string }
  /**
   * The JSON of one statement or an array: as text, or as bytes that are still coming in when it is large. And the other
   * parts of a multipart request.
   */
  | { kind: 'statements'; statements: string | AsyncIterable<Uint8Array>; parts: readonly ReceivedPart[] }

export interface XapiResponse {
  status: number
  headers: Record<string, string>
  body?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** Statements stored anew or sent, for the request log. */
  statements?: number
}

/** A plain function: what comes in decides what goes out. */
export type Handle = (
  request: XapiRequest,
  caller: Caller,
  services: Services,
) => Promise<XapiResponse | Refusal>

/** One method of one resource. */
export interface Endpoint {
  /** The caller needs one of these. */
  scopes: readonly [Scope, ...Scope[]]
  body: XapiBody['kind']
  handle: Handle
}

export const isRefusal = (answer: object): answer is Refusal => 'ok' in answer && answer.ok === false

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): XapiResponse {
  return jsonText(status, JSON.stringify(value), headers)
}
export function jsonText(
  status: number,
  text: string | Uint8Array,
  headers: Record<string, string> = {},
): XapiResponse {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: text }
}
export const noContent = (): XapiResponse => ({ status: 204, headers: {} })
