/**
 * Loaded into the product before its own code (`--import`), for faults that cannot be made from outside. With SIGUSR2 it
 * does what the file named by FAULTS says, and removes the file when it is done.
 */
import { readFileSync, rmSync } from 'node:fs'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import type { Fault } from './product.ts'

const { FAULTS = '', FAULTS_UID } = process.env

// The store's threads, and commits that fail as on a disk error.
const workers = process.getBuiltinModule('node:worker_threads')
const failingCommits = new Int32Array(new SharedArrayBuffer(4))
const threads: { module: string; worker: InstanceType<typeof workers.Worker> }[] = []
const { Worker } = workers
workers.Worker = class extends Worker {
  constructor(module: string | URL, options: ConstructorParameters<typeof Worker>[1] = {}) {
    const workerData = String(module).endsWith('/threads/writer.ts') ? { failingCommits } : options.workerData
    super(module, { ...options, workerData })
    threads.push({ module: String(module), worker: this })
  }
}
syncBuiltinESMExports()

// The clock of the thread that answers, which is the one that the product asks.
let shift = 0
const { Date: RealDate } = globalThis
const now = () => RealDate.now() + shift
globalThis.Date = new Proxy(RealDate, {
  construct: (date, args, target) => Reflect.construct(date, args.length === 0 ? [now()] : args, target),
  get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
})

// What consumers of the feed do with the statements they are given.
export const told: { consumers: Fault['consumers'] } = { consumers: undefined }
const instead = new URL('run-consumers.ts', import.meta.url).href
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    return found.url.endsWith('/lrs/feed/run-consumers.ts') && context.parentURL !== instead
      ? { ...found, url: instead }
      : found
  },
})

// An account that is not above the permissions of files.
if (FAULTS_UID) {
  process.setgid?.(Number(FAULTS_UID))
  process.setuid?.(Number(FAULTS_UID))
}

process.on('SIGUSR2', () => {
  const fault = JSON.parse(readFileSync(FAULTS, 'utf8')) as Fault
  if (fault.clockMs !== undefined) shift = fault.clockMs
  if (fault.failCommits !== undefined) Atomics.store(failingCommits, 0, fault.failCommits ? 2 ** 30 : 0)
  if (fault.consumers !== undefined) told.consumers = fault.consumers
  if (fault.endThread)
    for (const { module, worker } of threads)
      if (module.endsWith(`/threads/${fault.endThread}.ts`)) void worker.terminate()
  rmSync(FAULTS)
})
