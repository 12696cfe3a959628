import { type Collections, defineCollection } from '../../lrs/index.ts'

/** What was refused at the doors of attempts, by day (UTC) and problem. Key: `<day>/<problem>`. */
const refusals = defineCollection<Refused>('h5p-refusals')

export interface Refused {
  /** `2026-11-28`, UTC. */
  day: string
  /** Id of the problem. */
  problem: string
  count: number
}

export interface Refusals {
  note(problem: string, count?: number): void
  /** Of the last so many days, the newest first; what was noted just now included. */
  last(days: number): Promise<Refused[]>
  /** Writes down what is only remembered yet. */
  stop(): Promise<void>
}

const DAY = 24 * 60 * 60 * 1000
/** A flood makes a write every so often, and not one for each refusal. */
const PAUSE = 1_000

export function createRefusals(
  collections: Collections,
  now: () => number,
  onRefused: (problem: string, count: number) => void = () => {},
): Refusals {
  let noted = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  let writing = Promise.resolve()

  async function write(): Promise<void> {
    const counts = noted
    noted = new Map()
    for (const [key, count] of counts)
      try {
        await add(collections, key, count)
      } catch {
        // In an outage they are kept for later.
        noted.set(key, (noted.get(key) ?? 0) + count)
      }
  }
  const flush = () => {
    timer = null
    writing = writing.then(write)
    return writing
  }

  return {
    note(problem, count = 1) {
      onRefused(problem, count)
      const key = `${dayOf(now())}/${problem}`
      noted.set(key, (noted.get(key) ?? 0) + count)
      timer ??= setTimeout(flush, PAUSE).unref()
    },
    async last(days) {
      await flush()
      const found: Refused[] = []
      for (let back = 0; back < days; back++) {
        const page = await collections.scan(refusals, { prefix: `${dayOf(now() - back * DAY)}/`, limit: 100 })
        found.push(...page.docs.map(({ value }) => value))
      }
      return found
    },
    async stop() {
      if (timer) clearTimeout(timer)
      await flush()
    },
  }
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

async function add(collections: Collections, key: string, count: number): Promise<void> {
  const [day = '', problem = ''] = key.split('/')
  while (true) {
    const held = await collections.get(refusals, key)
    const value = { day, problem, count: (held?.value.count ?? 0) + count }
    const written = held
      ? await collections.replace(refusals, key, value, held.revision)
      : await collections.insert(refusals, key, value)
    if (written) return
  }
}
