/** What the load generator needs of an answer. `body` is null unless bodies are kept. */
export type OnResponse = (status: number, body: Buffer | null, closes: boolean) => void

const END_OF_HEAD = '\r\n\r\n'
const EMPTY = Buffer.alloc(0)

/**
 * Reads HTTP/1.1 answers off one line: status, and where the body ends (Content-Length or chunked). It parses no more
 * than that, so that a load generator costs little beside the server it measures.
 * Throws on an answer whose end cannot be told.
 */
export function createResponseReader(onResponse: OnResponse, keepBodies = false): (chunk: Buffer) => void {
  let state: 'head' | 'length' | 'chunk-size' | 'chunk' | 'trailer' = 'head'
  let buffer: Buffer = EMPTY
  let remaining = 0
  let status = 0
  let closes = false
  let body: Buffer[] = []

  function finish(): void {
    state = 'head'
    const kept = keepBodies ? Buffer.concat(body) : null
    body = []
    onResponse(status, kept, closes)
  }

  function readHead(head: string): void {
    status = Number(head.slice(9, 12))
    if (status < 200) return
    closes = /\r\nconnection: *close/i.test(head)
    // Node's own refusals (a request that came too late) are a head without a length.
    const hasNoBody = status === 204 || status === 304 || (status === 408 && closes)
    const length = hasNoBody ? ['', '0'] : /\r\ncontent-length: *(\d+)/i.exec(head)
    if (length) {
      remaining = Number(length[1])
      if (remaining === 0) finish()
      else state = 'length'
    } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) state = 'chunk-size'
    else throw new Error(`An answer ${status} that does not say where it ends`)
  }

  /** Takes what belongs to the body off the buffer; `true` when all of it was there. */
  function takeBody(): boolean {
    const part = buffer.subarray(0, remaining)
    if (keepBodies) body.push(part)
    remaining -= part.length
    buffer = buffer.subarray(part.length)
    return remaining === 0
  }

  /** A line with its end taken off the buffer; null when it is not there yet. */
  function takeLine(end: string): string | null {
    const at = buffer.indexOf(end)
    if (at < 0) return null
    const line = buffer.toString('latin1', 0, at)
    buffer = buffer.subarray(at + end.length)
    return line
  }

  return (chunk) => {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    while (buffer.length > 0) {
      if (state === 'head') {
        const head = takeLine(END_OF_HEAD)
        if (head === null) return
        readHead(head)
      } else if (state === 'length') {
        if (takeBody()) finish()
      } else if (state === 'chunk-size') {
        const line = takeLine('\r\n')
        if (line === null) return
        const size = Number.parseInt(line, 16)
        state = size === 0 ? 'trailer' : 'chunk'
        remaining = size
      } else if (state === 'chunk') {
        if (remaining > 0 && !takeBody()) return
        if (takeLine('\r\n') === null) return
        state = 'chunk-size'
      } else {
        const line = takeLine('\r\n')
        if (line === null) return
        if (line === '') finish()
      }
    }
  }
}
