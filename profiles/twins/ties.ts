import type { Collections, Doc, Operation } from '../../lrs/index.ts'
import type { SameAs } from '../mapping/aliases.ts'
import { lineId, lineKey } from '../projection/fact.ts'
import type { Tally } from '../projection/tally.ts'
import { write } from '../projection/write.ts'
import type { PersonId } from '../types.ts'
import { TIES, tieKey } from './documents.ts'

type Tie = NonNullable<(typeof TIES)['_type']>
interface Place {
  person: PersonId
  registration: string
  activity: string
}

/** Documents of one question to the store. */
const MOST_AT_ONCE = 1_000

/**
 * Gathers which sources come and go under a registration, and finds the lines of the others. A line that comes or goes
 * writes the document of its registration and activity, so of two that come at once the second sees the first.
 */
export function createTieChanges(collections: Collections, sameAs: SameAs) {
  const ties = new Map<string, { place: Place; doc: Doc<Tie> | null; sources: Set<string>; read: boolean }>()

  function tieOf(place: Place) {
    const key = tieKey(place.person, place.registration, place.activity)
    const tie = ties.get(key) ?? { place, doc: null, sources: new Set(), read: false }
    ties.set(key, tie)
    return tie
  }

  const placesOf = (tally: Tally): Place[] => {
    const { person, registration } = tally
    if (registration === null) return []
    return sameAs(tally.activity).map((activity) => ({ person, registration, activity }))
  }

  /** Its ties are to be known. */
  function look(tally: Tally): void {
    if (tally.registration === null) return
    for (const place of placesOf(tally)) tieOf(place)
  }

  async function load(): Promise<void> {
    const unread = [...ties].filter(([, { read }]) => !read)
    for (let from = 0; from < unread.length; from += MOST_AT_ONCE) {
      const some = unread.slice(from, from + MOST_AT_ONCE)
      const known = await collections.getMany(
        TIES,
        some.map(([key]) => key),
      )
      for (const [key, tie] of some) {
        tie.doc = known.get(key) ?? null
        tie.sources = new Set(tie.doc?.value.sources)
        tie.read = true
      }
    }
  }

  /** After `load`: that a line is there from now on, or is not. */
  function set({ person, registration, activity, source }: Tally, isThere: boolean): void {
    if (registration === null) return
    const { sources } = tieOf({ person, registration, activity })
    if (isThere) sources.add(source)
    else sources.delete(source)
  }

  /** Ids of the lines that a registration ties to this one. */
  function tiedTo(tally: Tally): string[] {
    return placesOf(tally).flatMap((place) =>
      [...(ties.get(tieKey(place.person, place.registration, place.activity))?.sources ?? [])]
        .filter((source) => source !== tally.source)
        .map((source) => lineId(place.person, lineKey(source, place.registration, place.activity))),
    )
  }

  function operations(): Operation[] {
    return [...ties].flatMap(([key, { place, doc, sources }]): Operation[] => {
      const value = sources.size === 0 ? null : { ...place, sources: [...sources].sort() }
      if (String(value?.sources) !== String(doc?.value.sources)) return write(TIES, key, doc, value)
      return [{ op: 'check', collection: TIES, key, revision: doc?.revision ?? null }]
    })
  }

  return { look, load, set, tiedTo, operations }
}
