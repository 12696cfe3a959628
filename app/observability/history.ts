import {
  type Collection,
  type Collections,
  defineCollection,
  type Operation,
  type RequestNote,
} from '../../lrs/index.ts'
import type { Commit } from '../../lrs/storage/port.ts'
import type { History, Work } from '../../web/index.ts'
import type { EndedRequest, Readings } from './metrics.ts'
import {
  addPeriod,
  countDuration,
  countProblem,
  emptyPeriod,
  figuresOf,
  type Period,
  sourceIn,
} from './period.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const KEPT_MS = 400 * DAY
/** Việt Nam's days begin at 17:00 UTC. */
const MORNING = 17 * HOUR
/** Counting attachments takes a hundredth of the time at most. */
const RESTS = 100
/** Minutes are kept one by one for so long: the last hour is one to the minute. */
const MINUTES_KEPT_MS = 2 * HOUR

/** Key: beginning of the hour, ms, 15 digits. */
export const HISTORY = defineCollection<Period>('history')
/** The same by minutes. */
const MINUTES = defineCollection<Period>('history-minutes')
export const historyKey = (from: number) => String(from).padStart(15, '0')

export interface HistoryRecorder extends History {
  requestEnded(request: EndedRequest): void
  /** A request of a source that is known. */
  requestNoted(note: RequestNote): void
  committed(commit: Commit): void
  /** What a part of the product stored, beside requests. */
  stored(stored: { source: string; statements: number }): void
  /** From now on sizes and lags are looked up every minute; `blobBytes` more seldom, the longer it takes. */
  readFrom(
    readings: Pick<Readings, 'databases' | 'consumers' | 'disks'>,
    blobBytes: () => Promise<number>,
  ): void
  /** Ends the minute; to be called by the clock alone, and by tests. */
  tick(): Promise<void>
  /** Writes down what was counted. */
  stop(): Promise<void>
}

/**
 * What the servers did, hour by hour for 400 days, in the system's collections; the same observations as the metrics'
 * (metrics.ts), for a page instead of a monitoring system. Each process adds its minutes to those of the others. A kill
 * loses a minute at most.
 */
