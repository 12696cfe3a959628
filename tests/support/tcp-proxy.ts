import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'

/** Stands between a client and a server on this machine, and does to their connections what networks do. */
export interface TcpProxy {
  readonly port: number
  /** Ends every connection in the middle; new ones are taken. */
  cut(): void
  /** Ends every connection, and each new one at once. */
  refuse(): void
  accept(): void
  /** Every piece comes so much later, ms, in both directions. */
  delay(ms: number): void
  /**
   * The next requests that hold this text are done by the server, and before its answer comes, their connections end;
   * with `lost` they do not even reach it. Returns how many there were so far.
   */
  swallow(text: string, times: number, lost?: boolean): () => number
  close(): Promise<void>
}

export async function startProxy(to: number): Promise<TcpProxy> {
  const pairs = new Set<() => void>()
  let refusing = false
  let late = 0
  let swallowing = { text: Buffer.alloc(0), left: 0, lost: false, done: 0 }

  function join(client: Socket): void {
    if (refusing) {
      client.destroy()
      return
    }
    const server = createConnection(to, '127.0.0.1')
    let isLast = false
    const end = () => {
      pairs.delete(end)
      client.destroy()
      server.destroy()
    }
    pairs.add(end)
    for (const socket of [client, server]) socket.once('error', end).once('close', end)
    const pass = (socket: Socket, piece: Buffer) => {
      if (late === 0) socket.write(piece)
      else setTimeout(() => socket.destroyed || socket.write(piece), late)
    }
    client.on('data', (piece: Buffer) => {
      if (swallowing.left > 0 && piece.includes(swallowing.text)) {
        swallowing.left--
        swallowing.done++
        isLast = true
        if (swallowing.lost) return end()
      }
      pass(server, piece)
    })
    server.on('data', (piece: Buffer) => (isLast ? end() : pass(client, piece)))
  }

  const listening = createServer(join).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const cut = () => {
    for (const end of [...pairs]) end()
  }
  return {
    port: (listening.address() as AddressInfo).port,
    cut,
    refuse() {
      refusing = true
      cut()
    },
    accept() {
      refusing = false
    },
    delay(ms) {
      late = ms
    },
    swallow(text, times, lost = false) {
      const mine = { text: Buffer.from(text), left: times, lost, done: 0 }
      swallowing = mine
      return () => mine.done
    },
    async close() {
      cut()
      await new Promise((resolve) => listening.close(resolve))
    },
  }
}
