/**
 * Lossless reading of JSON text: where every value stands in the source, and what `JSON.parse` lets pass but a record
 * that is kept for life must not hold.
 *
 * `JSON.parse` decides what is valid (json-syntax.ts). The tree of offsets comes from a scanner of our own: it may trust
 * the text (it was parsed before), so it is three times as fast as a tolerant parser, stops at a depth instead of at the
 * end of the stack, and reads one statement of a batch at a time.
 */
import { pathAt } from './json-path.ts'

/** Deepest nesting of arrays and objects within one statement. */
export const MAX_DEPTH = 64
/** Longest number token; every double written out in full is shorter. */
const MAX_NUMBER = 1100
const MAX_FAULTS = 100

/** A value in the source text: `text.slice(start, end)` is its token. */
export interface JsonNode {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'literal'
  /** A string without escapes: what stands between its quotes is its content. */
  readonly isPlain: boolean
  readonly start: number
  readonly end: number
  /** Of an object, in the order written; empty for every other kind. */
  readonly members: readonly JsonMember[]
  /** Of an array; empty for every other kind. */
  readonly items: readonly JsonNode[]
}
export interface JsonMember {
  readonly key: string
  /** The key has no escapes. */
  readonly isPlain: boolean
  /** Offset of the key's opening quote. */
  readonly start: number
  readonly value: JsonNode
}

export type JsonFaultKind = 'syntax' | 'depth' | 'repeated-key' | 'nul' | 'surrogate' | 'number'
export interface JsonFault {
  kind: JsonFaultKind
  /** Place in the text; null when it is not known. */
  offset: number | null
  /** Where in the value, as `actor.mbox` or `[2].verb`. */
  path: string
}

const NOTHING: readonly never[] = []

class TooDeep extends Error {}

/** Offsets of the elements of a batch, or of the one value when the text is not an array. The text must be valid. */
export function* scanElements(text: string): Generator<Scanned> {
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) !== OPEN_BRACKET) {
    yield scan(text, at)
    return
  }
  at = skipSpace(text, at + 1)
  while (text.charCodeAt(at) !== CLOSE_BRACKET) {
    const scanned = scan(text, at)
    yield scanned
    // Nothing is read behind a value that is too deep.
    if (!scanned.node) return
    at = skipSpace(text, scanned.node.end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
  }
}

export interface Scanned {
  /** Null when the value is nested too deep. */
  node: JsonNode | null
  /** The first of them, at most 100. */
  faults: JsonFault[]
  /** How many there are. */
  faultCount: number
}

/** Reads a statement that this store wrote. It may be one level deeper than it came: lists are made of single values. */
export function scanStored(text: string): JsonNode {
  const { node } = scan(text, 0, MAX_DEPTH + 1)
  if (!node) throw new Error('a stored statement is nested too deep')
  return node
}

