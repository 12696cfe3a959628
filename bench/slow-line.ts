import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface SlowLine {
  /** Address of the server behind it, without a slash at the end. */
  url: string
  /** Bytes that came down it since `begin`, headers and all. */
  down(): number
  begin(): void
  close(): Promise<void>
}

/** What one piece takes of the line before another connection has its turn. */
const PIECE = 1_400

/**
 * A line to a server on this machine with so many bits a second in each direction, which all connections share, and so
 * long a round trip. A new connection waits for one more, as for the handshake of TCP. A browser's own emulation leaves
 * out the frame of a lesson, which is a process of its own.
 */
export async function openSlowLine(
  to: string,
  { bitsPerSecond, roundTripMs }: { bitsPerSecond: number; roundTripMs: number },
): Promise<SlowLine> {
  let down = 0
  const lane = () => {
    let free = 0
    /** When a piece of so many bytes, given now, has come through. */
    return (bytes: number) => {
      free = Math.max(free, performance.now()) + (bytes * 8_000) / bitsPerSecond
      return free + roundTripMs / 2
    }
  }
  const lanes = { up: lane(), down: lane() }
  const open = new Set<Socket>()

  function pump(from: Socket, into: Socket, through: (bytes: number) => number, count?: (n: number) => void) {
    let last = Promise.resolve()
    from.on('data', (data: Buffer) => {
      for (let at = 0; at < data.length; at += PIECE) {
        const piece = data.subarray(at, at + PIECE)
        last = last.then(async () => {
          // Whoever asked has gone: it takes nothing of the line.
          if (into.destroyed) return
          const due = through(piece.length)
          const after = pause(Math.max(0, due - performance.now()))
          // The next piece may set out while this one is on its way.
          void after.then(() => {
            count?.(piece.length)
            if (!into.destroyed) into.write(piece)
          })
          await pause(Math.max(0, due - roundTripMs / 2 - performance.now()))
        })
      }
    })
    from.once('end', () => void last.then(() => pause(roundTripMs / 2)).then(() => into.end()))
  }

  const target = new URL(to)
  const listening = createServer((client) => {
    const server = createConnection(Number(target.port), '127.0.0.1')
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.on('error', () => [client, server].map((each) => each.destroy()))
    }
    pump(client, server, lanes.up)
    pump(server, client, lanes.down, (bytes) => {
      down += bytes
    })
    client.pause()
    setTimeout(() => client.resume(), roundTripMs)
  }).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return {
    url: `http://${target.hostname}:${(listening.address() as AddressInfo).port}`,
    down: () => down,
    begin() {
      down = 0
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => listening.close(done))
    },
  }
}
