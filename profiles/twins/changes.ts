import { isDeepStrictEqual } from 'node:util'
import { type Collections, type Doc, inTurns, type Operation } from '../../lrs/index.ts'
import { createCourseChanges } from '../courses/changes.ts'
import type { HourChanges } from '../hours/changes.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import { daysOfFacts } from '../projection/days-of-facts.ts'
import { LATE, LINES, type LineDocument } from '../projection/documents.ts'
import { lineDocument } from '../projection/line-document.ts'
import type { Tally } from '../projection/tally.ts'
import { localDay } from '../projection/time.ts'
import { write } from '../projection/write.ts'
import { before, daysAround, daysOf, isThere, placeOf } from './around.ts'
import { clustersOf, isTied, isTooMuchForOne, mayBeTwins } from './clusters.ts'
import { SPLITS, type SplitDocument } from './documents.ts'
import { displaced, placedOn } from './placed.ts'
import { TWINS } from './rules.ts'
import { type LineTwins, tellerOf } from './tellers.ts'
import { createTieChanges } from './ties.ts'

/** Documents of one question to the store. */
const MOST_AT_ONCE = 1_000
/** Lines that hang together of which so many are read; more than TWINS.lines tell that none is taken for another. */
const MOST_READ = 2 * TWINS.lines
/**
 * Operations that follow from which lines are one, where a batch is of one change: room for all lines that may be one,
 * what was said of each, and their days (docs/adr/0028).
 */
export const ROOM = 2 * TWINS.lines + TWINS.days

interface State {
  doc: Doc<LineDocument> | null
  /** From now on; null when the line is gone. */
  tally: Tally | null
  near: Set<string>
  /** It is to be written: it changed, or others rely on nobody else changing it. */
  changed: boolean
  /** Whatever is near it is to be found again. */
  anew: boolean
  /** A day has no room for it any more, or again. */
  crowded: boolean
  /** What it is among others is to be looked at later: there was no room. */
  late: boolean
  /** Its sum is new. */
  summed: boolean
  within: string[] | undefined
  hasParts: boolean
  /** What it is on its days is to be looked at, or was and is to be settled with that. */
  unsettled: boolean
  shownAs: string | undefined
  tellers: NonNullable<LineTwins['tellers']> | undefined
}

/** Lines that hang together; behind those at the `edge` are some that were not read. */
interface Component {
  ids: string[]
  edge: string[]
}

/**
 * Gathers what changes on lines, with which of them tell of the same thing (docs/adr/0028). Lines that might are near
 * each other, and both documents name the other: whoever finds a new neighbour writes its document. What comes to a new
 * place writes the day of it, and sees to it that the days around stay as they were: of two that come at once the second finds the
 * first. A line with no other near, as nearly all are, costs a look at the day that is written with it anyhow.
 */
