import { constants, fstatSync, openSync } from 'node:fs'
import { type DestinationStream, pino } from 'pino'

export interface LogDestination {
  readonly stream: DestinationStream
  /** Lines that nobody took in time, and that are lost. */
  readonly dropped: number
  /** Writes what is still to be written, for a second at most, and takes no more. For the end of the process. */
  end(): void
}

/** So much waits for a reader that does not take it; then lines are dropped, not the server. */
const MOST_WAITING_BYTES = 4_000_000
const END_MS = 1_000

/**
 * Standard error, written to beside the work and without ever waiting for who reads it: a reader that is slow, stuck or
 * gone, and a full disk behind it, cost lines and nothing else.
 */
export function standardError(): LogDestination {
  let dropped = 0
  let endBy = Number.POSITIVE_INFINITY
  const stream = pino.destination({
    fd: unblocked(2),
    sync: false,
    maxLength: MOST_WAITING_BYTES,
    retryEAGAIN: () => performance.now() < endBy,
  })
  // Without a listener an error (no space, no device) would end the process; the stream tries again by itself.
  stream.on('error', () => {})
  stream.on('drop', () => dropped++)
  return {
    stream,
    get dropped() {
      return dropped
    },
    end() {
      endBy = performance.now() + END_MS
      try {
        stream.flushSync()
      } catch {
        stream.destroy()
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
