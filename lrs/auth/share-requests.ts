import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Collections, defineCollection } from '../storage/collections.ts'
import type { RequestLog, RequestNote } from './sources.ts'

/** Key: the process. Its newest requests, numbered; gone a minute after it said nothing. */
const SHARED = defineCollection<{ notes: { number: number; note: RequestNote }[] }>('shared-requests')

/** Others hear of a request after so long, ms. */
const EVERY = 2_000
/** A request is told so many times in a row: who looks as often misses none. */
const TOLD = 3
/** Of one source, and of all, at a time: what is watched is the source that sends little. */
const MOST_OF_SOURCE = 5
const MOST = 200
const LIFE = 60_000

/**
 * The log of requests over all processes on one store: each tells the others of its own every two seconds, and only when
 * there were any, so that what an administrator watches does not depend on which process shows the page.
 */
export function shareRequests(
  log: RequestLog,
  system: Collections,
  { every = EVERY }: { every?: number } = {},
): RequestLog & { stop(): Promise<void> } {
  const own = randomUUID()
  const stopped = new AbortController()
  const heard = new Map<string, number>()
  let count = 0
  let fresh: { number: number; note: RequestNote }[] = []
  let told: (typeof fresh)[] = []

  async function tell(): Promise<void> {
    if (fresh.length === 0) return
    const bySource = new Map<string, number>()
    const chosen = fresh.toReversed().filter(({ note }) => {
      const before = bySource.get(note.source) ?? 0
      bySource.set(note.source, before + 1)
      return before < MOST_OF_SOURCE
    })
    fresh = []
    told = [chosen.slice(0, MOST).toReversed(), ...told].slice(0, TOLD)
    await system.put(SHARED, own, { notes: told.toReversed().flat() }, { expires: Date.now() + LIFE })
  }

  async function listen(): Promise<void> {
    const { docs } = await system.scan(SHARED, { limit: 100 })
    for (const key of heard.keys()) if (!docs.some((doc) => doc.key === key)) heard.delete(key)
    for (const { key, value } of docs) {
      if (key === own) continue
      for (const { number, note } of value.notes) {
        if (number <= (heard.get(key) ?? 0)) continue
        heard.set(key, number)
        log.note(note)
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await pause(every, null, { signal: stopped.signal, ref: false }).catch(() => {})
      // In an outage nobody hears of anything; what comes afterwards is told.
      await Promise.all([tell(), listen()]).catch(() => {})
    }
  }
  const running = run()

  return {
    note(note) {
      log.note(note)
      fresh.push({ number: ++count, note })
      // Between two turns of a server under load.
      if (fresh.length > 20 * MOST) fresh.splice(0, 10 * MOST)
    },
    recent: log.recent,
    async stop() {
      stopped.abort()
      await running
    },
  }
}
