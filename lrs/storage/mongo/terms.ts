import { hash } from 'node:crypto'
import type { SourceId, StatementRecord, TenantId } from '../port.ts'

/**
 * What a statement is found by, as numbers that all have one index: each of its keys, and each two that may be asked for
 * together, so that a page by two filters reads no more than a page, however many match each and however few both.
 * A term is 53 bits of a hash, so a document that was found is compared with the keys themselves.
 */
export type Term = number

export const sourceKey = (source: SourceId) => `#source:${source}`
const NAME = '#name:'
export const nameKey = (agent: string, source: SourceId, name: string) =>
  `${NAME}${JSON.stringify([agent, source, name])}`
/** How the keys of all names of an agent begin. */
export const namePrefix = (agent: string) => `${NAME}${JSON.stringify([agent]).slice(0, -1)},`
export function nameOf(key: string): { source: SourceId; name: string } {
  const [, source, name] = JSON.parse(key.slice(NAME.length)) as [string, SourceId, string]
  return { source, name }
}

/** What stands before a key's value: `verb` of `verb:…`. */
const kindOf = (key: string) => key.slice(0, key.indexOf(':') + 1)

/** The narrower ones first: of three filters the first two are looked for, and the rest is asked of what they find. */
const NARROW: readonly string[] = [
  'registration:',
  'agent:',
  'agent+:',
  'activity:',
  'activity+:',
  'verb:',
  '#source:',
]
/** The key of who did it: a person's history is read by it, and kept together. */
export const ACTOR = 'actor:'
/** These are never asked for together with another: a person's history is read whole. */
const ALONE: ReadonlySet<string> = new Set([ACTOR, NAME])
/** One filter is in one of these forms. */
const formOf = (key: string) => kindOf(key).replace('+:', ':')

const pairs = (one: string, other: string) =>
  formOf(one) !== formOf(other) && !ALONE.has(kindOf(one)) && !ALONE.has(kindOf(other))

/** All terms of a statement, each once. */
export function termsOf(
  tenant: TenantId,
  { keys, names, source }: Pick<StatementRecord, 'keys' | 'names' | 'source'>,
): Term[] {
  const all = [...new Set([...keys, sourceKey(source)])]
  const terms = new Set<Term>()
  const single = all.map((key) => termOf(tenant, key))
  all.forEach((key, i) => {
    terms.add(single[i]!)
    for (let j = 0; j < i; j++) if (pairs(key, all[j]!)) terms.add(together(single[i]!, single[j]!))
  })
  for (const { agent, name } of names) terms.add(termOf(tenant, nameKey(agent, source, name)))
  return [...terms]
}

/** The one term that a query with these keys reads under, and the keys that what it finds must be asked for. */
export function narrowest(tenant: TenantId, keys: readonly string[]): { term: Term | null; asked: string[] } {
  const rank = (key: string) => (NARROW.indexOf(kindOf(key)) + NARROW.length + 1) % (NARROW.length + 1)
  const sorted = [...new Set(keys)].sort((a, b) => rank(a) - rank(b))
  const asked = sorted.filter((key) => kindOf(key) !== '#source:')
  const [first] = sorted
  if (first === undefined) return { term: null, asked }
  const second = sorted.find((key) => pairs(first, key))
  const term = termOf(tenant, first)
  return { term: second === undefined ? term : together(term, termOf(tenant, second)), asked }
}

const REMEMBERED = 50_000
const remembered = new Map<string, Term>()

/** The term of one key. */
export function termOf(tenant: TenantId, key: string): Term {
  const text = `${tenant}/${key}`
  const known = remembered.get(text)
  if (known !== undefined) return known
  const bytes = hash('sha1', text, 'buffer')
  const term = bytes.readUIntBE(0, 6) * 32 + (bytes[6]! & 31)
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(text, term)
  return term
}

/** The term of two together, whichever comes first. Two rounds of multiplication (MurmurHash3's) spread the bits. */
function together(one: Term, other: Term): Term {
  const [a, b] = one < other ? [one, other] : [other, one]
  const [low, high] = [mix(a >>> 0, (b / 2 ** 32) | 0), mix(b >>> 0, (a / 2 ** 32) | 0)]
  return mix(low ^ high, low) * 2 ** 21 + (mix(high, low + 1) >>> 11)
}

function mix(value: number, seed: number): number {
  let x = (value ^ Math.imul(seed, 0x9e3779b1)) >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
