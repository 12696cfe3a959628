/** A sleep that a call ends early. A call that comes before the sleep ends the next one at once, so none is lost. */
export interface Wakeable {
  sleep(ms: number): Promise<void>
  wake(): void
  /** Forgets a call that ended no sleep. */
  clear(): void
}

export function createWakeable(): Wakeable {
  let called = false
  let end: (() => void) | null = null
  return {
    sleep(ms) {
      if (called) {
        called = false
        return Promise.resolve()
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(() => end?.(), ms).unref()
      end = () => {
        clearTimeout(timer)
        end = null
        called = false
        resolve()
      }
      return promise
    },
    wake() {
      called = true
      end?.()
    },
    clear() {
      called = false
    },
  }
}
