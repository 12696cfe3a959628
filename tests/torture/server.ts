import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { callServer, socketPath } from '../../app/cli/socket.ts'
import { printedUntil, startScript } from '../../bench/process.ts'
import { Loss } from './loss.ts'
import type { Place } from './place.ts'
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
  isAlive(): boolean
  /** Asks it to stop, and does not wait. */
  askToStop(): void
  /** Resolves when it has ended, however. */
  ended(): Promise<unknown>
  /** Waits until every consumer of the feed has taken all, then stops it as an operator does. */
  stop(): Promise<void>
}

/** A command of `suotdoi`. Rejects when who works on it ends before it is done. */
export type RunCommand = <T>(
  name: string,
  words?: Record<string, string>,
  options?: Record<string, string>,
) => Promise<T>

const READY = 'Stop with Ctrl+C.'
const PATIENCE_MS = 120_000

const alive = new Set<{ kill(signal: 'SIGKILL'): boolean }>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export function launch(environment: Place['environment'], logPath: string): Launched {
  const log = openSync(logPath, 'a')
  const begun = performance.now()
  const child = startScript(
    ['app/main.ts'],
    {
      ...environment,
      PORT: '0',
      INTERNAL_PORT: '0',
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
      isAlive: () => alive.has(child),
      ended: () => within(closed, 'gone'),
      askToStop: () => child.kill('SIGTERM'),
      async stop() {
        await within(caughtUp(`${internalUrl}/metrics`), 'at the end of the feed')
        child.kill('SIGTERM')
        const code = await within(closed, 'stopped')
        if (code !== 0)
          throw new Loss(`the server stopped with ${code}: ${readFileSync(logPath, 'utf8').slice(-2_000)}`)
      },
    }
  })
  ready.catch(() => {})
  return { ready, kill }
}

/** Through the socket of the server on this folder. */
export function commandThere(dataDir: string): RunCommand {
  return async <T>(name: string, words = {}, options = {}) => {
    const path = socketPath(dataDir)
    const call = { command: name, words, options, by: 'torture' }
    const answer = path === null ? null : await callServer(path, call)
    if (answer === null) throw new Error('no server listens for commands')
    return answer.result as T
  }
}

/** In a process of its own beside the servers. */
export function commandsBeside(environment: Place['environment']): { run: RunCommand; kill(): void } {
  const running = new Set<ChildProcess>()
  return {
    async run<T>(name: string, words = {}, options: Record<string, string> = {}) {
      const given = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value])
      const child = startScript(
        ['app/cli/main.ts', ...name.split(' '), ...Object.values<string>(words), ...given, '--json'],
        environment,
        'pipe',
      )
      running.add(child)
      alive.add(child)
      const closed = once(child, 'close') as Promise<[number | null]>
      const [out, told, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), closed])
      running.delete(child)
      alive.delete(child)
      // A refusal is an answer.
      if (code !== 0 && code !== 1) throw new Error(`${name} ended with ${code}: ${told}`)
      return (code === 0 ? JSON.parse(out) : { ok: false }) as T
    },
    kill() {
      for (const child of running) child.kill('SIGKILL')
    },
  }
}

async function caughtUp(metrics: string): Promise<void> {
  for (;;) {
    const page = await (await fetch(metrics)).text()
    const lags = [...page.matchAll(/^suotdoi_consumer_lag_positions\{[^}]*\} (\S+)$/gm)].map(([, lag]) =>
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
