import { createHash } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'

/** A command on its way from the terminal to the running server. */
export interface CommandCall {
  command: string
  words: Record<string, string>
  options: Record<string, string | boolean | string[] | undefined>
  /** Who typed it, as recorded with changes. */
  by: string
}

/** sun_path holds 104 bytes on macOS and 108 on Linux, with its NUL. */
const LONGEST_PATH = 103
const LONGEST_CALL = 100_000

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
 * HTTP, one `POST /` a command. Call it only while holding the folder's lock: it removes a dead server's socket.
 */
export async function serveCommands(
  path: string,
  handle: (call: CommandCall) => Promise<unknown>,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((req, res) => {
    const answer = (status: number, body: unknown) => {
      res.writeHead(status, { 'Content-Type': 'application/json' })
      res.end(JSON.stringify(body))
    }
    if (Number(req.headers['content-length'] ?? 0) > LONGEST_CALL) {
      answer(413, { message: 'The command is too long.' })
      return
    }
    text(req)
      .then((body) => handle(JSON.parse(body) as CommandCall))
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
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await closed
    },
  }
}

/** Sends a command to the server behind the socket; null when no server listens there. */
export async function callServer(path: string, call: CommandCall): Promise<{ result: unknown } | null> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(call)
    const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const outgoing = request({ socketPath: path, method: 'POST', path: '/', headers }, async (res) => {
      try {
        const answer = JSON.parse(await text(res)) as { result?: unknown; message?: string }
        if (res.statusCode === 200) resolve({ result: answer.result })
        else reject(new Error(answer.message ?? `the server answered ${res.statusCode}`))
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
