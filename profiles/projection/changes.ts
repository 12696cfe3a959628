import { isDeepStrictEqual } from 'node:util'
import {
  type Collections,
  type Doc,
  inTurns,
  type Operation,
  type StatementStore,
  type StoredStatement,
} from '../../lrs/index.ts'
import { createHourChanges } from '../hours/changes.ts'
import { LINKS, type LinkDocument, recordOf } from '../links/documents.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'

import { createTwinChanges, ROOM } from '../twins/changes.ts'
import type { Level } from '../types.ts'

import {
  BLANK,
  BLANK_LIFE,
  FACTS,
  isFact,
  isTelling,
  isWaiting,
  type Known,
  LINES,
  type LineDocument,
  WAITING,
  type Waiting,
  waitingOf,
} from './documents.ts'
import { type Fact, factOf, type Telling, tellingOf } from './fact.ts'
import { sumOfLine } from './sum-of-line.ts'
import { add, type Tally, tallyOf } from './tally.ts'
import { write } from './write.ts'

export interface ChangesDeps {
  collections: Collections
  statements: Pick<StatementStore, 'get'>
  mapping: MappingReader
  levelOf(source: string): Promise<Level>
  /** Whether it is the product itself, whose marks of how a lesson was taken count; absent: no source is. */
  isOwn?(source: string): Promise<boolean>
  now: () => number
}

/**
 * Most statements that one set of changes takes. Each makes five operations as a rule: its link, fact, line, day and year;
 * more where it moves to another person or begins before midnight. What passes MAX_OPERATIONS is halved.
 */
export const MAX_CHANGES = 150
/** A batch of the store holds 1,000; some are its caller's. */
export const MAX_OPERATIONS = 900

/**
 * Gathers what some statements change on people's records, as operations for one batch that fails when anything it
 * was computed from has changed: the link of each actor (`check`), the fact of each statement and the line of each fact
 * (by revision). So the feed's consumer, a link, an unlink and a rebuild may run at the same moment, in any number of
 * processes: whoever comes second computes anew.
 *
 * That an actor has no link is not checked, for most have none and each check is a write: a link that comes in between
 * reads the whole history after it was made, this statement with it (links/jobs.ts), and a fact that is taken out or made
 * blank meanwhile is told by its revision.
 *
 * A fact is read before its statement, or the statement is looked at again when there is a fact or a blank: what
 * is written is never older than what it replaces.
 */
