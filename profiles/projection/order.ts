import { TIERS, type Tier } from './verbs.ts'

/** Where a statement stands in the one order of all. */
export interface Mark {
  /** ms */
  at: number
  /** Statement id, which makes the order total. */
  id: string
}
export type Strength = Mark & { part: boolean; tier: Tier }

export function byTime(a: Mark, b: Mark): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** The stronger verb, then what is said of the whole before what is said of a part, then the later word. */
export function byStrength(a: Strength, b: Strength): number {
  return TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || Number(b.part) - Number(a.part) || byTime(a, b)
}

/** The greater of two, of which either may not be there. */
export function greater<T>(a: T | null, b: T | null, order: (a: T, b: T) => number): T | null {
  if (a === null || b === null) return a ?? b
  return order(a, b) >= 0 ? a : b
}
