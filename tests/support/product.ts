import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { placeOf } from './store.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The product as `npm start` runs it, in a process and a folder of its own. */
export interface Product {
  /** Address without a trailing slash. */
  url: string
  /** Where health and metrics are asked for. */
  internalUrl: string
  dataDir: string
  /** What STORE_URL says. */
  storeUrl: string
  /** Key and secret of the first credential; empty when this was not the first start. */
  credential: { key: string; secret: string }
  /** Link that makes the operator's account; empty when it was not printed. */
  setupUrl: string
  /** What `--demo` printed: who may sign in, with which password. */
  demo: { who: string; identifier: string; password: string }[]
  /** Everything printed on standard output so far. */
  output(): string
  /** What the server logged so far. */
  logged(): string
  pid: number
  /** Exit code, when it has ended: null when a signal ended it. */
  ended: Promise<number | null>
  /** Stops it as an operator does, and removes what it kept unless `keep`. Resolves to the exit code. */
  stop(options?: { keep?: boolean }): Promise<number | null>
}

export interface StartOptions {
  demo?: boolean
  /** A folder to start on again; absent: a new one. */
  dataDir?: string
  /** A store to start on, beside others; absent: an empty one of this run's kind. */
  storeUrl?: string
  env?: Record<string, string>
  /** Flags for Node itself, such as `--import`. */
  nodeFlags?: readonly string[]
  /** Who is at the other end of its standard error: a reader, one that is stuck, or nobody. */
  logReader?: 'reads' | 'stuck' | 'gone'
}

/** Starts the product and waits until it says its address. Rejects with what it printed when it ends before. */
export async function startProduct(options: StartOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? join(await mkdtemp(join(tmpdir(), 'suotdoi-')), 'data')
  const place = await placeOf(options.storeUrl)
  const child = runNode([...(options.nodeFlags ?? []), 'app/main.ts', ...(options.demo ? ['--demo'] : [])], {
    PORT: '0',
    DATA_DIR: dataDir,
    STORE_URL: place.storeUrl,
    ...options.env,
  })
  if (options.logReader === 'gone') child.stderr?.destroy()
  const printed = collect(child, (options.logReader ?? 'reads') === 'reads')
  // What nobody reads is never closed.
  const ending = options.logReader === 'stuck' ? 'exit' : 'close'
  const ended = new Promise<number | null>((resolve) => child.once(ending, resolve))
  const text = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (printed.out().includes(READY)) resolve(printed.out())
    })
    child.once('close', (code) => reject(new Error(`ended with ${code}:\n${printed.out()}${printed.err()}`)))
  })
  const url = after(text, 'Address')
  await lessonsAreThere(url)
  return {
    url,
    internalUrl: after(text, 'Internal'),
    dataDir,
    storeUrl: place.storeUrl,
    credential: { key: after(text, 'Key'), secret: after(text, 'Secret') },
    setupUrl: after(text, 'Set-up link'),
    demo: [...text.matchAll(/^ {2}Sample (\S+) +(\S+) {2}(\S+)$/gm)].map(([, who, identifier, password]) => ({
      who: who ?? '',
      identifier: identifier ?? '',
      password: password ?? '',
    })),
    output: printed.out,
    logged: printed.err,
    pid: child.pid ?? 0,
    ended,
    async stop({ keep = false } = {}) {
      const code = await end(child)
      if (!keep) {
        await rm(join(dataDir, '..'), { recursive: true, force: true })
        await place.remove()
      }
      return code
    },
  }
}

/** The lessons that come with the program follow a moment after the very first start. */
async function lessonsAreThere(url: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    const page = await fetch(`${url}/lessons`)
    if ((await page.text()).includes('href="/lessons/')) return
    await setTimeout(50)
  }
  throw new Error('The lessons that come with the program did not appear.')
}

/** Last line that the product prints when it is ready. */
const READY = 'Stop with Ctrl+C.'

/** Runs a script of the project to its end. */
export async function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const child = runNode(args, env)
  const printed = collect(child)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out: printed.out(), err: printed.err() }
}

function runNode(args: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env
  // Nothing of this shell's own settings reaches the product.
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    env: { PATH, HOME, INTERNAL_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess, readsErr = true) {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  if (readsErr)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
  return { out: () => out, err: () => err }
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  return closed
}

function after(text: string, label: string): string {
  return new RegExp(`^ {2}${label} +(\\S+)`, 'm').exec(text)?.[1] ?? ''
}
