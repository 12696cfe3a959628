import type { Connection } from '../connect.ts'
import { indexStates } from '../indexes.ts'
import { INDEXES } from '../schema.ts'
import type { Flaw, Look } from './flaw.ts'

/** The indexes that MongoDB keeps, against those that queries are made for. */
export function indexLook({ db }: Connection): Look {
  return {
    again: 'apart',
    async *pages() {
      yield Object.keys(INDEXES)
    },
    async flaws(collections) {
      const states = await indexStates(db)
      return states
        .filter(({ collection, state }) => state !== 'there' && collections.includes(collection))
        .map(
          ({ collection, index, state }): Flaw => ({
            kind: 'index-missing',
            what: `MongoDB's index ${index} of ${collection} is ${state === 'missing' ? 'missing' : 'another than it should be'}: what it is for cannot be answered. Nothing else was looked at.`,
            at: collection,
            async fix() {
              const declared = INDEXES[collection as keyof typeof INDEXES].filter(
                ({ name }) => name === index,
              )
              if (state === 'other') await db.collection(collection).dropIndex(index)
              await db.collection(collection).createIndexes(declared)
            },
          }),
        )
    },
  }
}
