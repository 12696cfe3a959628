import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** The archive that a person asked for last. Key: the person. */
export interface ArchiveDocument {
  state: 'making' | 'ready' | 'failed'
  /** Of this making: another one ends it. */
  run: string
  /** ms */
  asked: number
  /** When a process was last at it, ms. */
  seen: number
  /** Items written, and of how many. */
  done: number
  total: number
  /** Of the file, once it is ready. */
  sha2: string | null
  size: number | null
  /** Until when it is kept, ms. */
  until: number | null
}
export const ARCHIVES = defineCollection<ArchiveDocument>('profiles.archives', {
  state: ['state', 'asked'],
  until: ['until'],
})

/** Who holds its file back from collection: each making for itself, so that none lets go of another's. */
export const holderOf = (person: PersonId, run: string): string => `archive/${person}/${run}`
