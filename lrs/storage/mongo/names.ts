import type { Position, TenantId } from '../port.ts'

/**
 * Every document's `_id` is text that begins with its tenant, so that tenants never meet, and goes on with its key, so
 * that a key is in one place of all shards and keys that begin alike stand together. MongoDB orders text by its bytes.
 */
export interface Names {
  readonly tenant: TenantId
  /** The `_id` of a key. */
  of(key: string): string
  /** The `_id` of a position: in the order of positions. */
  at(position: Position): string
  /** Every `_id` whose key begins with this, as a condition. */
  within(prefix?: string): { $gte: string; $lt: string }
}

/** The name under which the system keeps its own; no tenant's, for that one begins with a letter or a digit. */
export const SYSTEM = '~system'

const TENANT_ID = /^[a-z0-9-]{1,63}$/
/** Largest position: Number.MAX_SAFE_INTEGER has 16 digits. */
const DIGITS = 16
/** What stands between tenant and key, and the character behind it. */
const SEPARATOR = '/'
const BEHIND = '0'

export function namesOf(tenant: TenantId): Names {
  if (tenant !== SYSTEM && !TENANT_ID.test(tenant)) throw new Error(`Not the id of a tenant: ${tenant}`)
  const begin = `${tenant}${SEPARATOR}`
  return {
    tenant,
    of: (key) => `${begin}${key}`,
    at: (position) => `${begin}${String(position).padStart(DIGITS, '0')}`,
    within: (prefix = '') =>
      prefix === ''
        ? { $gte: begin, $lt: `${tenant}${BEHIND}` }
        : { $gte: `${begin}${prefix}`, $lt: `${begin}${behind(prefix)}` },
  }
}

export const tenantOf = (name: string): TenantId => name.slice(0, name.indexOf(SEPARATOR))
/** The key of an `_id`. */
export const keyOf = (name: string): string => name.slice(name.indexOf(SEPARATOR) + 1)
/** The position of an `_id`. */
export const positionOf = (name: string): Position => Number(keyOf(name))

/** The first text behind all that begins with this: its last character is the next one. */
function behind(prefix: string): string {
  const characters = [...prefix]
  for (;;) {
    const last = characters.pop()?.codePointAt(0)
    if (last === undefined) throw new Error('Nothing is behind the last character there is')
    if (last === 0x10ffff) continue
    // Surrogates stand for nothing by themselves.
    const next = last === 0xd7ff ? 0xe000 : last + 1
    return characters.join('') + String.fromCodePoint(next)
  }
}
