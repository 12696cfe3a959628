import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** Key: hash of the token, so that whoever reads the store opens nothing; it names the share to its owner too. */
export interface ShareDocument {
  person: PersonId
  purpose: string
  reader: string
  /** Ids of the lines that were chosen, newest first. Those that come later never join. */
  lines: string[]
  /** Of each of these, the lines of all sources that told of it then: those that tell later never join either. */
  members?: string[][]
  /** What these lines are found by on the record of whoever their person is found to be (`lineKeyOf`), by their ids. */
  keys?: Record<string, string>
  /** How many lines there were to choose from. */
  of: number
  /** ms */
  created: number
  until: number
  revoked: number | null
  passwordHash: string | null
  /** How often it was opened, and when last, ms. */
  openings: number
  opened: number | null
}
export const SHARES = defineCollection<ShareDocument>('profiles.shares', { person: ['person', 'created'] })

/** One opening. Nothing is kept of who it was but what the reader's page says: the time. Key: random. */
export interface OpeningDocument {
  share: string
  at: number
}
export const OPENINGS = defineCollection<OpeningDocument>('profiles.share-openings', {
  share: ['share', 'at'],
})