/** Reads the value that starts at `start` of a valid text. Paths of faults are relative to this value. */
export function scan(text: string, start = skipSpace(text, 0), maxDepth = MAX_DEPTH): Scanned {
  const found: { kind: JsonFaultKind; offset: number }[] = []
  let at = start

  function value(depth: number): JsonNode {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const begin = at
      return leaf('string', skipString(), begin)
    }
    if (code === OPEN_BRACE) return object(depth)
    if (code === OPEN_BRACKET) return array(depth)
    return code === MINUS || (code >= ZERO && code <= NINE) ? number() : literal()
  }

  function object(depth: number): JsonNode {
    const begin = at
    if (depth === maxDepth) throw tooDeep(begin)
    const members: JsonMember[] = []
    at = skipSpace(text, at + 1)
    while (text.charCodeAt(at) !== CLOSE_BRACE) {
      const start = at
      const isPlain = skipString()
      const key = isPlain ? text.slice(start + 1, at - 1) : decoded(text, start, at)
      at = skipSpace(text, at)
      at = skipSpace(text, at + 1)
      members.push({ key, isPlain, start, value: value(depth + 1) })
      at = skipSpace(text, at)
      if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
    }
    at++
    const repeated = repeatedMember(members)
    if (repeated) found.push({ kind: 'repeated-key', offset: repeated.value.start })
    return { kind: 'object', isPlain: false, start: begin, end: at, members, items: NOTHING }
  }

  function array(depth: number): JsonNode {
    const begin = at
    if (depth === maxDepth) throw tooDeep(begin)
    const items: JsonNode[] = []
    at = skipSpace(text, at + 1)
    while (text.charCodeAt(at) !== CLOSE_BRACKET) {
      items.push(value(depth + 1))
      at = skipSpace(text, at)
      if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
    }
    at++
    return { kind: 'array', isPlain: false, start: begin, end: at, members: NOTHING, items }
  }

  function leaf(kind: JsonNode['kind'], isPlain: boolean, begin: number): JsonNode {
    return { kind, isPlain, start: begin, end: at, members: NOTHING, items: NOTHING }
  }

  /** To behind the closing quote; whether the string is plain. */
  function skipString(): boolean {
    const begin = at
    let isPlain = true
    let isSuspect = false
    let code = text.charCodeAt(++at)
    while (code !== QUOTE) {
      if (code === BACKSLASH) {
        isPlain = false
        if (text.charCodeAt(++at) === LOWER_U) isSuspect = true
      } else if (code >= FIRST_SURROGATE && code <= LAST_SURROGATE) isSuspect = true
      code = text.charCodeAt(++at)
    }
    at++
    if (isSuspect) {
      const content = decoded(text, begin, at)
      if (content.includes('\0')) found.push({ kind: 'nul', offset: begin })
      if (!content.isWellFormed()) found.push({ kind: 'surrogate', offset: begin })
    }
    return isPlain
  }

  function number(): JsonNode {
    const begin = at
    let isShort = true
    for (let code = text.charCodeAt(at); isNumberPart(code); code = text.charCodeAt(++at)) {
      if (code === LOWER_E || code === UPPER_E) isShort = false
    }
    // Without an exponent a token of 300 characters is always a double.
    const length = at - begin
    if (
      length > MAX_NUMBER ||
      ((length > 300 || !isShort) && !Number.isFinite(Number(text.slice(begin, at))))
    ) {
      found.push({ kind: 'number', offset: begin })
    }
    return leaf('number', false, begin)
  }

  function literal(): JsonNode {
    const begin = at
    at += text.charCodeAt(at) === LOWER_F ? 5 : 4
    return leaf('literal', false, begin)
  }

  function tooDeep(offset: number): TooDeep {
    found.push({ kind: 'depth', offset })
    return new TooDeep()
  }

  try {
    const node = value(0)
    const faults = found.slice(0, MAX_FAULTS).map((fault) => ({ ...fault, path: pathAt(node, fault.offset) }))
    return { node, faults, faultCount: found.length }
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error
    const faults = found.slice(-1).map((fault) => ({ ...fault, path: '' }))
    return { node: null, faults, faultCount: 1 }
  }
}

/** The string that a string node stands for. */
export function stringAt(text: string, { start, end, isPlain }: JsonNode): string {
  return isPlain ? text.slice(start + 1, end - 1) : decoded(text, start, end)
}

function decoded(text: string, start: number, end: number): string {
  return JSON.parse(text.slice(start, end))
}

/** A member's value, or undefined when the node is not an object or has no such member. */
export function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  if (node) for (const candidate of node.members) if (candidate.key === key) return candidate.value
  return undefined
}

/** The string that a member is; null when it is none, or not there. */
export function stringIn(text: string, node: JsonNode | undefined, key: string): string | null {
  const value = member(node, key)
  return value?.kind === 'string' ? stringAt(text, value) : null
}

function repeatedMember(members: readonly JsonMember[]): JsonMember | null {
  if (members.length > 12) {
    const seen = new Set<string>()
    return members.find(({ key }) => seen.size === seen.add(key).size) ?? null
  }
  for (let index = 1; index < members.length; index++) {
    const each = members[index] as JsonMember
    for (let before = 0; before < index; before++) if (members[before]?.key === each.key) return each
  }
  return null
}

function skipSpace(text: string, at: number): number {
  let next = at
  for (;;) {
    const code = text.charCodeAt(next)
    if (code > SPACE || (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB)) return next
    next++
  }
}

function isNumberPart(code: number): boolean {
  return (
    (code >= ZERO && code <= NINE) ||
    code === DOT ||
    code === MINUS ||
    code === PLUS ||
    code === LOWER_E ||
    code === UPPER_E
  )
}

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const PLUS = 43
const COMMA = 44
const MINUS = 45
const DOT = 46
const ZERO = 48
const NINE = 57
const UPPER_E = 69
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const LOWER_E = 101
const LOWER_F = 102
const LOWER_U = 117
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff
