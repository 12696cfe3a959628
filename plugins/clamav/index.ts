import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import type { Delivery, MalwareScanner, ScanResult } from '../plugin.ts'

/** Longest part that clamd is sent at once, bytes. */
const PART = 64 * 1024
/** An answer is one short line; who says more is no clamd. */
const ANSWER = 4096
/** Silence of clamd that counts as failure, ms: a large archive takes it a while. */
const SILENCE_MS = 120_000

/** Malware scanning by a clamd (its commands INSTREAM and PING, https://docs.clamav.net/manual/Usage/Scanning.html). */
export function createClamavScanner({ host, port }: { host: string; port: number }): MalwareScanner {
  const unreachable = (error: unknown) => ({
    ok: false as const,
    reason: 'unreachable' as const,
    code: String((error as { code?: unknown }).code ?? (error as Error).name),
  })

  async function open(signal: AbortSignal): Promise<Socket> {
    const socket = createConnection({ host, port, signal })
    // Whoever awaits the answer is told; without this an early end would have no listener.
    socket.on('error', () => {})
    socket.setTimeout(SILENCE_MS, () => socket.destroy(new Error('silent')))
    await once(socket, 'connect', { signal })
    return socket
  }

  return {
    async scan(content, signal): Promise<ScanResult> {
      let socket: Socket
      try {
        socket = await open(signal)
      } catch (error) {
        return unreachable(error)
      }
      // clamd answers early, and closes, when it has enough: the answer is read from the beginning.
      const answer = answerOf(socket)
      answer.catch(() => {})
      let sent = await send(socket, Buffer.from('zINSTREAM\0'))
      try {
        for await (const bytes of content) {
          sent &&= await sendParts(socket, bytes)
          if (!sent) break
        }
        sent &&= await send(socket, Buffer.alloc(4))
      } catch (error) {
        socket.destroy()
        throw error
      }
      try {
        return resultOf(await answer, sent)
      } catch (error) {
        return unreachable(error)
      } finally {
        socket.destroy()
      }
    },
    async ready(signal): Promise<Delivery> {
      try {
        const socket = await open(signal)
        const answer = answerOf(socket)
        answer.catch(() => {})
        await send(socket, Buffer.from('zPING\0'))
        const said = await answer.finally(() => socket.destroy())
        return said === 'PONG' ? { ok: true } : { ok: false, reason: 'refused', code: 'no-pong' }
      } catch (error) {
        return unreachable(error)
      }
    },
  }
}

/** Parts with their length before them. `false`: the other side listens no more. */
async function sendParts(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  for (let at = 0; at < bytes.length; at += PART) {
    const part = bytes.subarray(at, at + PART)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(part.length)
    if (!(await send(socket, Buffer.concat([length, part])))) return false
  }
  return true
}

/** Waits for the socket when it is full, so that no file is held in memory. */
async function send(socket: Socket, bytes: Buffer): Promise<boolean> {
  if (socket.destroyed || socket.writableEnded) return false
  if (socket.write(bytes)) return true
  await new Promise<void>((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close', 'end'] as const) socket.off(event, go)
      resolve()
    }
    for (const event of ['drain', 'close', 'end'] as const) socket.once(event, go)
  })
  return !socket.destroyed
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const done = () => {
      const [answer] = said.split(/[\0\n]/)
      answer ? resolve(answer.trim()) : reject(new Error('no answer'))
    }
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      said += text
      if (/[\0\n]/.test(said) || said.length > ANSWER) done()
    })
    socket.once('error', reject)
    socket.once('close', done)
  })
}

/** Nothing is clean that was not sent to the end. */
function resultOf(answer: string, sent: boolean): ScanResult {
  const found = /^stream: (.+) FOUND$/.exec(answer)?.[1]
  if (found) return { ok: true, found }
  if (sent && answer === 'stream: OK') return { ok: true, found: null }
  // It is larger than clamd was told to take (StreamMaxLength), or clamd is in trouble: it was not looked at.
  return { ok: false, reason: 'refused', code: /size limit/i.test(answer) ? 'size-limit' : 'error' }
}
