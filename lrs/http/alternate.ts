import type { Problem } from '../problem.ts'
import type { Method } from '../resources/request.ts'
import { Refused } from './refused.ts'

/** What a request says, wherever it says it. Header names in lower case. */
export interface Spoken {
  method: Method
  headers: ReadonlyMap<string, string>
  query: ReadonlyMap<string, string>
  /** It came in the alternate syntax. */
  alternate: boolean
  /** The form parameter `content`, when the body came in a form. */
  content?: string
}

const METHODS: readonly string[] = ['GET', 'PUT', 'POST', 'DELETE'] satisfies Method[]
const HEADERS = new Set([
  'authorization',
  'x-experience-api-version',
  'content-type',
  'content-length',
  'if-match',
  'if-none-match',
  'accept-language',
])

/** A POST whose query names a `method` is another request in disguise (1.0.3 Communication 1.3). */
export const isAlternate = (method: string, query: ReadonlyMap<string, string>) =>
  method === 'POST' && query.has('method')

/** Unfolds the form of an alternate request into the request that it stands for. Throws `Refused` with 400. */
export function unfoldAlternate(
  query: ReadonlyMap<string, string>,
  headers: ReadonlyMap<string, string>,
  form: ReadonlyMap<string, string>,
): Spoken {
  const method = query.get('method') ?? ''
  if (!METHODS.includes(method)) throw new Refused(METHOD)
  if (query.size > 1) throw new Refused(EXTRA)
  const ownHeaders = new Map(headers)
  const ownQuery = new Map<string, string>()
  // Of the form itself, not of the request in it.
  ownHeaders.delete('content-type')
  ownHeaders.delete('content-encoding')
  let content: string | undefined
  for (const [name, value] of form) {
    const lower = name.toLowerCase()
    if (name === 'content') content = value
    else if (HEADERS.has(lower)) ownHeaders.set(lower, value)
    else ownQuery.set(name, value)
  }
  const writes = method === 'PUT' || method === 'POST'
  if (writes && content === undefined) throw new Refused(CONTENT)
  if (writes && !ownHeaders.has('content-type')) ownHeaders.set('content-type', 'application/json')
  return {
    method: method as Method,
    headers: ownHeaders,
    query: ownQuery,
    alternate: true,
    ...(content === undefined ? {} : { content }),
  }
}

export const FORM_TYPE: Problem = {
  id: 'alternate-content-type',
  status: 400,
  path: 'header Content-Type',
  message: 'The alternate request syntax needs Content-Type application/x-www-form-urlencoded.',
}
export const NOT_IN_VERSION: Problem = {
  id: 'alternate-version',
  status: 400,
  path: 'parameter method',
  message: 'The alternate request syntax is part of 1.0.x only. Send the request by its own HTTP method.',
}
const METHOD: Problem = {
  id: 'alternate-method',
  status: 400,
  path: 'parameter method',
  message: 'method must be GET, PUT, POST or DELETE.',
}
const EXTRA: Problem = {
  id: 'alternate-extra',
  status: 400,
  path: 'parameter method',
  message:
    'In the alternate request syntax method is the only parameter of the URL; put all others into the form.',
}
const CONTENT: Problem = {
  id: 'alternate-content',
  status: 400,
  path: 'form parameter content',
  message: 'Put the body into the form parameter "content".',
}
