import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type Collections, defineCollection, type Json } from '../storage/collections.ts'

/**
 * Key: what is done by one process at a time. Who waits measures by its own clock how long the document has stayed as it
 * is, so that no machine's clock is compared with another's.
 */
export const leases = defineCollection<{ holder: string; note: Json }>('leases')

/**
 * A sign among processes on one store that one of them does a thing. It saves double work and is no lock: a holder that
 * was only slow may go on for a moment beside the next one, so what must happen once is fenced by a revision too.
 */
export interface Lease {
  /** Whether this process is to do it now. */
  held(): boolean
  /** What the holder said last; null when that is this process, or nobody. */
  noted(): Json
  /** Gives it back. */
  stop(): Promise<void>
}

export interface LeaseOptions {
  /** A lease that was not kept for so long is free, ms. */
  life?: number
  /** Kept so often, and looked at by who waits twice as often, ms. */
  beat?: number
  /** What others are to know of the holder. */
  note?: () => Json
  onTaken?: () => void
  /** The store could not be asked; it is asked again. */
  onError?: (error: unknown) => void
}

/** With these, another process goes on within ten seconds after a holder died. */
export const LIFE = 6_000
export const BEAT = 2_000

export function createLease(
  collections: Collections,
  name: string,
  {
    life = LIFE,
    beat = BEAT,
    note = () => null,
    onTaken = () => {},
    // In an outage it runs out by itself.
    onError = () => {},
  }: LeaseOptions = {},
): Lease {
  // The first two are for people who look.
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`
  const stopped = new AbortController()
  let heldUntil = 0
  let noted: Json = null
  let seen = { revision: -1, at: 0 }
  const held = () => performance.now() < heldUntil

  /** Takes it where it is free, and keeps it where it is ours. */
  async function turn(): Promise<void> {
    const began = performance.now()
    const value = { holder, note: note() }
    const there = await collections.get(leases, name)
    const ours = there?.value.holder === holder
    if (there && !ours) {
      noted = there.value.note
      if (seen.revision !== there.revision) seen = { revision: there.revision, at: began }
      if (began - seen.at < life) return
    }
    const taken = there
      ? await collections.replace(leases, name, value, there.revision)
      : await collections.insert(leases, name, value)
    if (!taken) {
      heldUntil = 0
      return
    }
    const before = held()
    noted = null
    heldUntil = began + life
    if (!before) onTaken()
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await turn().catch(onError)
      await pause(held() ? beat : beat / 2, null, { signal: stopped.signal, ref: false }).catch(() => {})
    }
  }
  const running = run()

  async function giveBack(): Promise<void> {
    const there = await collections.get(leases, name)
    if (there?.value.holder !== holder) return
    await collections.batch([{ op: 'delete', collection: leases, key: name, revision: there.revision }])
  }

  return {
    held,
    noted: () => (held() ? null : noted),
    async stop() {
      stopped.abort()
      await running
      heldUntil = 0
      await giveBack().catch(onError)
    },
  }
}

/**
 * Does `work` while no other process on the store does what has this name: waits for them, and goes on when they died.
 * Without `shared` there are no others, and nothing is waited for. Rejects when the store cannot be asked.
 */
export async function doAlone<T>(
  { system, shared }: { system: Collections; shared: boolean },
  name: string,
  work: () => Promise<T>,
  options: Pick<LeaseOptions, 'life' | 'beat'> = {},
): Promise<T> {
  if (!shared) return work()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const lease = createLease(system, name, { ...options, onTaken: resolve, onError: reject })
  try {
    await promise
    return await work()
  } finally {
    await lease.stop()
  }
}
