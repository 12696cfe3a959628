import type { Position, TenantStorage } from '../storage/port.ts'
import { advance, replay, standing } from './advance.ts'
import type { ConsumerState, FeedConsumer } from './consumer.ts'
import { createLease, type Lease, type LeaseOptions } from './lease.ts'
import { createWakeable, type Wakeable } from './wakeable.ts'

export interface ConsumerRunner {
  states(): Promise<ConsumerState[]>
  /** Sends a consumer through the whole feed again, from the start. False when there is none of that name. */
  rebuild(name: string): Promise<boolean>
  /** Resolves when every consumer has taken all that the feed held at the call; for tests. */
  idle(): Promise<void>
  /** Resolves when what was under way has ended. */
  stop(): Promise<void>
}

export interface RunnerOptions {
  /** Looks for entries so often without being woken, ms. */
  poll?: number
  /** Lets entries gather so long when few came, ms: one batch of many costs little more than one of a few. */
  gather?: number
  /**
   * One that gets changes alone looks so seldom, ms: every write wakes it, nearly none has something for it, and nobody
   * waits for what it does.
   */
  rest?: number
  /** First pause after an error, ms; it doubles with each further one, up to `longestPause`. */
  firstPause?: number
  longestPause?: number
  /**
   * Other processes run the same consumers on the same store: each consumer runs in one of them, and in another within
   * ten seconds when that one dies. Its options are for tests.
   */
  shared?: boolean | Pick<LeaseOptions, 'life' | 'beat'>
}

/** A batch may fail so often in a row before it counts as an error. */
const MOST_OVERTAKEN = 20
/** Fewer entries at once are few. */
const FEW = 100
/** Looks so often, ms, how far a consumer has come that runs in another process. */
const WATCH = 1_000

interface Running {
  consumer: FeedConsumer
  position: Position
  behindSince: number | null
  lastError: ConsumerState['lastError']
  /** In a row. */
  errors: number
  failures: number
  /** Times in a row that its batch failed by a precondition. */
  overtaken: number
  wakeable: Wakeable
  gathering: Wakeable
  /** null: no other process runs it. */
  lease: Lease | null
  waiting: { end: Position; resolve(): void }[]
}

const isHere = ({ lease }: Running) => lease === null || lease.held()

/** Runs a tenant's consumers, each at its own pace and with its own cursor: one that fails does not hold the others. */
export function runConsumers(
  storage: Pick<TenantStorage, 'feed' | 'collections'>,
  consumers: readonly FeedConsumer[],
  {
    poll = 5_000,
    gather = 50,
    rest = 1_000,
    firstPause = 100,
    longestPause = 60_000,
    shared = false,
  }: RunnerOptions = {},
): ConsumerRunner {
  let stopped = false
  const running: Running[] = consumers.map(make)
  const unsubscribe = storage.feed.onChange(() => {
    for (const one of running) if (one.errors === 0 && isHere(one)) one.wakeable.wake()
  })
  const loops = running.map(run)

  function make(consumer: FeedConsumer): Running {
    const one: Running = {
      consumer,
      position: 0,
      behindSince: null,
      lastError: null,
      errors: 0,
      failures: 0,
      overtaken: 0,
      wakeable: createWakeable(),
      gathering: createWakeable(),
      lease: null,
      waiting: [],
    }
    if (shared)
      one.lease = createLease(storage.collections, `consumer ${consumer.name}`, {
        ...(typeof shared === 'object' && shared),
        note: () => one.lastError,
        onTaken: one.wakeable.wake,
      })
    return one
  }

  async function run(one: Running): Promise<void> {
    while (!stopped) {
      try {
        if (!isHere(one)) {
          const { position, atEnd } = await standing(storage, one.consumer)
          note(one, position, atEnd)
          if (!stopped) await one.wakeable.sleep(Math.min(poll, WATCH))
          continue
        }
        // What called for this look need not call for the next one.
        one.wakeable.clear()
        const result = await advance(storage, one.consumer)
        if (result.kind === 'overtaken') {
          if (++one.overtaken === MOST_OVERTAKEN)
            throw new Error('What it depends on changed again and again')
          continue
        }
        note(one, result.position, result.kind === 'at-end')
        if (result.kind === 'at-end') {
          if (one.consumer.changesOnly && !stopped) await one.gathering.sleep(rest)
          if (!stopped) await one.wakeable.sleep(poll)
        } else if (result.kind === 'moved' && result.entries < FEW && !stopped)
          await one.gathering.sleep(gather)
      } catch (error) {
        one.errors++
        one.failures++
        one.overtaken = 0
        one.lastError = { at: Date.now(), message: error instanceof Error ? error.message : String(error) }
        one.behindSince ??= Date.now()
        if (!stopped) await one.wakeable.sleep(Math.min(longestPause, firstPause * 2 ** (one.errors - 1)))
      }
    }
  }

  function note(one: Running, position: Position, atEnd: boolean): void {
    one.position = position
    one.errors = 0
    one.overtaken = 0
    one.lastError = null
    one.behindSince = atEnd ? null : (one.behindSince ?? Date.now())
    one.waiting = one.waiting.filter(({ end, resolve }) => {
      if (position < end) return true
      resolve()
      return false
    })
  }

  function reach(one: Running, end: Position): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    one.waiting.push({ end, resolve })
    one.wakeable.wake()
    one.gathering.wake()
    return promise
  }

  return {
    async states() {
      const end = await storage.feed.end()
      return running.map(({ consumer, position, behindSince, lastError, failures, lease }) => ({
        name: consumer.name,
        position,
        end,
        behindSince,
        // Who does not run it tells what the one says that does.
        lastError: lastError ?? ((lease?.noted() ?? null) as ConsumerState['lastError']),
        failures,
      }))
    },
    async rebuild(name) {
      const one = running.find(({ consumer }) => consumer.name === name)
      if (!one) return false
      await storage.collections.batch([replay(name)])
      one.position = 0
      one.wakeable.wake()
      return true
    },
    async idle() {
      const end = await storage.feed.end()
      const behind = running.filter((one) => one.position < end)
      await Promise.all(behind.map((one) => reach(one, end)))
    },
    async stop() {
      stopped = true
      unsubscribe()
      for (const one of running) for (const sleep of [one.wakeable, one.gathering]) sleep.wake()
      await Promise.all(loops)
      await Promise.all(running.map(({ lease }) => lease?.stop()))
    },
  }
}
