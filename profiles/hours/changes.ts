import { type Collections, type Doc, type Found, inTurns, type Operation } from '../../lrs/index.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import { FACTS, isFact, type Known, type LineDocument } from '../projection/documents.ts'
import type { Fact } from '../projection/fact.ts'
import { localDay, monthOf } from '../projection/time.ts'
import { write } from '../projection/write.ts'
import type { PersonId } from '../types.ts'
import { addFacts, type DayEntries, marked, withMarks } from './day.ts'
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

/** Documents of one question to the store. */
const MOST_AT_ONCE = 1_000

const keyOf = ({ person, day }: { person: PersonId; day: number }) => dayKey(person, day)

export interface DayChange {
  person: PersonId
  day: number
  added: Map<string, Fact>
  removed: Set<string>
  doc: Doc<DayDocument> | null
  /** As they are from now on. */
  entries: DayEntries
  /** What is done with its document: nothing, seeing to it that it stays as it was read, or writing it. */
  does: 'nothing' | 'check' | 'write'
}

export type HourChanges = ReturnType<typeof createHourChanges>

/**
 * Gathers what changes on people's days and years, for the batch of the facts and lines that change them. Days grow by
 * what is added; one that loses something is made anew from the facts that remain. A day is written whenever one of its
 * facts changes, also when it stays the same: so its revision tells whoever reads its facts at that moment. Years get
 * the difference of their days.
 */
export function createHourChanges(collections: Collections) {
  const days = new Map<string, DayChange>()
  const years = new Map<string, { person: PersonId; year: number; sums: Sums; lines: Map<string, number> }>()

  function add(fact: Fact): void {
    for (const change of changesOf(fact)) change.added.set(fact.id, fact)
  }

  function remove(fact: Fact): void {
    for (const change of changesOf(fact)) if (!change.added.delete(fact.id)) change.removed.add(fact.id)
  }

  function changesOf({ person, days: all }: Fact) {
    // A fact of an earlier version of the product is in none.
    return (all ?? []).map((day) => dayOf(person, day))
  }

  function dayOf(person: PersonId, day: number): DayChange {
    const key = dayKey(person, day)
    const change: DayChange = days.get(key) ?? {
      person,
      day,
      added: new Map(),
      removed: new Set(),
      doc: null,
      entries: {},
      does: 'nothing',
    }
    days.set(key, change)
    return change
  }

  /** Reads the days whose facts change; before anything is asked of them. */
  async function load(): Promise<void> {
    await read([...days.values()])
  }

  /** Reads other days too. */
  async function see(places: readonly { person: PersonId; day: number }[]): Promise<void> {
    const unseen = new Map(
      places.filter(({ person, day }) => !days.has(dayKey(person, day))).map((one) => [keyOf(one), one]),
    )
    await read([...unseen.values()].map(({ person, day }) => dayOf(person, day)))
  }

  async function read(changes: readonly DayChange[]): Promise<void> {
    for (let from = 0; from < changes.length; from += MOST_AT_ONCE) {
      const some = changes.slice(from, from + MOST_AT_ONCE)
      const known = await collections.getMany(DAYS, some.map(keyOf))
      for (const change of some) change.doc = known.get(keyOf(change)) ?? null
      const shrunk = some.filter(({ removed }) => removed.size > 0)
      const rests = new Map(
        await Promise.all(shrunk.map(async (change) => [change, await rest(change)] as const)),
      )
      await inTurns(some, (change) => {
        const { day, added, removed } = change
        const before = rests.get(change) ?? change.doc?.value.entries ?? {}
        change.entries = added.size === 0 ? before : addFacts(before, day, added.values())
        if (added.size > 0 || removed.size > 0) change.does = 'write'
      })
    }
  }

  /** Days that were read, with what is known of them. */
  const seen = () => days.values()

  /** What lines tell of a day that was read. */
  const entriesOf = (person: PersonId, day: number) => dayOf(person, day).entries

  /** Sees to it that the batch fails when a day that was read has changed; `write` fails others that rely on it. */
  function hold(person: PersonId, day: number, does: 'check' | 'write'): void {
    const change = dayOf(person, day)
    // A day of which nothing is known cannot be written.
    if (does === 'check' || Object.keys(change.entries).length === 0) {
      if (change.does === 'nothing') change.does = 'check'
    } else change.does = 'write'
  }

  /** Says on these days that were read what a line is among others; of what is not given nothing changes. */
  function mark(
    person: PersonId,
    line: string,
    marks: { twin?: string | undefined; hasParts?: boolean },
    on: readonly number[],
  ): void {
    for (const day of on) {
      const change = dayOf(person, day)
      const entry = change.entries[line]
      if (!entry) continue
      const twin = 'twin' in marks ? marks.twin : entry.twin
      const hasParts = marks.hasParts ?? entry.hasParts === true
      if (entry.twin === twin && (entry.hasParts === true) === hasParts) continue
      const next = marked(entry, { ...(twin !== undefined && { twin }), ...(hasParts && { hasParts }) })
      change.entries = { ...change.entries, [line]: next }
      change.does = 'write'
    }
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
    const written = await inTurns(days, ([key, { person, day: number, doc, entries, does }]): Operation[] => {
      if (does === 'nothing') return []
      if (does === 'check') return [{ op: 'check', collection: DAYS, key, revision: doc?.revision ?? null }]
      const after = dayDocument({ person, day: number, entries }, classifier)
      day(doc?.value ?? null, after)
      return write(DAYS, key, doc, after)
    })
    return [...written.flat(), ...(await yearOperations())]
  }

  /** A day made anew from its facts, but some; which of its lines are not shown is no matter of facts. */
  async function rest({ person, day, removed, doc }: DayChange): Promise<DayEntries> {
    const held = doc?.value.entries ?? {}
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
    return withMarks(entries, (line) => held[line])
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

  return { add, remove, line, day, load, see, seen, entriesOf, hold, mark, operations, yearOperations }
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
