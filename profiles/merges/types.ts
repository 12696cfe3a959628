import type { Refusal } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** Two persons found to be one: what is `from`'s is shown as `into`'s, until it is undone. */
export interface Merge {
  id: string
  from: PersonId
  into: PersonId
  at: number
  by: string
  reason: string
  undone: { at: number; by: string; reason: string } | null
}

/**
 * Problem ids: `merge-same`, `merge-person-unknown`, `merge-already`, `merge-roles`, `merge-reason-missing`,
 * `merge-unknown`. Each change answers when it is durable; links and lines move beside.
 */
export interface Merges {
  merge(input: { from: PersonId; into: PersonId; by: string; reason: string }): Promise<Merge | Refusal>
  /** Each account goes back to the person it was linked to, with all that came under it. */
  undo(input: { from: PersonId; by: string; reason: string }): Promise<Merge | Refusal>
  /** Into another, and of others into this one; newest first. */
  of(person: PersonId): Promise<Merge[]>
}
