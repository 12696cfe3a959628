import type { Collections, Doc, Operation } from '../../lrs/index.ts'
import { createHourChanges } from '../hours/changes.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'
import { daysOfFacts } from '../projection/days-of-facts.ts'
import { LINES, type LineDocument } from '../projection/documents.ts'
import { pages } from '../projection/pages.ts'
import { commitAnew } from '../projection/projector.ts'
import { courseTerm } from '../projection/terms.ts'
import { write } from '../projection/write.ts'
import { COURSES } from './documents.ts'
import { isTimed, keysOf } from './names.ts'

export interface CourseDeps {
  collections: Collections
  mapping: MappingReader
}

/** Names of one look, and days of one batch. */
const STEP = 100

/**
 * Looks at the lines of courses that got their first part, or lost the last one. Each step checks all that it relies on,
 * and a name stays late until all of its lines were found right: so it goes on after a kill, and several processes at
 * once do no harm. Returns how many names there were.
 */
export async function settleCourses(deps: CourseDeps): Promise<number> {
  const { collections } = deps
  for (let settled = 0; ; ) {
    const { docs } = await collections.find(COURSES, { index: 'late', equals: { late: true }, limit: STEP })
    if (docs.length === 0) return settled
    for (const { key } of docs) await settleName(deps, key)
    settled += docs.length
  }
}

async function settleName(deps: CourseDeps, key: string): Promise<void> {
  const { collections } = deps
  await commitAnew(collections, async () => {
    const doc = await collections.get(COURSES, key)
    if (!doc?.value.late) return []
    // Lines may come to stand elsewhere while they are read: only a look that finds all of them right is the last one.
    while ((await settleLines(deps, doc.value.person, key)) > 0);
    return write(COURSES, key, doc, doc.value.timed > 0 ? { ...doc.value, late: false } : null)
  })
}

/** Returns how many lines that go by a name were not right. */
async function settleLines(deps: CourseDeps, person: string, key: string): Promise<number> {
  let changed = 0
  const equals = { visibleTo: person, terms: courseTerm(key) }
  for await (const docs of pages<LineDocument>((options) =>
    deps.collections.find(LINES, { index: 'term', equals, ...options }),
  ))
    for (const doc of docs)
      for (const id of membersOf(doc)) if ((await settleLine(deps, id)).changed) changed++
  return changed
}

/** A line, and those that are shown as it. */
export const membersOf = ({ key, value }: Doc<LineDocument>) => [
  key,
  ...(value.twins?.tellers ?? []).map(({ line }) => line),
]

/** Others win the race each time, yet somebody always wins it. */
const MOST_ATTEMPTS = 100

/**
 * Says on a line and on all of its days whether it has parts that tell how long they took. Its days first: while it is not
 * done the line is as it was, and whoever adds to it adds what the line says. `revision` is that of the line as it was
 * found right, null when it is gone.
 */
export async function settleLine(
  deps: CourseDeps,
  id: string,
): Promise<{ changed: boolean; revision: number | null }> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const found = await bringLine(deps, id)
    if (found !== 'changed') return { changed: attempt > 0, revision: found }
  }
  throw new Error('A line of a course was overtaken too often.')
}

async function bringLine(
  { collections, mapping }: CourseDeps,
  id: string,
): Promise<'changed' | number | null> {
  const doc = await collections.get(LINES, id)
  if (!doc) return null
  const { person } = doc.value.tally
  const { hasParts, checks } = await partsOf(collections, doc.value)
  const held: Operation[] = [...checks, { op: 'check', collection: LINES, key: id, revision: doc.revision }]
  const days = await daysOfFacts(collections, id)
  for (let from = 0; from < days.length; from += STEP) {
    const some = days.slice(from, from + STEP)
    const hours = createHourChanges(collections)
    await hours.see(some.map((day) => ({ person, day })))
    hours.mark(person, id, { hasParts }, some)
    const operations = await hours.operations(await mapping.now())
    if (operations.length === 0) continue
    await collections.batch([...held, ...operations])
    return 'changed'
  }
  if ((doc.value.hasParts === true) === hasParts) return doc.revision
  const { hasParts: _, ...rest } = doc.value
  await collections.batch([...checks, ...write(LINES, id, doc, { ...rest, ...(hasParts && { hasParts }) })])
  return 'changed'
}

/** Whether a part of it tells how long it took, and what sees to it that this stays so. */
export async function partsOf(
  collections: Collections,
  { tally }: Pick<LineDocument, 'tally'>,
): Promise<{ hasParts: boolean; checks: Operation[] }> {
  const keys = isTimed(tally) ? keysOf(tally) : []
  const courses = await collections.getMany(COURSES, keys)
  return {
    hasParts: [...courses.values()].some(({ value }) => value.timed > 0),
    checks: keys.map((key) => {
      const revision = courses.get(key)?.revision ?? null
      return { op: 'check', collection: COURSES, key, revision }
    }),
  }
}
