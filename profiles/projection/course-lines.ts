import type { Collections, Doc } from '../../lrs/index.ts'
import { coursesOf, keysOf } from '../courses/names.ts'
import { membersOf } from '../courses/settle.ts'
import type { CoursePlace, PersonId } from '../types.ts'
import { LINES, type LineDocument } from './documents.ts'
import { shownLine } from './line-document.ts'
import { courseTerm, partTerm } from './terms.ts'

/** Courses whose lines are looked for: a page of lines is of a few, as a rule. */
const MOST_COURSES = 24

/** What a line and those that are shown as it go by, and what they belong to. */
async function placesOf(collections: Collections, docs: readonly Doc<LineDocument>[]) {
  const others = docs.flatMap((doc) => membersOf(doc).slice(1))
  const told = await collections.getMany(LINES, others.slice(0, 1000))
  return docs.map((doc) => {
    const tallies = [
      doc.value.tally,
      ...membersOf(doc)
        .slice(1)
        .flatMap((id) => told.get(id)?.value.tally ?? []),
    ]
    const names = new Set(tallies.flatMap(keysOf))
    const courses = [...new Set(tallies.flatMap(coursesOf))].filter((key) => !names.has(key))
    return { doc, names: [...names], courses }
  })
}

/** Terms of the parts of a course. */
export async function partTerms(collections: Collections, doc: Doc<LineDocument>): Promise<string[]> {
  const [place] = await placesOf(collections, [doc])
  return place?.names.map(partTerm) ?? []
}

/** Of each of these lines that show: how many parts it has, and of which courses it is one. */
export async function coursePlaces(
  collections: Collections,
  person: PersonId,
  docs: readonly Doc<LineDocument>[],
): Promise<Map<string, CoursePlace>> {
  const places = await placesOf(collections, docs)
  const keys = [...new Set(places.flatMap(({ courses }) => courses))].slice(0, MOST_COURSES)
  const newest = new Map(
    await Promise.all(keys.map(async (key) => [key, await newestOf(collections, person, key)] as const)),
  )
  return new Map(
    await Promise.all(
      places.map(async ({ doc, names, courses }): Promise<[string, CoursePlace]> => {
        const lines = courses.flatMap((key) => newest.get(key) ?? [])
        const others = lines.filter(({ line }, at) => lines.findIndex((one) => one.line === line) === at)
        const parts = mayHaveParts(doc, docs) ? await countParts(collections, person, names) : 0
        return [doc.key, { parts, courses: others }]
      }),
    ),
  )
}

/** To count costs a look for each line: of many only those are counted that are known to be courses. */
const mayHaveParts = ({ value }: Doc<LineDocument>, all: readonly unknown[]) =>
  all.length === 1 || value.kind === 'course' || value.hasParts === true

/** By whatever name has the most, for a course that goes by two is told of by the same parts. */
async function countParts(
  collections: Collections,
  person: PersonId,
  names: readonly string[],
): Promise<number> {
  const counts = names.map((key) =>
    collections.count(LINES, { index: 'term', equals: { visibleTo: person, terms: partTerm(key) } }),
  )
  return Math.max(0, ...(await Promise.all(counts)))
}

async function newestOf(
  collections: Collections,
  person: PersonId,
  key: string,
): Promise<CoursePlace['courses'][number] | null> {
  const equals = { visibleTo: person, terms: courseTerm(key) }
  const { docs } = await collections.find(LINES, { index: 'term', equals, descending: true, limit: 1 })
  const line = docs[0] && shownLine(docs[0].value)
  return line ? { line: line.id, activity: line.activity } : null
}
