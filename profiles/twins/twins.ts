import { type Collections, type Doc, type Refusal, refuse } from '../../lrs/index.ts'
import { createHourChanges } from '../hours/changes.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'
import { findOfFamily } from '../merges/family-of.ts'
import { LINES, type LineDocument } from '../projection/documents.ts'
import { commitAnew } from '../projection/projector.ts'
import type { LineTeller, PersonId, Transcript } from '../types.ts'
import { createTwinChanges, ROOM } from './changes.ts'
import { SPLITS, type SplitDocument } from './documents.ts'
import { SPLITS_MANY, TWIN_UNKNOWN } from './problems.ts'

/** Lines of which a person may say that they are not the same as one. */
const MOST_SPLITS = 200
const MOST_TOLD = 10

/**
 * What a person says of lines that were taken for one. `line` is the id of one source's line, shown or not. Problem ids:
 * `twin-unknown`, `splits-many`.
 */
export interface Twins {
  /** Takes the line of one source out of the line that is shown for it; returns from which ones. */
  split(person: PersonId, line: string): Promise<{ line: string; from: string[] } | Refusal>
  /** Takes that back, for all or some of the lines; returns which line is shown now, `joined` with any of those. */
  join(
    person: PersonId,
    line: string,
    from?: readonly string[],
  ): Promise<{ shown: string; joined: boolean } | Refusal>
  /** The lines that this one was split from, as far as its person sees them: at most 10. */
  splitFrom(person: PersonId, line: string): Promise<Pick<LineTeller, 'line' | 'source' | 'at'>[]>
  /** Everything that a person said, for them to take along. */
  splitsOf(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ splits: { line: string; from: string[] }[]; next: string | null }>
}

export function createTwins({
  collections,
  mapping,
  transcript,
}: {
  collections: Collections
  mapping: MappingReader
  transcript: Pick<Transcript, 'line'>
}): Twins {
  async function ownLine(person: PersonId, id: string): Promise<Doc<LineDocument> | null> {
    const doc = await collections.get(LINES, id)
    return doc?.value.tally.person === person ? doc : null
  }

  /** The lines that are one with this one, it not among them. */
  async function othersOf({ key, value }: Doc<LineDocument>): Promise<string[]> {
    const shown = value.twins?.shownAs
    const first = shown === undefined ? value : (await collections.get(LINES, shown))?.value
    const all = [
      ...(shown === undefined ? [] : [shown]),
      ...(first?.twins?.tellers ?? []).map(({ line }) => line),
    ]
    return all.filter((id) => id !== key)
  }

  /** Writes what is said of `line` and these others, each side, with all lines that follow from it. */
  async function say(person: PersonId, line: string, others: readonly string[], apart: boolean) {
    const hours = createHourChanges(collections)
    const classifier = await mapping.now()
    const twins = createTwinChanges(collections, hours, classifier)
    const ids = [line, ...others]
    const [docs, splits] = await Promise.all([
      collections.getMany(LINES, ids),
      collections.getMany(SPLITS, ids),
    ])
    for (const id of ids) {
      const held = splits.get(id) ?? null
      const from = new Set(held?.value.from)
      for (const other of id === line ? others : [line]) {
        if (apart) from.add(other)
        else from.delete(other)
      }
      twins.split(id, held, from.size === 0 ? null : { person, from: [...from].sort() })
      const doc = docs.get(id)
      // Written even where it stays the same: whoever reads what was said relies on it.
      if (doc) twins.look(doc, { changed: true })
    }
    const operations = await twins.operations(ROOM)
    return [...operations, ...(await hours.operations(classifier))]
  }

  return {
    async split(person, line) {
      let from: string[] = []
      let isFull = false
      await commitAnew(collections, async () => {
        const doc = await ownLine(person, line)
        from = doc ? await othersOf(doc) : []
        isFull = await isTooMuch([line, ...from], from.length)
        return from.length === 0 || isFull ? [] : say(person, line, from, true)
      })
      if (isFull) return refuse(SPLITS_MANY)
      return from.length === 0 ? refuse(TWIN_UNKNOWN) : { line, from }
    },

    async join(person, line, from) {
      let isThere = false
      let others: string[] = []
      await commitAnew(collections, async () => {
        const held: Doc<SplitDocument> | null = await collections.get(SPLITS, line)
        const said = held?.value.person === person ? held.value.from : []
        others = said.filter((id) => from === undefined || from.includes(id))
        isThere = others.length > 0 && (await ownLine(person, line)) !== null
        return isThere ? say(person, line, others, false) : []
      })
      if (!isThere) return refuse(TWIN_UNKNOWN)
      const docs = await collections.getMany(LINES, [line, ...others])
      const shownFor = (id: string) => docs.get(id)?.value.twins?.shownAs ?? id
      return { shown: shownFor(line), joined: others.some((id) => shownFor(id) === shownFor(line)) }
    },

    async splitFrom(person, line) {
      const said = (await collections.get(SPLITS, line))?.value
      if (said?.person !== person) return []
      const parts = await Promise.all(
        said.from.slice(0, MOST_TOLD).map(async (id) => {
          const shown = await transcript.line(person, id)
          const own = shown?.tellers?.find((teller) => teller.line === id) ?? shown
          return own ? [{ line: id, source: own.source, at: own.at }] : []
        }),
      )
      return parts.flat()
    },

    async splitsOf(person, { after, limit }) {
      const page = await findOfFamily(collections, SPLITS, person, { after, limit })
      return { splits: page.docs.map(({ key, value }) => ({ line: key, from: value.from })), next: page.next }
    },
  }

  async function isTooMuch(lines: readonly string[], more: number): Promise<boolean> {
    const docs = await collections.getMany(SPLITS, lines)
    return [...docs.values()].some(({ value }) => value.from.length + more > MOST_SPLITS)
  }
}
