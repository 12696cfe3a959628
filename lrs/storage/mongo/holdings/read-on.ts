/** What lies in an order is read on and on: the server need not look for the place anew with each page. */
export interface ReadOn<T> {
  /** What lies behind `after`, until it is enough or there is no more. It stays until it is passed. */
  look(
    after: number,
    isEnough: (item: T, count: number) => boolean,
  ): Promise<{ items: T[]; isWhole: boolean }>
  /** Drops what lies up to there. */
  pass(place: number): void
  close(): Promise<void>
}

export interface Source<T> {
  tryNext(): Promise<T | null>
  close(): Promise<void>
}

/**
 * What lies behind `after` up to `end`, opened span by span: no single question is about all of it, whatever a server
 * takes for a cursor.
 */
export function inSpans<T>(
  after: number,
  end: number,
  span: number,
  open: (after: number, to: number) => Source<T>,
): Source<T> {
  let to = after
  let source: Source<T> | null = null
  return {
    async tryNext() {
      for (;;) {
        const item = source === null ? null : await source.tryNext()
        if (item !== null) return item
        await source?.close()
        source = null
        if (to >= end) return null
        const from = to
        to = Math.min(from + span, end)
        source = open(from, to)
      }
    },
    close: async () => void (await source?.close()),
  }
}

/** Reads what `from` opens behind a place; `placeOf` grows from one to the next. */
export function createReadOn<T>(from: (after: number) => Source<T>, placeOf: (item: T) => number): ReadOn<T> {
  let source: Source<T> | null = null
  let held: T[] = []
  let behind = 0
  let isWhole = false

  async function open(after: number): Promise<Source<T>> {
    await close()
    behind = after
    return from(after)
  }
  async function close(): Promise<void> {
    const last = source
    source = null
    held = []
    isWhole = false
    await last?.close().catch(() => {})
  }
  async function next(): Promise<T | null> {
    try {
      return await source!.tryNext()
    } catch {
      // A cursor ends with its connection: once more, from where it was.
      const last = held.at(-1)
      await source!.close().catch(() => {})
      source = from(last === undefined ? behind : placeOf(last))
      return source.tryNext()
    }
  }

  return {
    async look(after, isEnough) {
      if (source === null || after !== behind) source = await open(after)
      for (let count = 1; ; count++) {
        if (held.length < count && !isWhole) {
          const item = await next()
          if (item === null) isWhole = true
          else held.push(item)
        }
        if (held.length < count) return { items: held, isWhole: true }
        if (isEnough(held[count - 1]!, count)) return { items: held.slice(0, count), isWhole: false }
      }
    },
    pass(place) {
      const left = held.findIndex((item) => placeOf(item) > place)
      held = left < 0 ? [] : held.slice(left)
      behind = place
    },
    close,
  }
}
