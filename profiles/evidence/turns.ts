/** Work done one after another, in turn among those who wait: whoever sends many files waits behind their own. */
export interface Turns {
  /** Null when too many wait, of all or of this one's own. */
  take<T>(who: string, work: () => Promise<T>): Promise<T> | null
}

/** @param most Of all who wait, and of one. */
export function createTurns(most: { all: number; one: number }): Turns {
  /** In the order in which each has the next turn. */
  const waiting = new Map<string, (() => Promise<void>)[]>()
  let count = 0
  let isBusy = false

  async function run(): Promise<void> {
    if (isBusy) return
    isBusy = true
    for (const [who, [work, ...rest]] of inTurn(waiting)) {
      waiting.delete(who)
      if (rest.length > 0) waiting.set(who, rest)
      count--
      await work?.()
    }
    isBusy = false
  }

  return {
    take(who, work) {
      const own = waiting.get(who) ?? []
      if (count >= most.all || own.length >= most.one) return null
      count++
      return new Promise((resolve, reject) => {
        waiting.set(who, [...own, () => work().then(resolve, reject)])
        void run()
      })
    },
  }
}

/** The first of the map, as long as there is one. */
function* inTurn<K, V>(map: ReadonlyMap<K, V>): Iterable<[K, V]> {
  for (;;) {
    const [first] = map
    if (!first) return
    yield first
  }
}
