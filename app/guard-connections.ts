import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionLimits } from '../lrs/index.ts'

/** Answers 431 to too many headers, and closes a connection on which requests pile up before they are answered. */
export function guardConnections(
  listener: RequestListener,
  { headers, pipelined }: Pick<ConnectionLimits, 'headers' | 'pipelined'>,
): RequestListener {
  const unanswered = new WeakMap<Socket, number>()
  return (request, response) => {
    const { socket } = request
    const count = (unanswered.get(socket) ?? 0) + 1
    if (count > pipelined) return void socket.destroy()
    unanswered.set(socket, count)
    response.once('close', () => unanswered.set(socket, unanswered.get(socket)! - 1))
    // Names and values stand one after the other.
    if (request.rawHeaders.length <= 2 * headers) return listener(request, response)
    response.writeHead(431, { Connection: 'close', 'Content-Type': 'text/plain; charset=utf-8' })
    response.end(`A request has ${headers} headers at most. Send fewer.`)
  }
}
