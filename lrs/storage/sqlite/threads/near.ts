import { StorageUnavailable } from '../../port.ts'
import { isBusy, isOutage } from '../connection.ts'
import type { ReadName } from '../operations/index.ts'
import type { Read } from './messages.ts'
import { createReading, runRead } from './read.ts'

/** One row by its key: to ask another thread for it takes longer than to read it (docs/adr/0017-reads-nearby.md). */
export const NEAR: ReadonlySet<ReadName> = new Set([
  'statements.getText',
  'statements.get',
  'collections.get',
])

/** Between two looks at the lines that requests come in by, ms. */
const TURN_MS = 2

/** Reads on the thread that asks. */
export interface Near {
  call(read: Read): Promise<unknown>
  close(): void
}

interface Call {
  read: Read
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * The calls of one turn of the event loop are done together, on one state of each database: one after another as they
 * come in, each would find the processor's caches full of something else, and take three times as long.
 * `elsewhere` is for a database that somebody holds for a moment.
 */
export function createNear(elsewhere: (read: Read) => Promise<unknown>): Near {
  const reading = createReading('near')
  let waiting: Call[] = []

  function turn(): void {
    const until = performance.now() + TURN_MS
    const calls = waiting
    waiting = []
    for (let at = 0; at < calls.length; ) {
      if (performance.now() >= until) {
        waiting = calls.slice(at)
        setImmediate(turn)
        return
      }
      at = readOn(calls, at, until)
    }
  }

  /** Does the calls for one database that stand one behind another; returns where it stopped. */
  function readOn(calls: readonly Call[], from: number, until: number): number {
    const { place } = calls[from]!.read
    let at = from
    try {
      reading.on(place, (db) => {
        for (; at < calls.length && calls[at]!.read.place === place; at++) {
          if (at > from && performance.now() >= until) return
          const { read, resolve, reject } = calls[at]!
          try {
            resolve(runRead(db, read))
          } catch (error) {
            if (isOutage(error)) throw error
            reject(error)
          }
        }
      })
      return at
    } catch (error) {
      const { read, resolve, reject } = calls[at]!
      if (isBusy(error)) resolve(elsewhere(read))
      else reject(isOutage(error) ? new StorageUnavailable((error as Error).message) : error)
      return at + 1
    }
  }

  return {
    call(read) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      if (waiting.length === 0) setImmediate(turn)
      waiting.push({ read, resolve, reject })
      return promise
    },
    close() {
      turn()
      reading.close()
    },
  }
}
