import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Refusal } from '../problem.ts'
import type { XapiResponse } from '../resources/request.ts'
import type { Version } from '../statement/types.ts'
import { requirementOf } from '../versions/requirements.ts'

/** Seconds after which a client that got 429 or 503 should try again. */
const RETRY_AFTER = '2'

/** The JSON of a refusal: first message, all problems with what they cite in this version, their total, the request's id. */
export function refusalResponse(
  refusal: Refusal,
  requestId: string,
  version: Version,
  challenges?: readonly string[],
): XapiResponse {
  const problems = refusal.problems.map(({ id, requirement, path, message }) => ({
    id,
    requirement: requirement ?? requirementOf(id, version),
    path,
    message,
  }))
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (refusal.status === 429 || refusal.status === 503) headers['Retry-After'] = RETRY_AFTER
  if (refusal.status === 401 && challenges) headers['WWW-Authenticate'] = challenges.join(', ')
  const body = { error: problems[0]?.message ?? 'Refused.', problems, total: refusal.total, requestId }
  return { status: refusal.status, headers, body: JSON.stringify(body) }
}

/** Writes an answer. A HEAD gets the headers that the GET would have got. */
export async function send(response: ServerResponse, answer: XapiResponse, head: boolean): Promise<void> {
  const { status, headers, body } = answer
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.statusCode = status
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    if (status !== 204 && status !== 304) response.setHeader('Content-Length', bytes?.length ?? 0)
    if (head || !bytes) response.end()
    else response.end(bytes)
    return
  }
  if (head) {
    response.end()
    return
  }
  // The status has gone out: when the rest fails, the line is cut, which is all that is left to say so.
  await pipeline(body, response).catch(() => response.destroy())
}
