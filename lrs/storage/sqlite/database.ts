import { stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type Commit, type DatabaseFigures, StorageUnavailable } from '../port.ts'
import { createHeadStart } from './head-start.ts'
import type { ReadArgs, ReadName, ReadResult, WriteArgs, WriteName, WriteResult } from './operations/index.ts'
import { createTakeGroup } from './take-group.ts'
import type { GroupReply, Place, Reply } from './threads/messages.ts'
import type { Pool } from './threads/pool.ts'
import { errorOf, type Thread } from './threads/thread.ts'

/** One database file as the other threads serve it: writes in groups, reads spread over the readers. */
export interface Database {
  open(): Promise<void>
  write<N extends WriteName>(name: N, ...args: WriteArgs<N>): Promise<WriteResult<N>>
  read<N extends ReadName>(name: N, ...args: ReadArgs<N>): Promise<ReadResult<N>>
  /** See StatementStore.watermark. */
  watermark(): Promise<number>
  /** Something stored at this time was shown, so the watermark is at least there. */
  shown(stored: number): void
  onChange(wake: () => void): () => void
  /** null: it was not used yet. */
  figures(): Promise<Omit<DatabaseFigures, 'tenant'> | null>
  /** Takes no more calls, and resolves when those under way have ended. */
  end(): Promise<void>
}

/**
 * So much is sent to the writer while it still commits what came before, so that it has not to wait for this thread to
 * hear of its end. Less would make commits that are hardly worth the disk's time; where that is most of a commit's, all
 * waits, since it costs as much for many as for few.
 */
const AHEAD = 16

/** After so many ms it is tried again, when a reader was in the way. */
const MOVE_LOG_AGAIN = 50

interface Job {
  name: WriteName
  args: unknown[]
  weight: number
  /** When it was asked for, on the monotonic clock. */
  asked: number
  resolve(value: unknown): void
  reject(error: Error): void
}

