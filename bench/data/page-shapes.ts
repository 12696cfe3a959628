import { createRandom, type Random } from '../random.ts'
import type { Sample } from './build.ts'
import { ANSWERED, HOT_ACTIVITY, HOT_AGENT } from './population.ts'

/** By what a page is filtered. The related ones widen `agent` and `activity`, so they never stand beside those. */
export const FILTERS = [
  'agent',
  'verb',
  'activity',
  'registration',
  'related-agent',
  'related-activity',
  'window',
] as const
export type Filter = (typeof FILTERS)[number]

/** A kind of page, with many different values. */
export interface PageShape {
  /** `agent+verb`, or `agent+verb/ascending`. */
  name: string
  /** More than two filters at once. */
  wide: boolean
  /** Path and query of so many pages, the same from the same seed. */
  paths(count: number, seed: number): string[]
}

const TRIPLES: readonly Filter[][] = [
  ['agent', 'verb', 'activity'],
  ['agent', 'verb', 'window'],
  ['agent', 'activity', 'window'],
  ['agent', 'verb', 'registration'],
  ['verb', 'activity', 'registration'],
  ['verb', 'activity', 'window'],
  ['verb', 'related-activity', 'window'],
  ['verb', 'related-agent', 'related-activity'],
  ['verb', 'related-agent', 'window'],
]
/** Pages that are the same each time: what is hot, and pairs that are hot each and have nothing in common. */
const FIXED: readonly { name: string; parameters: Record<string, string>; wide?: boolean }[] = [
  { name: 'hot-agent', parameters: { agent: JSON.stringify(HOT_AGENT) } },
  { name: 'hot-activity', parameters: { activity: HOT_ACTIVITY } },
  { name: 'hot-agent+verb', parameters: { agent: JSON.stringify(HOT_AGENT), verb: ANSWERED.id } },
  { name: 'empty-agent+activity', parameters: { agent: JSON.stringify(HOT_AGENT), activity: HOT_ACTIVITY } },
  { name: 'empty-verb+activity', parameters: { verb: ANSWERED.id, activity: HOT_ACTIVITY } },
  {
    name: 'empty-related',
    parameters: {
      agent: JSON.stringify(HOT_AGENT),
      activity: HOT_ACTIVITY,
      related_agents: 'true',
      related_activities: 'true',
    },
  },
  {
    name: 'empty-agent+verb+activity',
    parameters: { agent: JSON.stringify(HOT_AGENT), verb: ANSWERED.id, activity: HOT_ACTIVITY },
    wide: true,
  },
]

export function pageShapes(samples: readonly Sample[]): PageShape[] {
  const singles = FILTERS.map((filter) => [filter])
  const pairs = FILTERS.flatMap((one, index) => FILTERS.slice(index + 1).map((other) => [one, other]))
  const drawn = [...singles, ...pairs.filter(standTogether), ...TRIPLES].map((filters) => ({
    name: filters.join('+'),
    wide: filters.length > 2,
    draw: (random: Random) => drawParameters(filters, samples, random),
  }))
  const fixed = FIXED.map(({ name, parameters, wide = false }) => ({ name, wide, draw: () => parameters }))
  return [...drawn, ...fixed].flatMap(({ name, wide, draw }) =>
    [false, true].map((ascending) => ({
      name: ascending ? `${name}/ascending` : name,
      wide,
      paths(count: number, seed: number) {
        const random = createRandom(seed)
        return Array.from({ length: count }, () => pathOf(draw(random), ascending))
      },
    })),
  )
}

const standTogether = (filters: readonly Filter[]) =>
  !(filters.includes('agent') && filters.includes('related-agent')) &&
  !(filters.includes('activity') && filters.includes('related-activity'))

/** In four of five pages all values are of one statement, so that there is a match; else each is of another one. */
function drawParameters(filters: readonly Filter[], samples: readonly Sample[], random: Random) {
  const together = random.next() < 0.8
  const fitting = (filter: Filter, sample: Sample) => givenBy(filter, sample) !== null
  for (;;) {
    const one = random.pick(samples)
    const chosen = filters.map((filter) => ({ filter, sample: together ? one : random.pick(samples) }))
    if (!chosen.every(({ filter, sample }) => fitting(filter, sample))) continue
    return Object.assign({}, ...chosen.map(({ filter, sample }) => parametersOf(filter, sample, random)))
  }
}

function givenBy(filter: Filter, sample: Sample): unknown {
  switch (filter) {
    case 'related-agent':
      return sample.relatedAgent
    case 'related-activity':
      return sample.relatedActivity
    case 'window':
      return sample.stored
    default:
      return sample[filter]
  }
}

function parametersOf(filter: Filter, sample: Sample, random: Random): Record<string, string> {
  switch (filter) {
    case 'agent':
      return { agent: JSON.stringify(sample.agent) }
    case 'related-agent':
      return { agent: JSON.stringify(sample.relatedAgent), related_agents: 'true' }
    case 'activity':
      return { activity: sample.activity! }
    case 'related-activity':
      return { activity: sample.relatedActivity!, related_activities: 'true' }
    case 'window': {
      // From some hours to all ten months.
      const half = 150 * 86_400_000 * 10 ** (-3 * random.next())
      const iso = (time: number) => new Date(Math.round(time)).toISOString()
      return { since: iso(sample.stored - half), until: iso(sample.stored + half) }
    }
    default:
      return { [filter]: sample[filter]! }
  }
}

const pathOf = (parameters: Record<string, string>, ascending: boolean) =>
  `/statements?${new URLSearchParams({ ...parameters, limit: '25', ...(ascending ? { ascending: 'true' } : {}) })}`
