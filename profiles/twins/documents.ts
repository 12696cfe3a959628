import { createHash } from 'node:crypto'
import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** Key: `tieKey`. The sources that told a person of one activity under one registration, in order. */
export const TIES = defineCollection<{
  person: PersonId
  registration: string
  activity: string
  sources: string[]
}>('profiles.ties')

export function tieKey(person: PersonId, registration: string, activity: string): string {
  return createHash('sha256')
    .update(JSON.stringify([person, registration, activity]))
    .digest('base64url')
    .slice(0, 22)
}

/** Key: line id. The lines that its person said are not the same, in order. It stands in the document of each of the two. */
export interface SplitDocument {
  person: PersonId
  from: string[]
}
export const SPLITS = defineCollection<SplitDocument>('profiles.splits', { person: ['person'] })
