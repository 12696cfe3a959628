/** Calls that are not answered yet. */
export interface Calls {
  reading: number
  waiting: number
}

/** The same functions, and while one of them is not answered it is counted: as reading where it is named so. */
export function countCalls<T extends object>(part: T, reads: readonly (keyof T & string)[], calls: Calls): T {
  const counted = Object.entries(part).map(([name, work]: [string, (...args: unknown[]) => unknown]) => {
    const kind = (reads as readonly string[]).includes(name) ? 'reading' : 'waiting'
    const count = (...args: unknown[]) => {
      const answer = work(...args)
      if (!(answer instanceof Promise)) return answer
      calls[kind]++
      return answer.finally(() => {
        calls[kind]--
      })
    }
    return [name, count]
  })
  return Object.fromEntries(counted) as T
}
