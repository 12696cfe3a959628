import { type Collections, findPage } from '../../lrs/index.ts'
import type { Transcript } from '../types.ts'
import { LINES } from './documents.ts'
import { shownLine } from './line-document.ts'

const MAX_PAGE = 200

/** Reads the view alone, by its index: a page costs the same for a person with three lines and with 50,000. */
export function createTranscript(collections: Collections): Transcript {
  return {
    async lines(person, { after, limit }) {
      const page = await findPage(collections, LINES, {
        index: 'person',
        equals: { visibleTo: person },
        descending: true,
        limit: Math.max(1, Math.min(limit, MAX_PAGE)),
        after,
      })
      return { lines: page.docs.flatMap(({ value }) => shownLine(value) ?? []), next: page.next }
    },

    async line(person, id) {
      const doc = await collections.get(LINES, id)
      return doc?.value.visibleTo === person ? shownLine(doc.value) : null
    },

    count(person) {
      return collections.count(LINES, { index: 'person', equals: { visibleTo: person } })
    },
  }
}
