import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

/**
 * The server's log: one JSON object a line. What is logged is named field by field, never a request, a body, a header
 * or an error's own properties: those may hold names, mail addresses, tokens or secrets.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination ?? pino.destination({ fd: 2, sync: false }),
  )
}

/**
 * Kind, message and place of an error; whatever hangs on it beside stays out. What JSON.parse says quotes its input,
 * so of a SyntaxError only the place is told.
 */
function describeError(error: unknown): { type: string; message: string; at?: string[] } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' }
  const message = error instanceof SyntaxError ? 'unreadable text' : error.message
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { type: error.name, message, at: at.slice(0, 12).map((line) => line.trim()) }
}
