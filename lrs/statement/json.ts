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
  readonly start: number
  readonly end: number
  /** Of an object, in the order written; empty for every other kind. */
  readonly members: readonly JsonMember[]
  /** Of an array; empty for every other kind. */
  readonly items: readonly JsonNode[]
}
export interface JsonMember {
  readonly key: string
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
    if (code === QUOTE) return string()
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
      const name = string()
      at = skipSpace(text, at)
      at = skipSpace(text, at + 1)
      members.push({ key: stringAt(text, name), start: name.start, value: value(depth + 1) })
      at = skipSpace(text, at)
      if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
    }
    at++
    const repeated = repeatedMember(members)
    if (repeated) found.push({ kind: 'repeated-key', offset: repeated.value.start })
    return { kind: 'object', start: begin, end: at, members, items: NOTHING }
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
    return { kind: 'array', start: begin, end: at, members: NOTHING, items }
  }

  function string(): JsonNode {
    const begin = at
    let close = text.indexOf('"', begin + 1)
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1)
    at = close + 1
    const node: JsonNode = { kind: 'string', start: begin, end: at, members: NOTHING, items: NOTHING }
    const token = text.slice(begin, at)
    const plain = token.includes('\\u') ? stringAt(text, node) : token
    if (plain !== token && plain.includes('\0')) found.push({ kind: 'nul', offset: begin })
    if (!plain.isWellFormed()) found.push({ kind: 'surrogate', offset: begin })
    return node
  }

  function number(): JsonNode {
    const begin = at
    while (isNumberPart(text.charCodeAt(at))) at++
    // A token of three characters or less is always a double.
    const length = at - begin
    if (length > MAX_NUMBER || (length > 3 && !Number.isFinite(Number(text.slice(begin, at))))) {
      found.push({ kind: 'number', offset: begin })
    }
    return { kind: 'number', start: begin, end: at, members: NOTHING, items: NOTHING }
  }

  function literal(): JsonNode {
    const begin = at
    at += text.charCodeAt(at) === LOWER_F ? 5 : 4
    return { kind: 'literal', start: begin, end: at, members: NOTHING, items: NOTHING }
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
export function stringAt(text: string, node: JsonNode): string {
  const inner = text.slice(node.start + 1, node.end - 1)
  return inner.includes('\\') ? JSON.parse(text.slice(node.start, node.end)) : inner
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

function isEscaped(text: string, at: number): boolean {
  let slashes = 0
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
  return slashes % 2 === 1
}

function skipSpace(text: string, at: number): number {
  let next = at
  for (;;) {
    const code = text.charCodeAt(next)
    if (code !== SPACE && code !== NEWLINE && code !== RETURN && code !== TAB) return next
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
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
