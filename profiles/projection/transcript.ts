import { YEARS } from '../hours/documents.ts'
import { hoursOf } from '../hours/hours-of.ts'
import type { Transcript } from '../types.ts'
import { LINES } from './documents.ts'
import { findLines } from './find-lines.ts'
import { shownLine } from './line-document.ts'

import { type VeilDeps, veiledPage, veilOver } from './veil.ts'

const MAX_PAGE = 200
/** More than a life has. */
const MAX_YEARS = 150

/** Reads the view alone, by its index: a page costs the same for a person with three lines and with 50,000. */
export function createTranscript(deps: VeilDeps): Transcript {
  const { collections } = deps
  return {
    async lines(person, { after, limit: asked, filter }) {
      const limit = Math.max(1, Math.min(asked, MAX_PAGE))
      const veil = await veilOver(deps, person)
      if (veil) return veiledPage(collections, veil, person, filter ?? {}, { after, limit })
      const page = await findLines(collections, person, filter ?? {}, {
        limit,
        after,
      })
      return { lines: page.docs.flatMap(({ value }) => shownLine(value) ?? []), next: page.next }
    },

    async line(person, id) {
      const doc = await collections.get(LINES, id)
      if (doc?.value.visibleTo !== person) return null
      const veil = await veilOver(deps, person)
      return veil ? ((await veil.through([doc]))[0] ?? null) : shownLine(doc.value)
    },

    count(person) {
      return collections.count(LINES, { index: 'person', equals: { visibleTo: person } })
    },

    async years(person) {
      const page = await collections.find(YEARS, {
        index: 'person',
        equals: { person },
        descending: true,
        limit: MAX_YEARS,
      })
      return page.docs.map(({ value: { person: _, ...year } }) => year)
    },

    hoursOf: (line) => hoursOf(collections, line),
  }
}
