/**
 * Minutes of one local day as runs: `[from, to, from, to, …]`, from inclusive, to exclusive, in order, apart from each
 * other. The union is commutative, associative and idempotent, so it never matters in what order, or how often, something
 * arrives.
 */
export type Runs = number[]

export const MINUTES_OF_DAY = 1440

export function union(a: readonly number[], b: readonly number[]): Runs {
  if (a.length === 0 || b.length === 0) return [...a, ...b]
  return joined([...pairs(a), ...pairs(b)], 0)
}

/** Minutes of `a` that are not in `b`. */
export function without(a: readonly number[], b: readonly number[]): Runs {
  const left: Runs = []
  const others = pairs(b)
  for (const [from, to] of pairs(a)) {
    let start = from
    for (const [cutFrom, cutTo] of others) {
      if (cutTo <= start) continue
      if (cutFrom >= to) break
      if (cutFrom > start) left.push(start, cutFrom)
      start = Math.max(start, cutTo)
    }
    if (start < to) left.push(start, to)
  }
  return left
}

/** The runs with each pause of at most `pause` minutes between two of them filled. */
export function bridged(runs: readonly number[], pause: number): Runs {
  return joined(pairs(runs), pause)
}

export function minutesOf(runs: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < runs.length; at += 2) sum += runs[at + 1]! - runs[at]!
  return sum
}

function pairs(runs: readonly number[]): [number, number][] {
  const all: [number, number][] = []
  for (let at = 0; at < runs.length; at += 2) all.push([runs[at]!, runs[at + 1]!])
  return all
}

function joined(all: [number, number][], pause: number): Runs {
  const sorted = all.sort(([a], [b]) => a - b)
  const runs: Runs = []
  for (const [from, to] of sorted) {
    const last = runs.length - 1
    if (last >= 0 && from - runs[last]! <= pause) runs[last] = Math.max(runs[last]!, to)
    else runs.push(from, to)
  }
  return runs
}
