/**
 * What was asked for last, up to a weight in all; whoever asks for the same at once waits for one making. Only for what
 * never changes under its key: processes do not tell each other.
 */
export interface Memory<V> {
  /** Null from `make` is passed on and not kept. */
  get(key: string, make: () => Promise<V | null>): Promise<V | null>
  forget(key: string): void
}

export function createMemory<V>(bound: number, weigh: (value: V) => number): Memory<V> {
  /** In the order in which they were last asked for. */
  const kept = new Map<string, V>()
  const coming = new Map<string, Promise<V | null>>()
  let weight = 0

  function forget(key: string): void {
    const value = kept.get(key)
    if (value === undefined) return
    kept.delete(key)
    weight -= weigh(value)
  }
  function keep(key: string, value: V): void {
    forget(key)
    const own = weigh(value)
    if (own > bound) return
    kept.set(key, value)
    weight += own
    for (const oldest of kept.keys()) {
      if (weight <= bound) return
      forget(oldest)
    }
  }
  async function bring(key: string, make: () => Promise<V | null>): Promise<V | null> {
    const value = await make()
    if (value !== null) keep(key, value)
    return value
  }

  return {
    forget,
    async get(key, make) {
      const found = kept.get(key)
      if (found !== undefined) {
        kept.delete(key)
        kept.set(key, found)
        return found
      }
      const running = coming.get(key)
      if (running) return running
      const bringing = bring(key, make).finally(() => coming.delete(key))
      coming.set(key, bringing)
      return bringing
    },
  }
}