export function createDatabase(
  place: Place,
  writer: Thread,
  readers: Pool,
  clock: () => number,
  committed: (commit: Omit<Commit, 'tenant'>) => void = () => {},
): Database {
  const queue: Job[] = []
  const takeGroup = createTakeGroup()
  const headStart = createHeadStart()
  const listeners = new Set<() => void>()
  let opening: Promise<void> | null = null
  /** Times of the commits that are under way, in order: two at most. */
  const committing: number[] = []
  /** The disk took less than half of the last commit. */
  let isDiskQuick = false
  /** Last time given to a commit, or told as the watermark. */
  let last = 0
  let shown = 0
  /** While a commit is under way: last time told as the watermark, or given before. */
  let told = 0
  let position = 0
  let statements = 0
  let writes = 0
  let scheduled = false
  let movingLog = false
  let calls = 0
  let ending = false
  const ended = Promise.withResolvers<void>()

  const send = async (stamp: number, jobs: Job[]): Promise<GroupReply> =>
    (await writer.callAtOnce({
      group: { place, stamp, now: clock(), jobs: jobs.map(({ name, args }) => ({ name, args })) },
    })) as GroupReply

  function open(): Promise<void> {
    opening ??= send(0, []).then((reply) => {
      if (reply.failure) {
        opening = null
        throw errorOf(reply.failure)
      }
      last = Math.max(last, reply.stored)
      position = Math.max(position, reply.position)
      statements = reply.statements
    })
    return opening
  }

  /** The next tick takes all that came in this one. */
  function schedule(): void {
    if (scheduled || !mayCommit()) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      void commitNext()
    })
  }

  function mayCommit(): boolean {
    if (queue.length === 0 || committing.length === 2) return false
    return committing.length === 0 || (isDiskQuick && queue.length >= AHEAD)
  }

  async function commitNext(): Promise<void> {
    if (!mayCommit()) return
    const jobs = takeGroup(queue)
    const weight = jobs.reduce((sum, job) => sum + job.weight, 0)
    const now = Math.max(clock(), last + 1)
    const stamp = now + headStart.of(weight)
    if (committing.length === 0) told = now - 1
    committing.push(stamp)
    last = stamp
    let results: Reply[]
    let changed = false
    try {
      const reply = await send(stamp, jobs)
      results = reply.results
      changed = reply.position > position
      position = Math.max(position, reply.position)
      if (!reply.failure) {
        statements = reply.statements
        // What was taken over from another store may be later than the clock.
        last = Math.max(last, reply.stored)
        tell(jobs, reply)
        if (reply.measured.fresh * 2 > weight) headStart.learn(weight, reply.measured.ms)
        if (reply.logDue) void moveLog()
        isDiskQuick = reply.measured.syncMs * 2 < reply.measured.ms
      }
    } catch (error) {
      results = jobs.map(() => ({
        ok: false,
        outage: true,
        message: (error as Error).message,
        stack: undefined,
      }))
    }
    committing.shift()
    jobs.forEach((job, i) => {
      const result = results[i]!
      if (result.ok) job.resolve(result.value)
      else job.reject(errorOf(result))
    })
    if (changed) for (const wake of listeners) wake()
    schedule()
  }

  async function moveLog(): Promise<void> {
    if (movingLog) return
    movingLog = true
    try {
      const all = await during<boolean>(() =>
        readers.least('log.move').call({ read: { place, now: clock(), name: 'log.move', args: [] } }),
      )
      if (!all) await delay(MOVE_LOG_AGAIN, undefined, { ref: false })
    } catch {
      // SQLite does it when the log has become much larger.
    } finally {
      movingLog = false
    }
  }

  function tell(jobs: Job[], { measured: { fresh, ms, syncMs } }: GroupReply): void {
    const sinceAsked = performance.now() - jobs[0]!.asked
    committed({ calls: jobs.length, statements: fresh, waitMs: Math.max(0, sinceAsked - ms), ms, syncMs })
  }

  /** Opens the database for a call, and knows of the call until it has ended. */
  async function during<T>(call: () => Promise<unknown>): Promise<T> {
    if (ending) throw new StorageUnavailable('The store is closed')
    calls++
    try {
      await open()
      return (await call()) as T
    } finally {
      calls--
      if (ending && calls === 0) ended.resolve()
    }
  }

  return {
    open,
    write: (name, ...args) =>
      during(() => {
        const { promise, resolve, reject } = Promise.withResolvers<unknown>()
        queue.push({ name, args, weight: weigh(args), asked: performance.now(), resolve, reject })
        writes++
        schedule()
        return promise.finally(() => writes--)
      }),
    read: (name, ...args) => during(() => readers.read({ place, now: clock(), name, args })),
    async watermark() {
      await open()
      const [next] = committing
      if (next !== undefined) {
        told = Math.max(told, Math.min(clock(), next) - 1)
        return Math.max(shown, told)
      }
      // One below the clock, so that a commit within this millisecond still gets the clock's time.
      last = Math.max(last, clock() - 1)
      return last
    },
    shown(stored) {
      shown = Math.max(shown, stored)
    },
    onChange(wake) {
      listeners.add(wake)
      return () => listeners.delete(wake)
    },
    async figures() {
      const opened = await opening?.then(
        () => true,
        () => false,
      )
      if (!opened) return null
      const [file, log] = await Promise.all([sizeOf(place.path), sizeOf(`${place.path}-wal`)])
      return { bytes: file, logBytes: log, waiting: writes, reading: calls - writes, statements }
    },
    async end() {
      ending = true
      if (calls === 0) ended.resolve()
      await ended.promise
      // A time that was told as the watermark stays below all later ones, also when the clock is set back meanwhile.
      if (opening) await send(last, [])
    },
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  )

function weigh([first]: unknown[]): number {
  if (Array.isArray(first)) return Math.max(1, first.length)
  return (first as { count?: number } | undefined)?.count ?? 1
}
