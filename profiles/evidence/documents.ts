import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** A photo or file that stands behind something a person told of themselves. Key: random. */
export interface EvidenceDocument {
  person: PersonId
  /** The activity that it is evidence of. */
  activity: string
  type: EvidenceType
  /** Bytes of the file, and of its small picture; 0 without one. */
  size: number
  previewSize: number
  /** Under which the store keeps them, salted (salted-blob.ts). */
  sha2: string
  previewSha2: string | null
  /** ms */
  added: number
  /** Since when the store is to be told that they are held, ms; null when it is. */
  waiting: number | null
}
export type EvidenceType = 'image/webp' | 'application/pdf'

export const EVIDENCE = defineCollection<EvidenceDocument>('profiles.evidence', {
  activity: ['person', 'activity', 'added'],
  person: ['person', 'added'],
  waiting: ['waiting'],
})

/** What was taken away, without the file. Key: as before. */
export interface TakenDocument
  extends Pick<EvidenceDocument, 'person' | 'activity' | 'type' | 'size' | 'added'> {
  taken: number
  /** Since when the store is to let go of the file, ms; null when it has. */
  waiting: number | null
}
export const TAKEN = defineCollection<TakenDocument>('profiles.evidence-taken', {
  person: ['person', 'taken'],
  waiting: ['waiting'],
})

/** How much a person keeps. Key: the person; each change of their evidence passes here, so that limits hold. */
export const USAGE = defineCollection<{ bytes: number; files: number }>('profiles.evidence-usage')

export const holderOf = (id: string): string => `evidence/${id}`
