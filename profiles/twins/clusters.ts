import type { SameAs } from '../mapping/aliases.ts'
import { shareOf } from '../projection/attempts.ts'
import type { Tally } from '../projection/tally.ts'
import type { Level } from '../types.ts'
import { TWINS } from './rules.ts'

export interface Relations {
  /** Whether these lines may tell of the same thing (`mayBeTwins`). */
  isNear(a: string, b: string): boolean
  /** Whether their person said that these lines are not the same. */
  isApart(a: string, b: string): boolean
}

/** Whether two lines of a person could tell of the same thing, by what is the same however much is still to come. */
export function mayBeTwins(a: Tally, b: Tally, sameAs: SameAs): boolean {
  if (a.source === b.source || a.at === null || b.at === null) return false
  if (a.activity !== b.activity && !sameAs(a.activity).includes(b.activity)) return false
  return isTied(a, b) || Math.abs(a.at - b.at) <= TWINS.within
}

export const isTied = (a: Tally, b: Tally) => a.registration !== null && a.registration === b.registration

/** Whether lines that hang together are so many, or tell of so many days, that none is taken for another. */
export function isTooMuchForOne(lines: readonly Tally[]): boolean {
  if (lines.length < 2) return false
  // Of an earlier version of the product: how many days is not known yet.
  const days = lines.reduce((sum, line) => sum + (line.days?.length ?? TWINS.days + 1), 0)
  return lines.length > TWINS.lines || days > TWINS.days
}

/** Whether two lines say nothing different of what came of it, where both say something. */
export function agree(a: Tally, b: Tally): boolean {
  return TWINS.agree.every((what) =>
    what === 'success' ? isEqual(a.success?.value, b.success?.value) : isEqualScore(a.score, b.score),
  )
}

const isEqual = <T>(a: T | undefined, b: T | undefined) => a === undefined || b === undefined || a === b

function isEqualScore(a: Tally['score'], b: Tally['score']): boolean {
  if (a === null || b === null) return true
  const [one, other] = [shareOf(a.value), shareOf(b.value)]
  return one !== null && other !== null
    ? Math.abs(one - other) <= TWINS.scoreWithin
    : isEqual(a.value.raw, b.value.raw)
}

/**
 * Sorts lines that hang together into those that are one: the nearest two first, as long as no source would tell twice,
 * nobody said that two of them are not the same, and, unless a registration ties the two, all of them agree. What comes of it
 * depends on the lines alone. Each cluster is in the order in which its lines are believed, the clusters in that of their
 * first lines.
 */
export function clustersOf(lines: readonly Tally[], { isNear, isApart }: Relations): Tally[][] {
  const inOrder = lines.toSorted(byWeight)
  const clusters = new Map(inOrder.map((line) => [line.line, [line]]))
  for (const { a, b, tied } of edgesOf(inOrder, isNear)) {
    const [one, other] = [clusters.get(a.line)!, clusters.get(b.line)!]
    if (one === other) continue
    const mayJoin = one.every((x) =>
      other.every((y) => x.source !== y.source && !isApart(x.line, y.line) && (tied || agree(x, y))),
    )
    if (!mayJoin) continue
    const joined = [...one, ...other].sort(byWeight)
    for (const { line } of joined) clusters.set(line, joined)
  }
  return [...new Set(clusters.values())]
}

interface Edge {
  a: Tally
  b: Tally
  tied: boolean
  gap: number
}

/** Tied ones first, then the nearest in time; of equally near ones those of the weightier lines. */
function edgesOf(lines: readonly Tally[], isNear: Relations['isNear']): Edge[] {
  const edges: Edge[] = []
  lines.forEach((a, at) => {
    for (const b of lines.slice(at + 1))
      if (isNear(a.line, b.line))
        edges.push({ a, b, tied: isTied(a, b), gap: Math.abs((a.at ?? 0) - (b.at ?? 0)) })
  })
  return edges.sort((x, y) => Number(y.tied) - Number(x.tied) || x.gap - y.gap)
}

/** In which order lines of one thing are believed: by level, then the earlier one, then by id. */
export function byWeight(a: Tally, b: Tally): number {
  return (
    TWINS.levels.indexOf(levelOf(a)) - TWINS.levels.indexOf(levelOf(b)) ||
    (a.at ?? 0) - (b.at ?? 0) ||
    (a.line < b.line ? -1 : 1)
  )
}

const levelOf = ({ lead }: Tally): Level => lead?.level ?? 'tu-khai'