export function createChanges({ collections, statements, mapping, levelOf, isOwn, now }: ChangesDeps) {
  const links = new Map<string, Doc<LinkDocument> | null>()
  const facts = new Map<string, { doc: Doc<Known> | null; now: Known | null }>()
  const sources = new Map<string, { level: Level; own: boolean }>()
  const tellings = new WeakMap<StoredStatement, Telling | null>()
  const hours = createHourChanges(collections)
  const lines = new Map<string, { added: Map<string, Fact>; removed: Set<string> }>()
  const places = new Map<string, number>()
  const old = new Set<string>()

  /** Reads at once what these statements, and those that are looked at again, will ask for. */
  async function load(taken: readonly StoredStatement[], again: readonly string[]): Promise<void> {
    const ids = [...new Set([...taken.map(({ id }) => id), ...again])]
    const found = await collections.getMany(FACTS, ids)
    for (const id of ids) enterFact(id, found.get(id) ?? null)
    await findOld([...found.values()])
    const agents = new Set<string>()
    for (const telling of await inTurns(taken, tellingFor)) if (telling) agents.add(telling.agent)
    const linked = await collections.getMany(LINKS, [...agents])
    for (const agent of agents) links.set(agent, linked.get(agent) ?? null)
  }

  /** Lines of an earlier version of the product, whose sum lacks something: they are summed anew with a fact of theirs. */
  async function findOld(known: readonly Doc<Known>[]): Promise<void> {
    const ids = new Set(known.flatMap(({ value }) => (isFact(value) ? [value.line] : [])))
    for (const [id, { value }] of await collections.getMany(LINES, [...ids]))
      if (value.tally.days === undefined || value.within === undefined) old.add(id)
  }

  /** A statement as just read from the store. */
  async function take(statement: StoredStatement): Promise<void> {
    const entry = await factEntry(statement.id)
    const wanted = await factFor(statement)
    if (entry.now === null) return settle(statement.id, wanted)
    const isOld = isFact(entry.now) && old.has(entry.now.line)
    if (isOld || !isDeepStrictEqual(entry.now, wanted)) await lookAgain(statement.id)
  }

  /** A statement that is said to have changed: voided, re-keyed or erased. */
  async function lookAgain(id: string): Promise<void> {
    await factEntry(id)
    const statement = await statements.get(id)
    await settle(id, (statement && (await factFor(statement))) ?? BLANK)
  }

  /** Brings facts to what their links say now. */
  async function bring(docs: readonly Doc<Known>[]): Promise<void> {
    for (const doc of docs) {
      facts.set(doc.key, { doc, now: doc.value })
      if (!isTelling(doc.value)) continue
      const wanted = await personalFact(doc.value)
      if (!isDeepStrictEqual(doc.value, wanted)) await settle(doc.key, wanted)
    }
  }

  async function factEntry(id: string) {
    return facts.get(id) ?? enterFact(id, await collections.get(FACTS, id))
  }

  function enterFact(id: string, doc: Doc<Known> | null) {
    const entry = { doc, now: doc?.value ?? null }
    facts.set(id, entry)
    return entry
  }

  async function factFor(statement: StoredStatement): Promise<Fact | Waiting | null> {
    const telling = await tellingFor(statement)
    return telling && (await personalFact(telling))
  }

  async function tellingFor(statement: StoredStatement): Promise<Telling | null> {
    let telling = tellings.get(statement)
    if (telling === undefined) {
      const { source } = statement
      const known = sources.get(source) ?? {
        level: await levelOf(source),
        own: (await isOwn?.(source)) ?? false,
      }
      sources.set(source, known)
      telling = tellingOf(statement, known.level, known.own)
      tellings.set(statement, telling)
    }
    return telling
  }

  async function personalFact(telling: Telling): Promise<Fact | Waiting | null> {
    let link = links.get(telling.agent)
    if (link === undefined) {
      link = await collections.get(LINKS, telling.agent)
      links.set(telling.agent, link)
    }
    return link && tellingUnder(link.value, telling)
  }

  async function settle(id: string, wanted: Known | null): Promise<void> {
    const entry = await factEntry(id)
    if (isFact(entry.now)) {
      const line = lineChange(entry.now.line)
      if (!line.added.delete(id)) line.removed.add(id)
      hours.remove(entry.now)
    }
    if (isFact(wanted)) {
      lineChange(wanted.line).added.set(id, wanted)
      hours.add(wanted)
    }
    if (isWaiting(entry.now)) shift(entry.now.line, -1)
    if (isWaiting(wanted)) shift(wanted.line, 1)
    entry.now = wanted
  }

  function shift(place: string, by: number): void {
    places.set(place, (places.get(place) ?? 0) + by)
  }

  function lineChange(id: string) {
    const change = lines.get(id) ?? { added: new Map(), removed: new Set() }
    lines.set(id, change)
    return change
  }

  async function operations(): Promise<Operation[]> {
    const checks = [...links].flatMap(([key, doc]): Operation[] =>
      doc ? [{ op: 'check', collection: LINKS, key, revision: doc.revision }] : [],
    )
    const written = [...facts].flatMap(([key, entry]) => {
      if (entry.now === (entry.doc?.value ?? null)) return []
      const expires = isTelling(entry.now) ? {} : { expires: now() + BLANK_LIFE }
      return [write(FACTS, key, entry.doc, entry.now, expires)].flat()
    })
    const counted = await counts()
    if (lines.size === 0) return [...checks, ...written, ...counted]
    const classifier = await mapping.now()
    const known = await collections.getMany(LINES, [...lines.keys()])
    const rests = await restsOf(lines)
    const twins = createTwinChanges(collections, hours, classifier)
    await inTurns(lines, ([id, change]) => {
      if (change.added.size === 0 && change.removed.size === 0) return
      const doc = known.get(id) ?? null
      twins.line(id, doc, refold(doc, change, rests.get(id)))
    })
    await hours.load()
    // Of several statements, what has no room is taken in steps of fewer.
    const folded = await twins.operations(facts.size === 1 ? ROOM : undefined)
    return [...checks, ...written, ...counted, ...folded, ...(await hours.operations(classifier))]
  }

  /** How many wait at each place from now on. */
  async function counts(): Promise<Operation[]> {
    const moved = [...places].filter(([, by]) => by !== 0)
    if (moved.length === 0) return []
    const known = await collections.getMany(
      WAITING,
      moved.map(([place]) => place),
    )
    return moved.flatMap(([place, by]) => {
      const doc = known.get(place) ?? null
      const count = (doc?.value.count ?? 0) + by
      return write(WAITING, place, doc, count > 0 ? { count } : null)
    })
  }

  /** Growing needs the sum alone; what leaves cannot be subtracted from a maximum, so the rest is summed anew. */
  async function restsOf(changed: typeof lines): Promise<Map<string, Tally | null>> {
    const shrunk = [...changed].filter(([, { removed }]) => removed.size > 0)
    return new Map(
      await Promise.all(
        shrunk.map(async ([id, { removed }]) => [id, await sumOfLine(collections, id, removed)] as const),
      ),
    )
  }

  /** The sum of a line from now on. */
  function refold(
    doc: Doc<LineDocument> | null,
    { added }: { added: Map<string, Fact> },
    rest: Tally | null | undefined,
  ): Tally | null {
    const before = rest === undefined ? (doc?.value.tally ?? null) : rest
    return [...added.values()].map(tallyOf).reduce((a: Tally | null, b) => (a ? add(a, b) : b), before)
  }

  return { load, take, lookAgain, bring, operations }
}

/** What a telling is under its identifier's link; without its person's consent nothing, and nothing of it is kept. */
export function tellingUnder(link: LinkDocument, telling: Telling): Fact | Waiting | null {
  if (!link.agreed) return null
  return link.sources === undefined || link.sources.includes(telling.source)
    ? factOf(telling, recordOf(link))
    : waitingOf(telling)
}
