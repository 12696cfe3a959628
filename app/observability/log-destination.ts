import { constants, fstatSync, openSync, write, writeSync } from 'node:fs'

export interface LogDestination {
  write(line: string): void
  /** Lines that nobody took in time, and that are lost. */
  readonly dropped: number
  /** Writes what is still to be written, for a second at most, without giving way to other work. For the end of the process. */
  end(): void
}

/** So much (characters) waits for a reader that does not take it; then lines are dropped, not the server. */
const MOST_WAITING = 4_000_000
/** As much is written at once. */
const CHUNK = 16_384
/** Lines wait so long for others: a write for each costs more than to make the line. */
const GATHER_MS = 10
const AGAIN_MS = 100
const END_MS = 1_000

/**
 * Standard error, written to beside the work and without ever waiting for who reads it: a reader that is slow, stuck or
 * gone, and a full disk behind it, cost lines and nothing else. Not pino's own destination: at the end of the process
 * that tries a full disk or a full pipe again for ever.
 */
export function standardError(fd = unblocked(2)): LogDestination {
  const lines: string[] = []
  let waiting = 0
  let dropped = 0
  let gone = false
  /** What is being written; it stays here until the system took it. */
  let chunk = Buffer.alloc(0)
  let underWay = false
  /** A timer runs, after which it is written on. */
  let pausing = false

  function nextChunk(): boolean {
    if (chunk.length > 0) return true
    let count = 0
    for (let length = 0; count < lines.length && length < CHUNK; count++) length += lines[count]!.length
    const text = lines.splice(0, count).join('')
    waiting -= text.length
    chunk = Buffer.from(text)
    return chunk.length > 0
  }

  function writeOn(): void {
    if (underWay || pausing || gone || !nextChunk()) return
    underWay = true
    write(fd, chunk, (error, written) => {
      underWay = false
      if (error) {
        if (error.code === 'EPIPE') gone = true
        else pause(AGAIN_MS)
        return
      }
      chunk = chunk.subarray(written)
      writeOn()
    })
  }

  function pause(ms: number): void {
    pausing = true
    setTimeout(() => {
      pausing = false
      writeOn()
    }, ms).unref()
  }

  return {
    write(line) {
      if (gone || waiting + line.length > MOST_WAITING) {
        dropped++
        return
      }
      lines.push(line)
      waiting += line.length
      if (!underWay && !pausing) pause(GATHER_MS)
    },
    get dropped() {
      return dropped
    },
    end() {
      const by = performance.now() + END_MS
      // Its callback cannot come any more; the write itself is over in a moment where somebody reads.
      if (underWay) sleep(5)
      if (underWay) chunk = Buffer.alloc(0)
      while (!gone && nextChunk() && performance.now() < by) {
        try {
          chunk = chunk.subarray(writeSync(fd, chunk))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
          sleep(10)
        }
      }
    },
  }
}

/** A pipe is opened anew, so that a full one refuses instead of holding a thread; for others that share it nothing changes. */
function unblocked(fd: number): number {
  try {
    if (process.platform === 'linux' && fstatSync(fd).isFIFO())
      return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {}
  return fd
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))
const sleep = (ms: number) => Atomics.wait(sleeper, 0, 0, ms)
