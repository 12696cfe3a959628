import type { Collections, Doc, Operation } from '../../lrs/index.ts'
import type { LineDocument } from '../projection/documents.ts'
import type { Tally } from '../projection/tally.ts'
import { write } from '../projection/write.ts'
import { COURSES, type CourseDocument } from './documents.ts'
import { isTimed, keysOf, withinOf } from './names.ts'

/** What a line is among courses and their parts. */
export interface Placing {
  within: string[]
  hasParts: boolean
  /** Days on which it told of something before are to be looked at too. */
  late: boolean
}

/** Documents of one question to the store. */
const MOST_AT_ONCE = 1_000

/**
 * Gathers which lines come and go as parts of courses, and finds whether a line that comes has parts (docs/adr/0023).
 * A part writes the document of each of its courses. A line that comes checks that of its own name, also where there is
 * none: of a course and its first part that come at once the second finds the first.
 */
export function createCourseChanges(collections: Collections) {
  const courses = new Map<string, { doc: Doc<CourseDocument> | null; person: string; by: number }>()

  /** What is to be known of a line that was `held` and is the sum `tally` from now on. */
  function look(held: LineDocument | null, tally: Tally | null): void {
    const some = tally ?? held?.tally
    if (!some) return
    const keys = new Set([...(held?.within ?? []), ...withinOf(tally), ...newNames(held, tally)])
    for (const key of keys) if (!courses.has(key)) courses.set(key, { doc: null, person: some.person, by: 0 })
  }

  async function load(): Promise<void> {
    const keys = [...courses.keys()]
    for (let from = 0; from < keys.length; from += MOST_AT_ONCE)
      for (const [key, doc] of await collections.getMany(COURSES, keys.slice(from, from + MOST_AT_ONCE)))
        courses.get(key)!.doc = doc
  }

  /** After `load`, for each line, before any is placed. */
  function count(held: LineDocument | null, tally: Tally | null): void {
    for (const key of held?.within ?? []) courses.get(key)!.by--
    for (const key of withinOf(tally)) courses.get(key)!.by++
  }

  function place(held: LineDocument | null, tally: Tally): Placing {
    const within = withinOf(tally)
    const had = held?.hasParts === true
    if (!isTimed(tally)) return { within, hasParts: false, late: had }
    if (newNames(held, tally).length === 0) return { within, hasParts: had, late: false }
    const hasParts = keysOf(tally).some((key) => timedOf(key) > 0)
    return { within, hasParts, late: held !== null && hasParts !== had }
  }

  const timedOf = (key: string) => {
    const { doc, by } = courses.get(key)!
    return (doc?.value.timed ?? 0) + by
  }

  function operations(): Operation[] {
    return [...courses].flatMap(([key, { doc, person, by }]): Operation[] => {
      if (by === 0) return [{ op: 'check', collection: COURSES, key, revision: doc?.revision ?? null }]
      const [was, is] = [doc?.value.timed ?? 0, timedOf(key)]
      const late = doc?.value.late === true || was > 0 !== is > 0
      return write(COURSES, key, doc, is > 0 || late ? { person, timed: is, late } : null)
    })
  }

  return { look, load, count, place, operations }
}

/** All names of a line whose names are not those that it was looked at by; none where they are. */
function newNames(held: LineDocument | null, tally: Tally | null): string[] {
  if (!tally || !isTimed(tally)) return []
  const names = keysOf(tally)
  const known = held?.within !== undefined && isTimed(held.tally) ? keysOf(held.tally) : []
  return names.length === known.length && names.every((name, at) => name === known[at]) ? [] : names
}
