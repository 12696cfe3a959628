import { defineCollection } from '../../../lrs/storage/collections.ts'

/** A collection with an index of every kind. */
export interface Thing {
  n?: number | string | boolean | null
  kind?: string
  words?: string[]
  deep?: { at: number }
}
export const things = defineCollection<Thing>('things', {
  byN: ['n'],
  byKind: ['kind', 'n'],
  byWord: ['words', 'n'],
  byDeep: ['deep.at'],
})
