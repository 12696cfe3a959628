import type { ServerResponse } from 'node:http'
import { finished, pipeline } from 'node:stream/promises'
import type { Refusal } from '../problem.ts'
import type { XapiResponse } from '../resources/request.ts'
import type { Version } from '../statement/types.ts'
import { requirementOf } from '../versions/requirements.ts'
import type { HttpLimits } from './limits.ts'
import { createPatience } from './patience.ts'

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

/**
 * Writes an answer; a HEAD gets the headers that the GET would have got. Resolves when all of it went out or the line was
 * cut, as it is when the client does not take it in time: what stands behind an answer is given back only then. The line
 * is not closed before `until`.
 */
export async function send(
  response: ServerResponse,
  answer: XapiResponse,
  head: boolean,
  limits: Pick<HttpLimits, 'answerIdleMs' | 'answerMs' | 'bytesPerSecond'>,
  until?: Promise<void>,
): Promise<void> {
  const { status, headers, body } = answer
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  response.statusCode = status
  if (!until && endAtOnce(response, answer, head)) return
  const cut = () => response.destroy()
  response.setTimeout(limits.answerIdleMs, cut)
  const late = setTimeout(cut, limits.answerMs)
  try {
    if (response.writableEnded) await finished(response)
    else if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      const bytes = typeof body === 'string' ? Buffer.from(body) : body
      if (status !== 204 && status !== 304) response.setHeader('Content-Length', bytes?.length ?? 0)
      if (bytes && !head && bytes.length > PIECE)
        await pipeline(paced(pieces(bytes), response, limits), response)
      else {
        if (until) {
          response.write(head || !bytes ? '' : bytes)
          await until
          response.end()
        } else response.end(head ? undefined : bytes)
        await finished(response)
      }
    } else if (head) response.end()
    else await pipeline(paced(body, response, limits), response)
  } catch {
    // The status has gone out: to cut the line is all that is left to say that the rest failed.
    cut()
  } finally {
    clearTimeout(late)
  }
}

/** Longest text, in characters, that goes out in one piece with its headers. */
const SHORT = 16_384

/** Ends an answer that is short; whether the line took all of it at once, as it nearly always does. */
function endAtOnce(response: ServerResponse, { status, body }: XapiResponse, head: boolean): boolean {
  if (body !== undefined && !isShort(body)) return false
  if (status !== 204 && status !== 304) response.setHeader('Content-Length', Buffer.byteLength(body ?? ''))
  response.end(head ? undefined : body)
  return response.socket?.writableLength === 0
}

const isShort = (body: NonNullable<XapiResponse['body']>): body is string | Uint8Array =>
  typeof body === 'string' ? body.length <= SHORT : body instanceof Uint8Array && body.length <= PIECE

/** What lies in the buffers of a line is not taken yet; an answer goes out in pieces so that it is seen when it is. */
const PIECE = 65_536

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}

/** The next piece is asked for when the line took the one before: who takes less than the lowest rate is cut off. */
async function* paced(
  body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  response: ServerResponse,
  limits: Pick<HttpLimits, 'answerIdleMs' | 'bytesPerSecond'>,
): AsyncGenerator<Uint8Array> {
  const patience = createPatience(limits.answerIdleMs, limits.bytesPerSecond)
  for await (const piece of body) {
    const taken = Promise.withResolvers<void>()
    patience.during(taken.promise).catch(() => response.destroy())
    try {
      yield piece
      patience.moved(piece.length)
    } finally {
      taken.resolve()
    }
  }
}
