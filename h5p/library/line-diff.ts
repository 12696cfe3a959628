export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** More lines that differ than this are told as all removed and all added. */
const MOST_EDITS = 400

/**
 * What turned one text into another, line by line, the shortest way (E. W. Myers, An O(ND) Difference Algorithm, 1986).
 * Takes time and memory by the lines times those that differ.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before)
  const b = linesOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ kind: 'same', text }))
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ]
}

/** Runs of lines that differ, with so many unchanged ones around them; null stands for those left out. */
export function withContext(lines: readonly DiffLine[], around: number): (DiffLine | null)[] {
  const near = new Set<number>()
  for (const [at, { kind }] of lines.entries())
    if (kind !== 'same') for (let i = at - around; i <= at + around; i++) near.add(i)
  const found: (DiffLine | null)[] = []
  for (const [at, line] of lines.entries())
    if (near.has(at)) found.push(line)
    else if (at === 0 || near.has(at - 1)) found.push(null)
  return found
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const trace = search(a, b)
  if (!trace)
    return [
      ...a.map((text): DiffLine => ({ kind: 'removed', text })),
      ...b.map((text): DiffLine => ({ kind: 'added', text })),
    ]
  const found: DiffLine[] = []
  let x = a.length
  let y = b.length
  for (let d = trace.length - 1; d >= 0; d--) {
    const reached = trace[d]!
    const k = x - y
    const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1))
    const fromK = down ? k + 1 : k - 1
    const fromX = d === 0 ? 0 : reached.get(fromK)!
    const fromY = d === 0 ? 0 : fromX - fromK
    while (x > fromX && y > fromY) {
      found.push({ kind: 'same', text: a[--x]! })
      y--
    }
    if (d === 0) break
    if (down) found.push({ kind: 'added', text: b[--y]! })
    else found.push({ kind: 'removed', text: a[--x]! })
  }
  return found.reverse()
}

/** For each number of edits how far each diagonal had got before it; null: there are too many. */
function search(a: readonly string[], b: readonly string[]): Map<number, number>[] | null {
  const trace: Map<number, number>[] = []
  const reached = new Map<number, number>([[1, 0]])
  for (let d = 0; d <= Math.min(a.length + b.length, MOST_EDITS); d++) {
    trace.push(new Map(reached))
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1))
      let x = down ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reached.set(k, x)
      if (x >= a.length && x - k >= b.length) return trace
    }
  }
  return null
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
