import { setTimeout } from 'node:timers/promises'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Commit, DatabaseFigures } from '../../lrs/storage/port.ts'
import { watchLoopDelay } from './loop-delay.ts'
import { METRICS, PROCESS_METRICS } from './metric-table.ts'

/** A request that was answered, or whose line ended before. Holds nothing of what was sent. */
export interface EndedRequest {
  method: string
  /** Pattern, never the address. */
  route: string
  status: number
  /** The client did not get all of the answer. */
  aborted: boolean
  ms: number
  /** Id of the first problem, where it was refused with one. */
  problem?: string
}

export interface ConsumerLag {
  name: string
  positions: number
  seconds: number
  /** Since the start. */
  errors: number
}

/** What is looked up when somebody asks, and not counted along. Each may fail alone; what it tells is left out then. */
export interface Readings {
  ready(): Promise<boolean>
  databases(): Promise<DatabaseFigures[]>
  consumers(): Promise<ConsumerLag[]>
  disks(): Promise<{ folder: string; free: number; size: number }[]>
  /** Lines of the log that were lost since the start. */
  lostLogLines(): number
  /** Runs of argon2 since the start. */
  secretChecks(): number
}

export interface Metrics {
  requestBegun(): void
  requestEnded(request: EndedRequest): void
  /** A lesson's page sent what was refused, by the problem's id: one of a fixed list. */
  lessonRefused(problem: string, count: number): void
  committed(commit: Commit): void
  /** From now on these are told too. */
  readFrom(readings: Readings): void
  /** All of them in Prometheus's text format. */
  text(): Promise<string>
  readonly contentType: string
  stop(): void
}

/** Beyond so many, routes are one: an address must never become a series of its own. */
const MOST_ROUTES = 200
/** A reading that takes longer is left out. */
const PATIENCE_MS = 2_000

/** The product's metrics (metric-table.ts). The parts call small functions; what counts is known here alone. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requestDuration = new Histogram({ ...METRICS.requestDuration, registers })
  const requestsInFlight = new Gauge({ ...METRICS.requestsInFlight, registers })
  const refusals = new Counter({ ...METRICS.refusals, registers })
  const lessonRefusals = new Counter({ ...METRICS.lessonRefusals, registers })
  const statementsStored = new Counter({ ...METRICS.statementsStored, registers })
  const groupCalls = new Histogram({ ...METRICS.groupCalls, registers })
  const commitDuration = new Histogram({ ...METRICS.commitDuration, registers })
  const syncDuration = new Histogram({ ...METRICS.syncDuration, registers })
  const commitWait = new Histogram({ ...METRICS.commitWait, registers })
  const told = {
    ready: new Gauge({ ...METRICS.ready, registers }),
    statements: new Gauge({ ...METRICS.statements, registers }),
    writerQueue: new Gauge({ ...METRICS.writerQueue, registers }),
    readerQueue: new Gauge({ ...METRICS.readerQueue, registers }),
    databaseBytes: new Gauge({ ...METRICS.databaseBytes, registers }),
    logBytes: new Gauge({ ...METRICS.logBytes, registers }),
    diskFree: new Gauge({ ...METRICS.diskFree, registers }),
    diskSize: new Gauge({ ...METRICS.diskSize, registers }),
    consumerLagPositions: new Gauge({ ...METRICS.consumerLagPositions, registers }),
    consumerLagSeconds: new Gauge({ ...METRICS.consumerLagSeconds, registers }),
    consumerErrors: new Counter({ ...METRICS.consumerErrors, registers }),
    lostLogLines: new Counter({ ...METRICS.lostLogLines, registers }),
    secretChecks: new Counter({ ...METRICS.secretChecks, registers }),
    loopDelayP50: new Gauge({ ...METRICS.loopDelayP50, registers }),
    loopDelayP99: new Gauge({ ...METRICS.loopDelayP99, registers }),
    loopDelayMax: new Gauge({ ...METRICS.loopDelayMax, registers }),
  }
  addProcessMetrics(registry)

  const loop = watchLoopDelay()
  const routes = new Set<string>()
  let readings: Readings | null = null
  let inFlight = 0

  function routeLabel(route: string): string {
    if (!routes.has(route)) {
      if (routes.size >= MOST_ROUTES) return 'other'
      routes.add(route)
    }
    return route
  }

  async function read({ ready, databases, consumers, disks, ...counts }: Readings): Promise<void> {
    for (const metric of Object.values(told)) metric.reset()
    told.secretChecks.inc(counts.secretChecks())
    told.lostLogLines.inc(counts.lostLogLines())
    await Promise.all([
      patiently(ready(), (is) => told.ready.set(is ? 1 : 0)),
      patiently(databases(), (all) => {
        for (const one of all) {
          const label = { database: one.tenant ?? 'system' }
          told.statements.set(label, one.statements)
          told.writerQueue.set(label, one.waiting)
          told.readerQueue.set(label, one.reading)
          told.databaseBytes.set(label, one.bytes)
          told.logBytes.set(label, one.logBytes)
        }
      }),
      patiently(consumers(), (all) => {
        for (const { name, positions, seconds, errors } of all) {
          const label = { consumer: name }
          told.consumerLagPositions.set(label, positions)
          told.consumerLagSeconds.set(label, seconds)
          told.consumerErrors.inc(label, errors)
        }
      }),
      patiently(disks(), (all) => {
        for (const { folder, free, size } of all) {
          told.diskFree.set({ folder }, free)
          told.diskSize.set({ folder }, size)
        }
      }),
    ])
  }

  return {
    requestBegun() {
      inFlight++
    },
    requestEnded({ method, route, status, aborted, ms, problem }) {
      inFlight--
      const labels = {
        method,
        route: routeLabel(route),
        status: aborted ? 'aborted' : (STATUS[Math.floor(status / 100)] ?? 'other'),
      }
      requestDuration.observe(labels, ms / 1_000)
      if (problem !== undefined) refusals.inc({ problem: problem.split('-', 1)[0]! })
    },
    lessonRefused(problem, count) {
      lessonRefusals.inc({ problem }, count)
    },
    committed({ calls, statements, waitMs, ms, syncMs }) {
      statementsStored.inc(statements)
      groupCalls.observe(calls)
      commitDuration.observe(ms / 1_000)
      commitWait.observe(waitMs / 1_000)
      if (syncMs > 0) syncDuration.observe(syncMs / 1_000)
    },
    readFrom(from) {
      readings = from
    },
    async text() {
      if (readings) await read(readings)
      requestsInFlight.set(inFlight)
      const delay = await loop.take()
      told.loopDelayP50.set(delay.p50)
      told.loopDelayP99.set(delay.p99)
      told.loopDelayMax.set(delay.max)
      return registry.metrics()
    },
    contentType: registry.contentType,
    stop() {
      loop.stop()
    },
  }
}

const STATUS = ['other', '1xx', '2xx', '3xx', '4xx', '5xx']

function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, prefix: 'suotdoi_' })
  const own: readonly string[] = Object.values(METRICS).map(({ name }) => name)
  for (const { name } of registry.getMetricsAsArray())
    if (!own.includes(name) && !PROCESS_METRICS.includes(name)) registry.removeSingleMetric(name)
}

async function patiently<T extends object | boolean>(
  reading: Promise<T>,
  set: (value: T) => void,
): Promise<void> {
  const value = await Promise.race([reading.catch(() => null), setTimeout(PATIENCE_MS, null, { ref: false })])
  if (value !== null) set(value)
}
