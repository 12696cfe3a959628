import type { RecordLine } from '../types.ts'
import type { Fact } from './fact.ts'
import { byTime, type Mark } from './order.ts'
import type { Tally } from './tally.ts'
import { TIERS } from './verbs.ts'

/** What one statement says of how a go at the whole activity went. */
export interface Result extends Mark {
  go: string | null
  score: RecordLine['score']
  success: boolean | null
}
export interface Best extends Mark {
  /** 0 to 1, so that scores of several scales compare. */
  share: number
  score: NonNullable<RecordLine['score']>
}

/** Results kept of one line: who goes at a quiz more often is told "so many at least". */
export const MAX_RESULTS = 60
/** An LMS tells of one go in several statements, one after the other; what comes later is another go. ms */
const ONE_GO = 60_000

export function resultOf(fact: Fact): Result[] {
  if (fact.part || (fact.score === null && fact.success === null)) return []
  if (TIERS.indexOf(fact.tier) < TIERS.indexOf('answer')) return []
  return [{ at: fact.at, id: fact.id, go: fact.go ?? null, score: fact.score, success: fact.success }]
}

export function bestOf(fact: Fact): Best | null {
  const share = fact.part || fact.score === null ? null : shareOf(fact.score)
  return share === null || fact.score === null ? null : { at: fact.at, id: fact.id, share, score: fact.score }
}

export function addResults(a: readonly Result[], b: readonly Result[]): Result[] {
  return [...a, ...b].sort(byTime).slice(-MAX_RESULTS)
}

/** The greater share, then the later. */
export function better(a: Best, b: Best): number {
  return a.share - b.share || byTime(a, b)
}

/** How often it was gone at, with the best and the last score; null for a single go or none. */
export function attemptsOf({ results, best }: Pick<Tally, 'results' | 'best'>): RecordLine['attempts'] {
  const goes: Result[][] = []
  const named = new Map<string, Result[]>()
  let open: { last: number; of: Result[] } | null = null
  for (const result of results ?? []) {
    if (result.go !== null) {
      const go = named.get(result.go)
      if (go) go.push(result)
      else {
        const of = [result]
        named.set(result.go, of)
        goes.push(of)
      }
    } else if (open !== null && result.at - open.last <= ONE_GO) {
      open.of.push(result)
      open.last = result.at
    } else {
      open = { last: result.at, of: [result] }
      goes.push(open.of)
    }
  }
  if (goes.length < 2) return null
  const last = goes.toSorted((a, b) => byTime(a.at(-1)!, b.at(-1)!)).at(-1)!
  return {
    count: goes.length,
    most: (results ?? []).length === MAX_RESULTS,
    best: best?.score ?? null,
    last: last.findLast(({ score }) => score !== null)?.score ?? null,
    lastSuccess: last.findLast(({ success }) => success !== null)?.success ?? null,
  }
}

export function shareOf({ scaled, raw, max }: NonNullable<RecordLine['score']>): number | null {
  if (scaled !== undefined) return scaled
  return raw !== undefined && max !== undefined && max > 0 ? raw / max : null
}