export async function createHistory(
  system: Collections,
  { now = Date.now, report = (_: unknown) => {} } = {},
): Promise<HistoryRecorder> {
  let minute = emptyPeriod(startOf(now(), MINUTE))
  /** Minutes that are over. */
  const unwritten: Period[] = []
  let readings: Pick<Readings, 'databases' | 'consumers' | 'disks'> | null = null
  let readBlobs: (() => Promise<number>) | null = null
  const hour = await system.get(HISTORY, historyKey(startOf(now(), HOUR)))
  let blobs: number | null = hour?.value.sizes?.blobs ?? null
  let blobsNext = 0
  let ticking = Promise.resolve()

  async function look(): Promise<void> {
    if (readBlobs && now() >= blobsNext) {
      // Walking through a million files takes its time: a later minute tells of the sum, and rests are the longer.
      blobsNext = Number.POSITIVE_INFINITY
      const begun = performance.now()
      void readBlobs()
        .then((bytes) => {
          blobs = bytes
        })
        .catch(report)
        .finally(() => {
          blobsNext = now() + Math.max(MINUTE, RESTS * (performance.now() - begun))
        })
    }
    if (!readings) return
    const [databases, consumers, disks] = await Promise.all([
      readings.databases(),
      readings.consumers(),
      readings.disks(),
    ])
    minute.lagSeconds = Math.max(0, ...consumers.map(({ seconds }) => seconds))
    const data = disks.find(({ folder }) => folder === 'data')
    const sum = (read: (one: (typeof databases)[number]) => number) =>
      databases.reduce((total, one) => total + read(one), 0)
    minute.sizes = {
      database: sum(({ bytes }) => bytes),
      log: sum(({ logBytes }) => logBytes),
      blobs,
      free: data?.free ?? null,
      disk: data?.size ?? null,
    }
  }

  async function closeMinute(): Promise<void> {
    await look().catch(report)
    const closed = minute
    minute = emptyPeriod(startOf(now(), MINUTE))
    unwritten.push(closed)
    for (let next = unwritten[0]; next; next = unwritten[0]) {
      await add(next)
      unwritten.shift()
    }
  }

  async function add(closed: Period): Promise<void> {
    const hour = startOf(closed.from, HOUR)
    for (;;) {
      const { ok } = await system.batch([
        await adding(HISTORY, hour, closed, hour + KEPT_MS),
        await adding(MINUTES, closed.from, closed, closed.from + MINUTES_KEPT_MS),
      ])
      // Otherwise another process has added its own meanwhile.
      if (ok) return
    }
  }

  async function adding(
    collection: Collection<Period>,
    from: number,
    more: Period,
    expires: number,
  ): Promise<Operation> {
    const there = await system.get(collection, historyKey(from))
    const value = there?.value ?? emptyPeriod(from)
    addPeriod(value, more)
    const at = { collection, key: historyKey(from), value, expires }
    return there ? { op: 'replace', ...at, revision: there.revision } : { op: 'insert', ...at }
  }

  /** One after another; an outage of the store costs no more than the writing down, until the next minute does it. */
  function tick(): Promise<void> {
    ticking = ticking.then(closeMinute).catch(report)
    return ticking
  }
  const clock = setInterval(() => void tick(), MINUTE).unref()

  /** What is known from `from` on, oldest first, with what is being counted here now. */
  async function knownFrom(collection: Collection<Period>, from: number, length: number): Promise<Period[]> {
    const known: Period[] = []
    // Keys are compared as text: the one just before.
    let after: string | null = historyKey(from - 1)
    while (after !== null) {
      const page: Awaited<ReturnType<typeof system.scan<Period>>> = await system.scan(collection, {
        after,
        limit: 500,
      })
      known.push(...page.docs.map((doc) => doc.value))
      after = page.next
    }
    const current = startOf(minute.from, length)
    const open = known.find((one) => one.from === current) ?? emptyPeriod(current)
    if (!known.includes(open)) known.push(open)
    addPeriod(open, minute)
    return known
  }

  return {
    requestEnded({ method, route, status, ms }) {
      const work = workOf(method, route)
      if (work === null) return
      minute.requests++
      if (status >= 500) minute.failures++
      countDuration(minute.work[work], ms)
    },
    requestNoted({ source, status, statements, problem }) {
      const counted = sourceIn(minute, source)
      counted.statements += statements
      if (status < 400) return
      counted.refused++
      if (problem) countProblem(counted.problems, problem)
    },
    stored({ source, statements }) {
      sourceIn(minute, source).statements += statements
    },
    committed({ ms }) {
      countDuration(minute.commits, ms)
    },
    readFrom(from, blobBytes) {
      readings = from
      readBlobs = blobBytes
      void look().catch(report)
    },
    tick,
    async stop() {
      clearInterval(clock)
      await tick()
    },

    async last(step, count) {
      const length = step === 'hour' ? HOUR : DAY
      const newest = startOf(now(), length, step === 'day' ? MORNING : 0)
      const first = newest - (count - 1) * length
      const steps = new Map<number, Period>()
      for (const one of await knownFrom(HISTORY, first, HOUR)) {
        const from = startOf(one.from, length, step === 'day' ? MORNING : 0)
        const sum = steps.get(from) ?? emptyPeriod(from)
        addPeriod(sum, one)
        steps.set(from, sum)
      }
      return Array.from({ length: count }, (_, at) => first + at * length).map((from) =>
        figuresOf(steps.get(from) ?? null, from, length),
      )
    },

    async sum(hours) {
      const from = startOf(now(), HOUR) - (hours - 1) * HOUR
      const sum = emptyPeriod(from)
      const parts =
        hours === 1
          ? await knownFrom(MINUTES, now() - HOUR + 1, MINUTE)
          : await knownFrom(HISTORY, from, HOUR)
      for (const one of parts) addPeriod(sum, one)
      return figuresOf(sum, from, hours * HOUR)
    },
  }
}

function startOf(at: number, length: number, offset = 0): number {
  return Math.floor((at - offset) / length) * length + offset
}

/** What somebody waited for; null for files of the pages, which nobody waits long for. */
function workOf(method: string, route: string): Work | null {
  if (route === '/assets' || route.startsWith('/assets/')) return null
  if (!/^\/(xapi|xAPI|data\/xAPI)(\/|$)/.test(route)) return 'people'
  if (method === 'OPTIONS') return null
  if (method !== 'GET' && method !== 'HEAD') return 'write'
  return route.endsWith('/statements') ? 'list' : 'read'
}
