import { closeSync, openSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type MeasuredProcess, measured, printedUntil, startScript } from './process.ts'

export interface ServerOptions {
  /** Data to start on, which stays when it stops. Absent: a new folder, which is removed. */
  dataDir?: string
  env?: Readonly<Record<string, string>>
  /** Flags for Node itself, such as `--cpu-prof`. */
  nodeFlags?: readonly string[]
  /** Does not wait until the lessons that come with the program are there: what is timed is the start itself. */
  atOnce?: boolean
}

/** The whole product, as `npm start` runs it, in a process of its own. */
export interface StartedServer extends MeasuredProcess {
  /** Address without a trailing slash. */
  url: string
  /** xAPI endpoint, and the first credential. */
  endpoint: string
  credential: { key: string; secret: string }
  /** Where `/metrics` and `/health/…` are. */
  internalUrl: string
  dataDir: string
  /** From the start of the process until it said that it is ready. */
  startMs: number
  /** What it logged so far. The log is written to a file beside the data, at the level of a default server. */
  logged(): string
}

const CREDENTIAL = { key: 'bench-key', secret: 'bench-secret-0123456789abcdef' }
/** Last line that the product prints when it is ready. */
const READY = 'Stop with Ctrl+C.'

/** Starts the product on `folder`, or on `options.dataDir`. Rejects with what it printed and logged when it cannot start. */
export async function startServer(folder: string, options: ServerOptions = {}): Promise<StartedServer> {
  const dataDir = options.dataDir ?? join(folder, 'data')
  await mkdir(folder, { recursive: true })
  const logPath = join(folder, 'server.log')
  const log = openSync(logPath, 'a')
  const internalPort = await freePort()
  const began = performance.now()
  const child = startScript(
    [...(options.nodeFlags ?? []), 'app/main.ts'],
    {
      PORT: '0',
      INTERNAL_PORT: String(internalPort),
      DATA_DIR: dataDir,
      LRS_KEY: CREDENTIAL.key,
      LRS_SECRET: CREDENTIAL.secret,
      ...options.env,
    },
    log,
  )
  closeSync(log)
  const logged = () => readFileSync(logPath, 'utf8')
  const printed = await printedUntil(child, READY).catch((error: Error) => {
    throw new Error(`${error.message}\n${logged()}`)
  })
  const startMs = performance.now() - began
  const port = /^ {2}Address +\S+:(\d+)/m.exec(printed)![1]
  // The numbers: a name may mean ::1 as well, and is looked up for each line.
  const url = `http://127.0.0.1:${port}`
  if (!options.atOnce && !options.dataDir) await lessonsAreThere(url)
  const process = measured(child)
  return {
    ...process,
    url,
    endpoint: `${url}/xapi`,
    credential: CREDENTIAL,
    internalUrl: `http://127.0.0.1:${internalPort}`,
    dataDir,
    startMs,
    logged,
    async stop() {
      const code = await process.stop()
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
      return code
    },
  }
}

/** The lessons that come with the program are published a moment after the very first start, at some cost. */
export async function lessonsAreThere(url: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const page = await fetch(`${url}/lessons`)
    if ((await page.text()).includes('href="/lessons/')) return
    await setTimeout(50)
  }
  throw new Error('The lessons that come with the program did not appear.')
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return (address as { port: number }).port
}
