/** How far a long command is. */
export interface Progress {
  /** What it does now, in a word or two. */
  what: string
  done: number
  total: number
}

const EVERY_MS = 200

/** Shows progress on one line of a terminal; elsewhere nothing. Call `end` before anything else is printed. */
export function createProgressLine(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): {
  show(progress: Progress): void
  end(): void
} {
  let shown = 0
  let last = 0
  return {
    show({ what, done, total }) {
      const now = Date.now()
      if (!stream.isTTY || now - last < EVERY_MS) return
      last = now
      const line = `${what}: ${total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0} %`
      stream.write(`\r${line.padEnd(shown)}`)
      shown = line.length
    },
    end() {
      if (shown > 0) stream.write(`\r${' '.repeat(shown)}\r`)
      shown = 0
    },
  }
}
