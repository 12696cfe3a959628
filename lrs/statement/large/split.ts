/**
 * Splits the bytes of a large body into its statements while they come in, so that no more than one of them is held.
 *
 * Looks at bytes alone: no byte of a character beyond ASCII can be taken for one of JSON's own. What lies between the
 * statements is checked here, each statement by `JSON.parse` where it goes; so a body passes both exactly when it is JSON.
 */
import { isUtf8 } from 'node:buffer'

/** The text of one statement, and where it starts in the body: line and column (of UTF-16), from 1. */
export interface Piece {
  text: string
  line: number
  column: number
}

/** Why nothing is read any further. */
export interface SplitFault {
  /** `large`: the statement that starts here has more bytes than allowed. */
  kind: 'syntax' | 'utf8' | 'large'
  line: number
  column: number
}

export interface Splitter {
  /** Takes more bytes, which must not change afterwards, and gives the statements that they complete. */
  push(bytes: Uint8Array): Piece[]
  /** To be called once behind all bytes. What was cut off is given as it is: it is no JSON. */
  end(): Piece[]
  /** An array came, or one value; null while nothing but white space came. */
  readonly isBatch: boolean | null
  /** Found behind the statements that were given so far. */
  readonly fault: SplitFault | null
}

type Where =
  /** Before the first character. */
  | 'start'
  /** In the one value of a body that is no array: all of the rest. */
  | 'single'
  /** Behind `[`, behind a statement, behind a comma, behind `]`. */
  | 'open'
  | 'behind'
  | 'comma'
  | 'closed'
  /** In a statement that ends by itself, or in a number or a word, which the next character ends. */
  | 'value'
  | 'token'

export function createSplitter(maxBytes: number): Splitter {
  let where: Where = 'start'
  let isBatch: boolean | null = null
  let fault: SplitFault | null = null
  let line = 1
  let column = 1
  /** Of the statement under way. */
  let held: Uint8Array[] = []
  let size = 0
  let depth = 0
  let inString = false
  let escaped = false

  function push(bytes: Uint8Array): Piece[] {
    const pieces: Piece[] = []
    let at = 0
    while (at < bytes.length && fault === null) {
      if (where === 'single') {
        hold(bytes.subarray(at))
        at = bytes.length
      } else if (where === 'value' || where === 'token') {
        const end = where === 'value' ? endOfValue(bytes, at) : endOfToken(bytes, at)
        const stop = end === NO_END ? bytes.length : end
        hold(bytes.subarray(at, stop))
        if (end !== NO_END) complete(pieces, 'behind')
        at = stop
      } else at = between(bytes, at)
    }
    return pieces
  }

  function end(): Piece[] {
    const pieces: Piece[] = []
    if (fault) return pieces
    const before = where
    if (before === 'start' || before === 'single' || before === 'value') complete(pieces, 'closed')
    else if (before === 'token') complete(pieces, 'behind')
    if (!fault && where !== 'closed') fail('syntax')
    return pieces
  }

  /** One character outside of statements; where to go on. */
  function between(bytes: Uint8Array, at: number): number {
    const code = bytes[at] as number
    if (code === SPACE || code === TAB || code === RETURN || code === NEWLINE) {
      column = code === NEWLINE ? 1 : column + 1
      if (code === NEWLINE) line++
      return at + 1
    }
    if (where === 'start' && code !== OPEN_BRACKET) {
      where = 'single'
      isBatch = false
      return at
    }
    if (where === 'start') {
      where = 'open'
      isBatch = true
    } else if (where === 'behind' && code === COMMA) where = 'comma'
    else if ((where === 'behind' || where === 'open') && code === CLOSE_BRACKET) where = 'closed'
    else if ((where === 'open' || where === 'comma') && code !== COMMA && code !== CLOSE_BRACKET) {
      where = code === QUOTE || code === OPEN_BRACE || code === OPEN_BRACKET ? 'value' : 'token'
      return at
    } else {
      fail('syntax')
      return at
    }
    column++
    return at + 1
  }

  /** Where the object, array or string ends. */
  function endOfValue(bytes: Uint8Array, from: number): number {
    const { length } = bytes
    let at = escaped ? from + 1 : from
    escaped = false
    while (at < length) {
      if (inString) {
        let code = 0
        while (at < length) {
          code = bytes[at] as number
          if (code === QUOTE || code === BACKSLASH) break
          at++
        }
        if (at >= length) break
        if (code === BACKSLASH) {
          escaped = at + 1 === length
          at += 2
          continue
        }
        inString = false
        at++
        if (depth === 0) return at
        continue
      }
      // The brackets and braces differ by one bit. Whether they match is left to JSON.parse.
      const code = bytes[at++] as number
      if (code === QUOTE) inString = true
      else if ((code | 0x20) === OPEN_BRACE) depth++
      else if ((code | 0x20) === CLOSE_BRACE && --depth === 0) return at
    }
    return NO_END
  }

  function endOfToken(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const code = bytes[at] as number
      if (code === COMMA || code === CLOSE_BRACKET || code <= SPACE) return at
    }
    return NO_END
  }

  function hold(bytes: Uint8Array): void {
    size += bytes.length
    if (size > maxBytes) fail('large')
    else if (bytes.length > 0) held.push(bytes)
  }

  function complete(pieces: Piece[], next: Where): void {
    if (fault) return
    const bytes = held.length === 1 ? (held[0] as Uint8Array) : Buffer.concat(held)
    held = []
    size = 0
    depth = 0
    inString = false
    if (!isUtf8(bytes)) {
      fail('utf8')
      return
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
    pieces.push({ text, line, column })
    where = next
    const last = text.lastIndexOf('\n')
    if (last === -1) column += text.length
    else {
      column = text.length - last
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++
    }
  }

  function fail(kind: SplitFault['kind']): void {
    fault = { kind, line, column }
    held = []
  }

  return {
    push,
    end,
    get isBatch() {
      return isBatch
    },
    get fault() {
      return fault
    },
  }
}

const NO_END = -1

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const COMMA = 44
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
