import { type Figures, type Sizes, type Times, WORKS, type Work } from '../../web/index.ts'

/** Counts by duration, sparse: key `k` holds what took up to 2^(k/4) ms. Sums are as exact as their parts. */
export type Durations = Record<string, number>

/** What is counted in one stretch of time; adds up. */
export interface Period {
  from: number
  requests: number
  failures: number
  sources: Record<string, { statements: number; refused: number; problems: Record<string, number> }>
  work: Record<Work, Durations>
  commits: Durations
  lagSeconds: number
  sizes: Sizes | null
}

/** What is kept of one hour stays small: beyond these, sources are one, and rarer problems go uncounted. */
const MOST_SOURCES = 100
const MOST_PROBLEMS = 8
/** Name of all sources beyond the first hundred of a stretch. */
export const OTHER_SOURCES = ''

export function emptyPeriod(from: number): Period {
  return {
    from,
    requests: 0,
    failures: 0,
    sources: {},
    work: { write: {}, read: {}, list: {}, people: {} },
    commits: {},
    lagSeconds: 0,
    sizes: null,
  }
}

export function countDuration(into: Durations, ms: number): void {
  // Finer than a thousandth of a second nothing is told; coarser than a day nothing lasts.
  const key = Math.round(4 * Math.log2(Math.min(86_400_000, Math.max(0.001, ms))) + 0.5)
  into[key] = (into[key] ?? 0) + 1
}

/** The counters of a source, or those of all others when there are too many. */
export function sourceIn(period: Period, id: string): Period['sources'][string] {
  const known = Object.hasOwn(period.sources, id)
  const name = known || Object.keys(period.sources).length < MOST_SOURCES ? id : OTHER_SOURCES
  const source = period.sources[name] ?? { statements: 0, refused: 0, problems: {} }
  period.sources[name] = source
  return source
}

export function countProblem(problems: Record<string, number>, id: string, times = 1): void {
  if (id in problems || Object.keys(problems).length < MOST_PROBLEMS)
    problems[id] = (problems[id] ?? 0) + times
}

/** Adds what a later stretch counted. */
export function addPeriod(into: Period, more: Period): void {
  into.requests += more.requests
  into.failures += more.failures
  for (const [id, counted] of Object.entries(more.sources)) {
    const source = sourceIn(into, id)
    source.statements += counted.statements
    source.refused += counted.refused
    for (const [problem, times] of Object.entries(counted.problems))
      countProblem(source.problems, problem, times)
  }
  for (const work of WORKS) addDurations(into.work[work], more.work[work])
  addDurations(into.commits, more.commits)
  into.lagSeconds = Math.max(into.lagSeconds, more.lagSeconds)
  into.sizes = more.sizes ?? into.sizes
}

function addDurations(into: Durations, more: Durations): void {
  for (const [key, count] of Object.entries(more)) into[key] = (into[key] ?? 0) + count
}

/** A stretch as it is read. `period` null: nothing is known of it. */
export function figuresOf(period: Period | null, from: number, length: number): Figures {
  const { requests, failures, sources, work, commits, lagSeconds, sizes } = period ?? emptyPeriod(from)
  const all = Object.entries(sources)
  return {
    from,
    length,
    known: period !== null,
    requests,
    failures,
    lagSeconds,
    sizes,
    statements: Object.fromEntries(
      all.filter(([, one]) => one.statements > 0).map(([id, one]) => [id, one.statements]),
    ),
    refused: Object.fromEntries(
      all
        .filter(([, one]) => one.refused > 0)
        .map(([id, { refused, problems }]) => [id, { count: refused, problems }]),
    ),
    work: Object.fromEntries(WORKS.map((kind) => [kind, timesOf(work[kind])])) as Figures['work'],
    commits: timesOf(commits),
  }
}

function timesOf(durations: Durations): Times {
  const sorted = Object.entries(durations)
    .map(([key, count]) => ({ key: Number(key), count }))
    .sort((a, b) => a.key - b.key)
  const count = sorted.reduce((sum, one) => sum + one.count, 0)
  const within = (share: number): number | null => {
    let seen = 0
    for (const one of sorted) {
      seen += one.count
      if (seen >= share * count) return 2 ** (one.key / 4)
    }
    return null
  }
  return { count, p50: within(0.5), p99: within(0.99) }
}
