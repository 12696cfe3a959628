import type { Collections } from '../../lrs/index.ts'
import { familyOf } from '../merges/family-of.ts'
import { LINES } from '../projection/documents.ts'
import { lineId } from '../projection/fact.ts'
import { lineKeyOf } from '../projection/tally.ts'
import { toldIn } from '../self-told/self-told.ts'
import type { PersonId, RecordLine } from '../types.ts'
import { readMany } from './read-many.ts'

/**
 * A line, with those that it is shown in the place of: what several sources told of one thing is one line, and may be
 * taken apart again. What was said of any of them is said of the line.
 */
export interface NamedLine {
  id: string
  tellers?: readonly { line: string }[]
}

export const namesOf = ({ id, tellers = [] }: NamedLine): string[] => [
  ...new Set([id, ...tellers.map(({ line }) => line)]),
]

/** A line of a record, as far as what people say of it is found again. */
export type MarkedLine = Pick<RecordLine, 'id' | 'person' | 'activity' | 'level' | 'tellers'>

/** Names of one line: of itself as each person whose record it is or was, and all. */
export interface Names {
  own: ReadonlyMap<string, PersonId>
  all: readonly string[]
}

/**
 * Under which names something may have been said of each of these lines, by their ids. The id of a line holds whose it
 * is, so of persons who are one it has a name for each, and keeps them when they are two again; and the day on which it
 * was, so what people tell of themselves, who may put it on another day, has its activity as a name too.
 */
export async function namesOver(
  collections: Collections,
  lines: readonly MarkedLine[],
): Promise<ReadonlyMap<string, Names>> {
  const families = new Map<PersonId, PersonId[]>()
  for (const { person } of lines)
    if (!families.has(person)) families.set(person, await familyOf(collections, person))
  const merged = lines.filter(({ person }) => families.get(person)!.length > 1)
  const docs = await readMany(collections, LINES, merged.flatMap(namesOf))

  const asOf = (name: string, person: PersonId): string => {
    const tally = docs.get(name)?.value.tally
    const key = tally && tally.person !== person ? lineKeyOf(tally) : null
    return key === null ? name : lineId(person, key)
  }
  return new Map(
    lines.map((line) => {
      const family = families.get(line.person)!
      const told = [line, ...(line.tellers ?? [])].flatMap(({ level, activity }) =>
        level === 'tu-khai' && toldIn(activity.id) !== null ? [activity.id] : [],
      )
      const all = family.flatMap((person) => [
        ...namesOf(line).map((name) => asOf(name, person)),
        ...told.map((activity) => `${person} ${activity}`),
      ])
      const own = new Map(family.map((person) => [asOf(line.id, person), person]))
      own.set(line.id, line.person)
      return [line.id, { own, all: [...new Set(all)] }] as const
    }),
  )
}
