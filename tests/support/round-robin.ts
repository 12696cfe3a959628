import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy without stickiness: each request goes to the next one; whom it cannot reach it leaves out for a request. */
export interface RoundRobin {
  url: string
  /** How many answers each has given, by its port. */
  answered: Map<number, number>
  close(): Promise<void>
}

export async function startRoundRobin(ports: readonly number[]): Promise<RoundRobin> {
  const answered = new Map(ports.map((port) => [port, 0]))
  let turn = 0

  function forward(req: IncomingMessage, res: ServerResponse, left: number): void {
    const port = ports[turn++ % ports.length]!
    const { method, url, headers } = req
    let isConnected = false
    const outgoing = request({
      port,
      host: '127.0.0.1',
      method,
      path: url,
      headers: { ...headers, 'x-forwarded-for': req.socket.remoteAddress },
      agent: false,
    })
    outgoing.once('socket', (socket) =>
      socket.once('connect', () => {
        isConnected = true
        req.pipe(outgoing)
      }),
    )
    outgoing.once('response', (answer) => {
      answered.set(port, (answered.get(port) ?? 0) + 1)
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
      answer.once('error', () => res.destroy())
    })
    outgoing.on('error', () => {
      // Nothing was sent yet: another may have it. Else nobody knows what became of it.
      if (!isConnected && left > 1) forward(req, res, left - 1)
      else if (!res.headersSent) res.writeHead(502).end()
      else res.destroy()
    })
    res.once('close', () => outgoing.destroy())
  }

  const server = createServer((req, res) => forward(req, res, ports.length))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
