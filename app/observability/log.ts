import { type DestinationStream, type Logger, pino } from 'pino'
import { standardError } from './log-destination.ts'

export type Log = Logger

/** The log of a running server, on standard error. */
export interface ServerLog {
  readonly log: Log
  /** Lines that nobody took in time, and that are lost. */
  readonly dropped: number
  /** For the end of the process: what is still to be written is, as far as somebody reads it. */
  end(): void
}

export function openServerLog(level: string): ServerLog {
  const destination = standardError()
  // However the process ends.
  process.once('exit', () => destination.end())
  return {
    log: createLog(level, destination),
    get dropped() {
      return destination.dropped
    },
    end: destination.end,
  }
}

/**
 * The server's log: one JSON object a line. What is logged is named field by field, never a request, a body, a header
 * or an error's own properties: those may hold names, mail addresses, tokens or secrets.
 */
export function createLog(level: string, destination: DestinationStream = NOWHERE): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination,
  )
}

const NOWHERE: DestinationStream = { write() {} }

/**
 * Kind, message and place of an error; whatever hangs on it beside stays out. What JSON.parse says quotes its input,
 * so of a SyntaxError only the place is told; what Node says of a wrong argument quotes it at the end.
 */
function describeError(error: unknown): { type: string; message: string; at?: string[] } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  const message =
    error instanceof SyntaxError ? 'unreadable text' : error.message.replace(/Received [\s\S]*/, 'Received …')
  // The stack begins with the message, which may have lines that look like places.
  const stack = error.stack ?? ''
  const begin = stack.startsWith(`${error.name}: ${error.message}`)
    ? error.name.length + 2 + error.message.length
    : 0
  const at = stack
    .slice(begin)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return { type: error.name, message, at: at.slice(0, 12).map((line) => line.trim()) }
}
