import { createHash } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { createServer, request, type ServerResponse } from 'node:http'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Progress } from './progress.ts'

/** A command on its way from the terminal to the running server. */
export interface CommandCall {
  command: string
  words: Record<string, string>
  options: Record<string, string | boolean | string[] | undefined>
  /** Who typed it, as recorded with changes. */
  by: string
}

/** What a command that takes long is given beside its words. */
export interface CommandRun {
  tell(progress: Progress): void
  /** Who asked went away, or the server stops. */
  signal: AbortSignal
}

/** One line of an answer: any number of the first kind, then one of the others. */
type Line = { progress: Progress } | { result: unknown } | { message: string }

/** sun_path holds 104 bytes on macOS and 108 on Linux, with its NUL. */
const LONGEST_PATH = 103
const LONGEST_CALL = 100_000
const TELL_EVERY = 100
const GRACE_MS = 5_000

export interface CommandServer {
  /** Takes no more commands, tells those that take long to end, and cuts off what has not ended within `graceMs`. */
  close(graceMs?: number): Promise<void>
}

/** Where a server on this folder listens for commands; null when the folder's path is too long for a socket. */
export function socketPath(dataDir: string): string | null {
  if (process.platform === 'win32')
    return `\\\\.\\pipe\\suotdoi-${createHash('sha256').update(dataDir.toLowerCase()).digest('hex').slice(0, 32)}`
  const absolute = join(dataDir, 'suotdoi.sock')
  const paths = [absolute, relative(process.cwd(), absolute)]
  return paths.find((path) => Buffer.byteLength(path) <= LONGEST_PATH) ?? null
}

/**
 * Listens for commands on a socket that only the folder's owner may open: the folder is 0700, the socket 0600.
 * HTTP, one `POST /` a command; the answer is one JSON value a line, the last one the result. A command may take as
 * long as it needs, until who asked goes away. Call it only while holding the folder's lock: it removes a dead server's
 * socket.
 */
export async function serveCommands(
  path: string,
  handle: (call: CommandCall, run: CommandRun) => Promise<unknown>,
): Promise<CommandServer> {
  const running = new Set<AbortController>()
  const server = createServer((req, res) => {
    const answer = (status: number, line: Line) => {
      if (!res.headersSent) res.writeHead(status, { 'Content-Type': 'application/x-ndjson' })
      res.end(`${JSON.stringify(line)}\n`)
    }
    if (Number(req.headers['content-length'] ?? 0) > LONGEST_CALL) {
      answer(413, { message: 'The command is too long.' })
      return
    }
    const stop = new AbortController()
    running.add(stop)
    res.once('close', () => {
      running.delete(stop)
      stop.abort(new Error('Who gave the command went away.'))
    })
    text(req)
      .then((body) => handle(JSON.parse(body) as CommandCall, { tell: teller(res), signal: stop.signal }))
      .then((result) => answer(200, { result }))
      .catch((error: unknown) =>
        answer(500, { message: error instanceof Error ? error.message : 'unknown error' }),
      )
  })
  if (process.platform !== 'win32') await rm(path, { force: true })
  const mask = process.umask(0o077)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(mask)
  }
  if (process.platform !== 'win32') await chmod(path, 0o600)
  return {
    async close(graceMs = GRACE_MS) {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      for (const stop of running) stop.abort(new Error('The server stops. Give the command again.'))
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cutOff)
    },
  }
}

function teller(res: ServerResponse): CommandRun['tell'] {
  let last = 0
  return (progress) => {
    const now = Date.now()
    if (now - last < TELL_EVERY || res.writableEnded) return
    last = now
    if (!res.headersSent) res.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
    res.write(`${JSON.stringify({ progress } satisfies Line)}\n`)
  }
}

/** Sends a command to the server behind the socket; null when no server listens there. */
export async function callServer(
  path: string,
  call: CommandCall,
  show: (progress: Progress) => void = () => {},
): Promise<{ result: unknown } | null> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(call)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const outgoing = request({ socketPath: path, method: 'POST', path: '/', headers }, async (res) => {
      try {
        for await (const each of createInterface({ input: res })) {
          const line = JSON.parse(each) as Line
          if ('progress' in line) show(line.progress)
          else if ('message' in line) reject(new Error(line.message))
          else resolve({ result: line.result })
        }
        reject(new Error('the server ended before the command was done'))
      } catch (error) {
        reject(error)
      }
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null)
      else reject(error)
    })
    outgoing.end(body)
  })
}