export function createTwinChanges(collections: Collections, hours: HourChanges, classifier: Classifier) {
  const { sameAs } = classifier
  const lines = new Map<string, State>()
  const ties = createTieChanges(collections, sameAs)
  const courses = createCourseChanges(collections)
  const splits = new Map<string, { doc: Doc<SplitDocument> | null; value: SplitDocument | null }>()

  /** A line that was read as `doc` and is the sum `tally` from now on. */
  function line(id: string, doc: Doc<LineDocument> | null, tally: Tally | null): void {
    Object.assign(stateOf(id, doc), { tally, changed: true, summed: true })
  }

  /** A line that is late, as it was after its days were looked at. */
  function settled(id: string): void {
    const state = lines.get(id)
    if (state) state.unsettled = false
  }

  /** A line whose neighbours are to be found again, though it stays as it is. */
  function look(doc: Doc<LineDocument>, { changed }: { changed: boolean }): void {
    Object.assign(stateOf(doc.key, doc), { changed, anew: true })
  }

  /** What its person says that a line is not the same as; read as `doc`. */
  function split(line: string, doc: Doc<SplitDocument> | null, value: SplitDocument | null): void {
    splits.set(line, { doc, value })
  }

  function stateOf(id: string, doc: Doc<LineDocument> | null): State {
    const state: State = lines.get(id) ?? {
      doc,
      tally: doc?.value.tally ?? null,
      near: new Set(doc?.value.twins?.near),
      changed: false,
      anew: false,
      crowded: false,
      late: false,
      summed: false,
      within: doc?.value.within,
      hasParts: doc?.value.hasParts === true,
      unsettled: doc?.value.mapping === LATE,
      shownAs: undefined,
      tellers: undefined,
    }
    lines.set(id, state)
    return state
  }

  /**
   * The operations on lines; what follows from them for days and years is told to `hours`. For which lines are one there
   * is `room` for so many operations: lines for which it does not suffice stay what they are among others, and are
   * marked as LATE, to be told anew in a batch of their own.
   */
  async function operations(room = Number.POSITIVE_INFINITY): Promise<Operation[]> {
    const moved = await movedLines()
    await findNeighbours(moved)
    const seeds = [...lines].flatMap(([id, { changed, anew, crowded }]) =>
      changed || anew || crowded ? [id] : [],
    )
    const components = await componentsOf(seeds)
    const held = await readSplits(components)
    const sorted = await sortAll(components, new Set(seeds), room)
    await placeInCourses()
    // What was read and is near to nothing here stays as it is.
    const touched = [...new Set([...seeds, ...sorted])].map((id) => [id, lines.get(id)!] as const)
    const written = await inTurns(touched, ([id, state]) => writeLine(id, state))
    for (const [id, state] of touched) await markDays(id, state)
    return [...written.flat(), ...ties.operations(), ...courses.operations(), ...held()]
  }

  /** Those that come to another place or go, and those that a day has no room for any more, or again. */
  async function movedLines(): Promise<Map<string, State>> {
    const crowdedOut = [...hours.seen()].flatMap(({ doc, entries }) =>
      displaced(doc?.value.entries ?? {}, entries, sameAs),
    )
    await read(crowdedOut)
    for (const id of crowdedOut) {
      const state = lines.get(id)
      if (state) state.crowded = true
    }
    return new Map(
      [...lines].filter(
        ([, { doc, tally, anew, crowded }]) => anew || crowded || placeOf(before(doc)) !== placeOf(tally),
      ),
    )
  }

  async function findNeighbours(moved: ReadonlyMap<string, State>): Promise<void> {
    const around = [...moved.values()].flatMap(({ tally }) => (tally ? daysAround(tally) : []))
    await hours.see(around)
    // Only what comes or goes changes ties; what moves knows its own.
    const tied = [...moved.values()].flatMap(({ doc, tally, anew }) => {
      const was = before(doc)
      const some = tally ?? was
      return some && (anew || isThere(was) !== isThere(tally)) ? [{ some, tally }] : []
    })
    for (const { some } of tied) ties.look(some)
    await ties.load()
    for (const { some, tally } of tied) ties.set(some, isThere(tally))
    for (const { tally } of moved.values()) if (tally) holdDays(tally)
    const found = new Map([...moved].map(([id, { tally, near }]) => [id, [...near, ...candidates(tally)]]))
    await read([...found.values()].flat())
    for (const [id, ids] of found) for (const other of ids) relate(id, other)
  }

  function candidates(tally: Tally | null): string[] {
    if (!tally || tally.at === null) return []
    const group = sameAs(tally.activity)
    const alike = daysAround(tally).flatMap(({ person, day }) =>
      Object.entries(hours.entriesOf(person, day)).flatMap(([id, { activity, source, lead }]) =>
        lead !== null && source !== tally.source && group.includes(activity) ? [id] : [],
      ),
    )
    return [...alike, ...ties.tiedTo(tally)]
  }

  function relate(id: string, other: string): void {
    const [a, b] = [lines.get(id), lines.get(other)]
    if (!a || !b || id === other) return
    const areNear = isNear(a.tally, b.tally)
    for (const [one, name] of [
      [a, other],
      [b, id],
    ] as const) {
      if (one.near.has(name) === areNear) continue
      if (areNear) one.near.add(name)
      else one.near.delete(name)
      one.changed = true
    }
  }

  function isNear(a: Tally | null, b: Tally | null): boolean {
    if (!a || !b || !mayBeTwins(a, b, sameAs)) return false
    return isTied(a, b) || (isPlaced(a) && isPlaced(b))
  }

  const placed = new WeakMap<object, Set<string>>()
  function isPlaced({ person, line, at }: Tally): boolean {
    const entries = hours.entriesOf(person, localDay(at ?? 0))
    const known = placed.get(entries) ?? placedOn(entries, sameAs)
    placed.set(entries, known)
    return known.has(line)
  }

  function holdDays({ person, at }: Tally): void {
    if (at === null) return
    for (const day of daysOf(at)) hours.hold(person, day, day === localDay(at) ? 'write' : 'check')
  }

  /** All lines that hang together with these, each set once. */
  async function componentsOf(seeds: readonly string[]): Promise<Component[]> {
    const seen = new Set<string>()
    const components: Component[] = []
    for (const seed of seeds) {
      if (seen.has(seed)) continue
      const ids: string[] = []
      let behind: string[] = []
      let front = [seed]
      while (front.length > 0) {
        for (const id of front) seen.add(id)
        ids.push(...front)
        if (ids.length > TWINS.lines) break
        const next = new Set(front.flatMap((id) => [...(lines.get(id)?.near ?? [])]))
        behind = front
        front = [...next].filter((id) => !seen.has(id)).slice(0, MOST_READ - ids.length)
        await read(front)
        front = front.filter((id) => lines.has(id))
      }
      components.push({ ids, edge: ids.length > TWINS.lines ? [...behind, ...front] : [] })
    }
    return components
  }

  /** What people said of these lines; what was read and relied on is to stay so. */
  async function readSplits(components: readonly Component[]): Promise<() => Operation[]> {
    const wanted = components.flatMap(({ ids }) => (ids.length > 1 && !isTooMuch(ids) ? ids : []))
    const unread = wanted.filter((id) => !splits.has(id))
    const operations = [...splits].flatMap(([id, { doc, value }]) => write(SPLITS, id, doc, value))
    const checks = new Map<string, Operation>()
    for (let from = 0; from < unread.length; from += MOST_AT_ONCE)
      for (const [id, doc] of await collections.getMany(SPLITS, unread.slice(from, from + MOST_AT_ONCE))) {
        splits.set(id, { doc, value: doc.value })
        checks.set(id, { op: 'check', collection: SPLITS, key: id, revision: doc.revision })
      }
    const isUsed = (id: string) => lines.get(id)?.late === false
    return () => [...operations, ...[...checks].flatMap(([id, check]) => (isUsed(id) ? [check] : []))]
  }

  const talliesOf = (ids: readonly string[]) => ids.flatMap((id) => lines.get(id)?.tally ?? [])
  const isTooMuch = (ids: readonly string[]) => isTooMuchForOne(talliesOf(ids))

  /** Sorts as much as there is room for; returns the lines that change by it, or that it relies on. */
  async function sortAll(all: readonly Component[], seeds: ReadonlySet<string>, room: number) {
    const sorted: string[] = []
    let left = room
    for (const { ids, edge } of all) {
      const tooMuch = isTooMuch(ids)
      if (!tooMuch) sort(ids)
      const others = ids.filter((id) => !seeds.has(id))
      const days = new Map(
        await Promise.all(ids.map(async (id) => [id, (await daysToMark(id)).length] as const)),
      )
      const ofAll = tooMuch
        ? 0
        : Math.min(
            TWINS.days,
            [...days.values()].reduce((a, b) => a + b, 0),
          )
      const cost = others.length + (!tooMuch && ids.length > 1 ? ids.length : 0) + ofAll
      if (cost > left) {
        for (const id of ids) putOff(id)
        continue
      }
      left -= cost
      sorted.push(...ids)
      if (!tooMuch) continue
      let undone = false
      for (const [id, count] of days) {
        const some = Math.min(TWINS.days, count)
        if (some > left) putOff(id)
        else {
          left -= some
          undone ||= some > 0
        }
      }
      for (const id of edge)
        if (undone || (!seeds.has(id) && lines.get(id)?.doc?.value.mapping === LATE))
          lines.get(id)!.late = true
    }
    return sorted
  }

  /** It stays what it is among others for now. */
  function putOff(id: string): void {
    const state = lines.get(id)!
    const { shownAs, tellers } = state.doc?.value.twins ?? {}
    Object.assign(state, { shownAs, tellers, late: true })
  }

  /** Which line of each cluster is shown, with what the others tell. */
  function sort(ids: readonly string[]): void {
    const clusters = clustersOf(talliesOf(ids), {
      isNear: (a, b) => lines.get(a)?.near.has(b) === true,
      isApart: (a, b) => splits.get(a)?.value?.from.includes(b) === true,
    })
    for (const [first, ...others] of clusters) {
      if (!first || others.length === 0) continue
      lines.get(first.line)!.tellers = others.flatMap((tally) => tellerOf(tally) ?? [])
      for (const { line } of others) lines.get(line)!.shownAs = first.line
    }
  }

  /** What those that come, go or change are as courses and parts. */
  async function placeInCourses(): Promise<void> {
    const all = [...lines.values()].filter(({ summed }) => summed)
    const held = ({ doc }: State) => doc?.value ?? null
    for (const state of all) courses.look(held(state), state.tally)
    await courses.load()
    for (const state of all) courses.count(held(state), state.tally)
    for (const state of all) {
      if (!state.tally) continue
      const { within, hasParts, late } = courses.place(held(state), state.tally)
      Object.assign(state, { within, hasParts, unsettled: state.unsettled || late })
    }
  }

  function writeLine(id: string, state: State): Operation[] {
    const { doc, tally, changed, late, unsettled } = state
    const whole = tally && lineDocument(tally, classifier, twinsOf(state), state)
    const value = whole && (late || unsettled) ? { ...whole, mapping: LATE } : whole
    const held = doc?.value ?? null
    if (changed || !isDeepStrictEqual(value, held)) {
      hours.line(held, value)
      return write(LINES, id, doc, value)
    }
    // What others are was computed from it.
    return doc ? [{ op: 'check', collection: LINES, key: id, revision: doc.revision }] : []
  }

  /** Names the line that is shown in the place of this one on the days of which it tells. */
  async function markDays(id: string, { doc, tally, shownAs, late, hasParts }: State): Promise<void> {
    if (!tally) return
    const { person } = tally
    const written = () =>
      [...hours.seen()].flatMap(({ person: of, does, day }) =>
        of === person && does === 'write' ? [day] : [],
      )
    if (hasParts || doc?.value.hasParts) hours.mark(person, id, { hasParts }, written())
    if (late || (shownAs === undefined && doc?.value.twins?.shownAs === undefined)) return
    const days = await daysToMark(id)
    await hours.see(days.map((day) => ({ person, day })))
    hours.mark(person, id, { twin: shownAs }, [...days, ...written()])
    // Those that are written by it alone hold the line as it was.
    if (hasParts || doc?.value.hasParts) hours.mark(person, id, { hasParts }, days)
  }

  /** Days of a line that comes to be shown as another, or no longer; those that are written anyhow may be missing. */
  async function daysToMark(id: string): Promise<readonly number[]> {
    const { doc, tally, shownAs } = lines.get(id)!
    const was = doc?.value.twins?.shownAs
    if (!tally || (shownAs === was && !(was !== undefined && doc?.value.mapping === LATE))) return []
    // Before days were kept with the sum, its facts have to tell.
    const before = doc && (doc.value.tally.days ?? (await daysOfFacts(collections, id)))
    return [...new Set([...(before ?? []), ...tally.days])]
  }

  async function read(ids: readonly string[]): Promise<void> {
    const unread = [...new Set(ids)].filter((id) => !lines.has(id))
    for (let from = 0; from < unread.length; from += MOST_AT_ONCE)
      for (const [id, doc] of await collections.getMany(LINES, unread.slice(from, from + MOST_AT_ONCE)))
        stateOf(id, doc)
  }

  return { line, look, settled, split, operations }
}

function twinsOf({ near, shownAs, tellers }: State): LineTwins | undefined {
  if (near.size === 0 && shownAs === undefined && !tellers) return undefined
  return {
    near: [...near].sort(),
    ...(shownAs !== undefined && { shownAs }),
    ...(tellers && { tellers }),
  }
}
