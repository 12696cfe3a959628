import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { callServer, socketPath } from '../../app/cli/socket.ts'
import { printedUntil, startScript } from '../../bench/process.ts'
import { Loss } from './loss.ts'
import { CREDENTIAL } from './xapi.ts'

/** A start of the product, which may be killed before it is ready. */
export interface Launched {
  /** Rejects when it ends before it is ready. */
  ready: Promise<Running>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

/** The product as `npm start` runs it, ready. */
export interface Running {
  url: string
  /** From the start of the process until it said that it is ready. */
  startMs: number
  kill(): Promise<void>
  /** Asks it to stop, and does not wait. */
  askToStop(): void
  /** Waits until every consumer of the feed has taken all, then stops it as an operator does. */
  stop(): Promise<void>
  /** A command of `suotdoi`, through the socket. Rejects when the server ends before it is done. */
  command<T>(name: string, words?: Record<string, string>, options?: Record<string, string>): Promise<T>
}

const READY = 'Stop with Ctrl+C.'
const PATIENCE_MS = 120_000

const alive = new Set<{ kill(signal: 'SIGKILL'): boolean }>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export function launch(dataDir: string, logPath: string): Launched {
  const log = openSync(logPath, 'a')
  const begun = performance.now()
  const child = startScript(
    ['app/main.ts'],
    {
      PORT: '0',
      INTERNAL_PORT: '0',
      DATA_DIR: dataDir,
      LRS_KEY: CREDENTIAL.key,
      LRS_SECRET: CREDENTIAL.secret,
      LOG_LEVEL: 'warn',
    },
    log,
  )
  closeSync(log)
  alive.add(child)
  const closed = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      alive.delete(child)
      resolve(code)
    }),
  )
  const kill = async () => {
    child.kill('SIGKILL')
    await closed
  }
  const ready = within(printedUntil(child, READY), 'ready').then((printed): Running => {
    const port = /^ {2}Address +\S+:(\d+)/m.exec(printed)?.[1]
    const internalUrl = /^ {2}Internal +(\S+)/m.exec(printed)?.[1]
    return {
      url: `http://127.0.0.1:${port}`,
      startMs: performance.now() - begun,
      kill,
      askToStop: () => child.kill('SIGTERM'),
      async stop() {
        await within(caughtUp(`${internalUrl}/metrics`), 'at the end of the feed')
        child.kill('SIGTERM')
        const code = await within(closed, 'stopped')
        if (code !== 0)
          throw new Loss(`the server stopped with ${code}: ${readFileSync(logPath, 'utf8').slice(-2_000)}`)
      },
      async command<T>(name: string, words = {}, options = {}) {
        const path = socketPath(dataDir)
        const call = { command: name, words, options, by: 'torture' }
        const answer = path === null ? null : await callServer(path, call)
        if (answer === null) throw new Error('no server listens for commands')
        return answer.result as T
      },
    }
  })
  ready.catch(() => {})
  return { ready, kill }
}

async function caughtUp(metrics: string): Promise<void> {
  for (;;) {
    const text = await (await fetch(metrics)).text()
    const lags = [...text.matchAll(/^suotdoi_consumer_lag_positions\{[^}]*\} (\S+)$/gm)].map(([, lag]) =>
      Number(lag),
    )
    if (lags.length > 0 && lags.every((lag) => lag === 0)) return
    await setTimeout(30)
  }
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const over = new AbortController()
  try {
    return await Promise.race([
      promise,
      setTimeout(PATIENCE_MS, undefined, { signal: over.signal, ref: false }).then(() => {
        throw new Loss(`the server was not ${what} within ${PATIENCE_MS / 1000} s`)
      }),
    ])
  } finally {
    over.abort()
  }
}
