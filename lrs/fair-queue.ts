/** Those who wait, in lines by owner, taken in turn: one of each line, then the next one of each. */
export interface FairQueue<T> {
  push(owner: string, item: T): void
  /** The first of the next line that `may` go; without `may`, of the next line. */
  take(may?: (owner: string, item: T) => boolean): T | undefined
  /** How many of this owner wait. */
  waiting(owner: string): number
  readonly size: number
}

export function createFairQueue<T>(): FairQueue<T> {
  // A Map keeps the order of insertion: a line that had its turn goes to the end.
  const lines = new Map<string, T[]>()
  let size = 0
  return {
    get size() {
      return size
    },
    waiting: (owner) => lines.get(owner)?.length ?? 0,
    push(owner, item) {
      const line = lines.get(owner)
      if (line) line.push(item)
      else lines.set(owner, [item])
      size += 1
    },
    take(may = () => true) {
      for (const [owner, line] of lines) {
        if (!may(owner, line[0]!)) continue
        const item = line.shift()
        lines.delete(owner)
        if (line.length > 0) lines.set(owner, line)
        size -= 1
        return item
      }
      return undefined
    },
  }
}
