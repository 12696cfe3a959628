import { type Collections, type Doc, type Found, inTurns, type Operation } from '../../lrs/index.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import { FACTS, isFact, type Known, type LineDocument } from '../projection/documents.ts'
import type { Fact } from '../projection/fact.ts'
import { localDay, monthOf } from '../projection/time.ts'
import { write } from '../projection/write.ts'
import type { PersonId } from '../types.ts'
import { addFacts, type DayEntries } from './day.ts'
import { DAYS, type DayDocument, dayKey, YEARS, type YearDocument, yearKey } from './documents.ts'
import { addSums, EMPTY, type Sums, sumDay } from './sums.ts'

/** The document of a day; null for one of which nothing is known. */
export function dayDocument(
  { person, day, entries }: Pick<DayDocument, 'person' | 'day' | 'entries'>,
  { version, classify }: Classifier,
): DayDocument | null {
  if (Object.keys(entries).length === 0) return null
  const sums = sumDay(entries, monthOf(day).month, classify)
  return { person, day, mapping: version, sums, entries }
}

/**
 * Gathers what changes on people's days and years, for the batch of the facts and lines that change them. Days grow by
 * what is added; one that loses something is made anew from the facts that remain. A day is written whenever one of its
 * facts changes, also when it stays the same: so its revision tells whoever reads its facts at that moment. Years get
 * the difference of their days.
 */
export function createHourChanges(collections: Collections) {
  const days = new Map<
    string,
    { person: PersonId; day: number; added: Map<string, Fact>; removed: Set<string> }
  >()
  const years = new Map<string, { person: PersonId; year: number; sums: Sums; lines: Map<string, number> }>()

  function add(fact: Fact): void {
    for (const change of changesOf(fact)) change.added.set(fact.id, fact)
  }

  function remove(fact: Fact): void {
    for (const change of changesOf(fact)) if (!change.added.delete(fact.id)) change.removed.add(fact.id)
  }

  function changesOf({ person, days: all }: Fact) {
    // A fact of an earlier version of the product is in none.
    return (all ?? []).map((day) => {
      const key = dayKey(person, day)
      const change = days.get(key) ?? { person, day, added: new Map(), removed: new Set() }
      days.set(key, change)
      return change
    })
  }

  /** A line that came, went, or moved to another month. */
  function line(before: LineDocument | null, after: LineDocument | null): void {
    const [from, to] = [placeOf(before), placeOf(after)]
    if (from?.name === to?.name) return
    for (const [place, sign] of [
      [from, -1],
      [to, 1],
    ] as const) {
      if (!place) continue
      const { lines } = yearOf(place.person, place.year)
      lines.set(place.month, (lines.get(place.month) ?? 0) + sign)
    }
  }

  function yearOf(person: PersonId, year: number) {
    const key = yearKey(person, year)
    const change = years.get(key) ?? { person, year, sums: EMPTY, lines: new Map() }
    years.set(key, change)
    return change
  }

  /** A day whose document becomes another. */
  function day(before: DayDocument | null, after: DayDocument | null): void {
    const some = after ?? before
    if (!some) return
    const change = yearOf(some.person, monthOf(some.day).year)
    if (before) change.sums = addSums(change.sums, before.sums, -1)
    if (after) change.sums = addSums(change.sums, after.sums, 1)
  }

  async function operations(classifier: Classifier): Promise<Operation[]> {
    const known = await collections.getMany(DAYS, [...days.keys()])
    const shrunk = [...days].filter(([, { removed }]) => removed.size > 0)
    const rests = new Map(
      await Promise.all(
        shrunk.map(
          async ([key, { person, day: number, removed }]) =>
            [key, await rest(person, number, removed)] as const,
        ),
      ),
    )
    const written = await inTurns(days, ([key, { person, day: number, added, removed }]) => {
      if (added.size === 0 && removed.size === 0) return []
      const doc = known.get(key) ?? null
      const before = rests.get(key) ?? doc?.value.entries ?? {}
      const entries = addFacts(before, number, added.values())
      const after = dayDocument({ person, day: number, entries }, classifier)
      day(doc?.value ?? null, after)
      return write(DAYS, key, doc, after)
    })
    return [...written.flat(), ...(await yearOperations())]
  }

  async function rest(person: PersonId, day: number, removed: ReadonlySet<string>): Promise<DayEntries> {
    let entries: DayEntries = {}
    for (let after: string | null = ''; after !== null; ) {
      const page: Found<Known> = await collections.find(FACTS, {
        index: 'day',
        equals: { person, days: day },
        limit: 500,
        ...(after === '' ? {} : { after }),
      })
      const facts = page.docs.filter(({ key }) => !removed.has(key)).map(({ value }) => value)
      entries = addFacts(entries, day, facts.filter(isFact))
      after = page.next
    }
    return entries
  }

  async function yearOperations(): Promise<Operation[]> {
    const changed = [...years].filter(
      ([, { sums, lines }]) => !isEmpty(sums) || [...lines.values()].some((count) => count !== 0),
    )
    const known = await collections.getMany(
      YEARS,
      changed.map(([key]) => key),
    )
    return changed.flatMap(([key, change]) => {
      const doc: Doc<YearDocument> | null = known.get(key) ?? null
      const held = doc?.value ?? { sums: EMPTY, lines: {} }
      const sums = addSums(held.sums, change.sums, 1)
      const lines = addSums(
        { ...EMPTY, minutes: held.lines },
        { ...EMPTY, minutes: Object.fromEntries(change.lines) },
        1,
      ).minutes
      const { person, year } = change
      return write(YEARS, key, doc, isNothing({ sums, lines }) ? null : { person, year, sums, lines })
    })
  }

  return { add, remove, line, day, operations, yearOperations }
}

function placeOf(line: LineDocument | null) {
  if (!line || line.visibleTo === null || line.at === null) return null
  const { year, month } = monthOf(localDay(line.at))
  const person = line.visibleTo
  return { person, year, month: String(month), name: `${person} ${year} ${month}` }
}

/** A year of which nothing is known is not kept. */
export const isNothing = ({ sums, lines }: Pick<YearDocument, 'sums' | 'lines'>) =>
  isEmpty(sums) && Object.keys(lines).length === 0

const isEmpty = (sums: Sums) => Object.values(sums).every((of) => Object.keys(of).length === 0)
