import { isDeepStrictEqual } from 'node:util'
import type { Collections } from '../../lrs/index.ts'
import { LINES, type LineDocument } from '../projection/documents.ts'
import { pages } from '../projection/pages.ts'
import { partTerm } from '../projection/terms.ts'
import { makeTo } from '../projection/write.ts'
import { COURSES, type CourseDocument } from './documents.ts'
import { type CourseDeps, membersOf, partsOf } from './settle.ts'

interface Name {
  key: string
  person: string
}

/** Names of courses whose document is not what the lines say, and lines that do not say whether they have parts. */
export async function* wrongCourses({
  collections,
}: Pick<CourseDeps, 'collections'>): AsyncGenerator<{ name: Name } | { line: string }> {
  for await (const docs of pages<CourseDocument>((options) => collections.scan(COURSES, options)))
    for (const { key, value } of docs) {
      const name = { key, person: value.person }
      if (await differs(collections, name)) yield { name }
    }
  for await (const docs of pages<LineDocument>((options) => collections.scan(LINES, options))) {
    const within = new Map(
      docs.flatMap(({ value }) =>
        (value.within ?? []).map((key): [string, Name] => [key, { key, person: value.tally.person }]),
      ),
    )
    const known = await collections.getMany(COURSES, [...within.keys()])
    for (const [key, name] of within)
      if (!known.has(key) && (await differs(collections, name))) yield { name }
    for (const { key } of docs) if (await isWrong(collections, key)) yield { line: key }
  }
}

/** Makes the document of a course what the lines say: the store was damaged. */
export async function mendCourse(collections: Collections, name: Name): Promise<void> {
  await makeTo(collections, COURSES, name.key, async (held) => {
    const timed = await countParts(collections, name)
    const late = held?.late === true || (held?.timed ?? 0) > 0 !== timed > 0
    return timed > 0 || late ? { person: name.person, timed, late } : null
  })
}

async function differs(collections: Collections, name: Name): Promise<boolean> {
  for (;;) {
    const doc = await collections.get(COURSES, name.key)
    if ((doc?.value.timed ?? 0) === (await countParts(collections, name))) return false
    const again = await collections.get(COURSES, name.key)
    if (isDeepStrictEqual(again?.revision, doc?.revision)) return true
  }
}

async function countParts(collections: Collections, { key, person }: Name): Promise<number> {
  const parts = new Set<string>()
  const equals = { visibleTo: person, terms: partTerm(key) }
  for await (const docs of pages<LineDocument>((options) =>
    collections.find(LINES, { index: 'term', equals, ...options }),
  )) {
    const members = docs.flatMap(membersOf)
    for (let from = 0; from < members.length; from += 1000)
      for (const [id, { value }] of await collections.getMany(LINES, members.slice(from, from + 1000)))
        if (value.within?.includes(key)) parts.add(id)
  }
  return parts.size
}

/** Where its name is late it may be on its way. */
async function isWrong(collections: Collections, id: string): Promise<boolean> {
  for (;;) {
    const doc = await collections.get(LINES, id)
    if (!doc || doc.value.mapping < 0) return false
    const { hasParts, checks } = await partsOf(collections, doc.value)
    if ((doc.value.hasParts === true) === hasParts) return false
    const names = await collections.getMany(
      COURSES,
      checks.map(({ key }) => key),
    )
    if ([...names.values()].some(({ value }) => value.late)) return false
    if ((await collections.get(LINES, id))?.revision === doc.revision) return true
  }
}
