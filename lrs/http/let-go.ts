import type { IncomingMessage, ServerResponse } from 'node:http'
import { keepsBody } from './ask-for-body.ts'
import { CONNECTION_LIMITS } from './limits.ts'

/**
 * The rest of the body is not wanted any more; the connection ends with the answer, which is to be ended only after what
 * is returned. Who was not asked for the body yet sends none. Of another, what it goes on sending is thrown away for a
 * while, because a line that is closed before all of it came is reset, and the answer on it lost.
 */
export async function letGo(
  request: IncomingMessage,
  response: ServerResponse,
  lingerMs: number = CONNECTION_LIMITS.lingerMs,
): Promise<void> {
  response.setHeader('Connection', 'close')
  if (keepsBody(request)) return
  request.resume()
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, lingerMs)
    for (const event of ['end', 'close', 'error'])
      request.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
  })
}
