import { isDeepStrictEqual } from 'node:util'
import {
  type Collection,
  type Collections,
  type Doc,
  inTurns,
  type Operation,
  type StatementStore,
  statementKey,
} from '../../lrs/index.ts'
import { readMany } from '../corrections/read-many.ts'
import { COURSES, type CourseDocument } from '../courses/documents.ts'
import { DAYS, YEARS } from '../hours/documents.ts'
import { LINKS, type LinkDocument, recordOf } from '../links/documents.ts'
import { allOf } from '../links/links.ts'
import { TIES, tieKey } from '../twins/documents.ts'
import type { PersonId } from '../types.ts'
import { type ChangesDeps, createChanges } from './changes.ts'
import {
  BLANK,
  BLANK_LIFE,
  FACTS,
  isFact,
  isTelling,
  type Known,
  LINES,
  WAITING,
  type Waiting,
  waitingPrefix,
} from './documents.ts'
import type { Fact } from './fact.ts'
import { pages } from './pages.ts'
import { asKept, write } from './write.ts'

export type RemadeDeps = ChangesDeps & { statements: Pick<StatementStore, 'get' | 'query'> }

/** A person whose record is made anew, with the identifiers that were found to feed it; `remade` adds what is missing. */
export interface Fed {
  person: PersonId
  agents: string[]
}

/** One document of a record. */
interface Place {
  collection: Collection<unknown>
  key: string
}

export interface Remade {
  /** What makes of the record that is there the one that is to be, with a check of each link; empty where it is that. */
  operations: Operation[]
  /** Facts that stand on another record than that of their identifier: they are to be looked at alone. */
  strangers: string[]
  /** All documents that it is to have. */
  places: Place[]
  /** Statements read. */
  statements: number
}

/** What a record is made of: read by nobody else while it is made from nothing. */
const MADE: ReadonlySet<string> = new Set(
  [FACTS, LINES, TIES, COURSES, DAYS, YEARS, WAITING].map(({ name }) => name),
)
/** Bytes of statements held at once. */
const MAX_BYTES = 4_000_000
const PAGE = 500

/**
 * Makes a person's whole record from nothing, in memory, and compares it with the one that is there. What is there is
 * read first, so whatever is written after that is either in the statements or fails the batch: each operation carries
 * the revision of what it replaces. A document that was not looked for is taken to be missing; that of `seen` is.
 *
 * Identifiers come and go while others are made anew. Which feed the record is asked after what is there was read: one
 * that is not among them by then changes only what has another revision by then.
 */
export async function remade(deps: RemadeDeps, fed: Fed, seen: readonly Place[]): Promise<Remade> {
  for (;;) {
    const { collections } = deps
    const links = await readMany(collections, LINKS, fed.agents)
    const held = await heldRecord(collections, fed, links, seen)
    const [made, missed] = await Promise.all([wantedRecord(deps, fed, links), missedBy(collections, fed)])
    if (missed.length === 0) return differing(deps, fed, links, held, made)
    fed.agents.push(...missed)
  }
}

/** Identifiers that feed the record and are not known to. */
async function missedBy(collections: Collections, { person, agents }: Fed): Promise<string[]> {
  const [own, merged] = await Promise.all([
    allOf(collections, LINKS, 'person', { person }),
    allOf(collections, LINKS, 'merged', { merged: person }),
  ])
  const feeding = [...own, ...merged].filter(({ value }) => recordOf(value) === person)
  return feeding.flatMap(({ key }) => (agents.includes(key) ? [] : [key]))
}

function differing(
  { now }: RemadeDeps,
  { person, agents }: Fed,
  links: Links,
  held: Held,
  { wanted, statements }: Awaited<ReturnType<typeof wantedRecord>>,
): Remade {
  const operations: Operation[] = []
  const strangers: string[] = []
  for (const [name, { collection, key, value }] of wanted) {
    const doc = held.get(name)?.doc ?? null
    held.delete(name)
    if (collection.name === FACTS.name && isStranger(doc?.value)) strangers.push(key)
    else if (!doc || !isDeepStrictEqual(asKept(value), doc.value))
      operations.push(...write(collection, key, doc, value))
  }
  for (const { collection, doc } of held.values()) {
    if (collection.name !== FACTS.name) operations.push(...write(collection, doc.key, doc, null))
    else if (isTelling(doc.value as Known)) {
      const fact = doc.value as Fact | Waiting
      const link = links.get(fact.agent)?.value
      if (!link || recordOf(link) !== person) {
        // Taken out with all that stands for it, by where it belongs now.
        if (!link || fact.person === person) strangers.push(doc.key)
      } else if (isStranger(fact)) strangers.push(doc.key)
      else operations.push(...write(collection, doc.key, doc, BLANK, { expires: now() + BLANK_LIFE }))
    }
  }
  if (operations.length > 0) {
    for (const key of agents)
      operations.push({ op: 'check', collection: LINKS, key, revision: links.get(key)?.revision ?? null })
  }
  return { operations, strangers, places: [...wanted.values()], statements }

  function isStranger(value: unknown): boolean {
    const fact = (value ?? null) as Known | null
    return isFact(fact) && fact.person !== person
  }
}

type Links = ReadonlyMap<string, Doc<LinkDocument>>
type Held = Map<string, { collection: Collection<unknown>; doc: Doc<unknown> }>
const nameOf = ({ collection, key }: Place) => `${collection.name} ${key}`

/** All that is there: the facts of the identifiers, with the lines, days, years, ties and counts they stand for. */
async function heldRecord(
  collections: Collections,
  { person, agents }: Fed,
  links: Links,
  seen: readonly Place[],
): Promise<Held> {
  const held: Held = new Map()
  const hold = (collection: Collection<unknown>, docs: Iterable<Doc<unknown>>) => {
    for (const doc of docs) held.set(nameOf({ collection, key: doc.key }), { collection, doc })
  }
  const lines = new Set<string>()
  const scan = async (collection: Collection<unknown>, prefix: string) => {
    for await (const docs of pages((options) => collections.scan(collection, { ...options, prefix })))
      hold(collection, docs)
  }
  const factsOf = async (agent: string) => {
    const find = (options: { after?: string; limit: number }) =>
      collections.find(FACTS, { index: 'agent', equals: { agent }, ...options, limit: PAGE })
    for await (const docs of pages<Known>(find)) {
      hold(FACTS, docs)
      for (const { value } of docs) if (isFact(value) && value.person === person) lines.add(value.line)
    }
    const link = links.get(agent)?.value
    if (link?.sources && recordOf(link) === person) await scan(WAITING, waitingPrefix(agent))
  }
  const courses = async () => {
    const find = (options: { after?: string; limit: number }) =>
      collections.find(COURSES, { index: 'person', equals: { person }, ...options })
    for await (const docs of pages<CourseDocument>(find)) hold(COURSES, docs)
  }
  await Promise.all([...agents.map(factsOf), courses(), scan(DAYS, `${person}/`), scan(YEARS, `${person}/`)])
  const told = await readMany(collections, LINES, [...lines])
  hold(LINES, told.values())
  const ties = [...told.values()].flatMap(({ value: { tally } }) =>
    tally.registration ? tieKey(person, tally.registration, tally.activity) : [],
  )
  hold(TIES, (await readMany(collections, TIES, ties)).values())
  for (const [collection, some] of Map.groupBy(seen, ({ collection }) => collection)) {
    const keys = some.flatMap((place) => (held.has(nameOf(place)) ? [] : place.key))
    hold(collection, (await readMany(collections, collection, keys)).values())
  }
  return held
}

type Wanted = Map<string, Place & { value: unknown }>

/** All that there is to be, as statements say now. */
async function wantedRecord(
  deps: RemadeDeps,
  { person }: Fed,
  links: Links,
): Promise<{ wanted: Wanted; statements: number }> {
  const changes = createChanges({ ...deps, collections: fromNothing(deps.collections, links) })
  let statements = 0
  for (const [agent, { value }] of links) {
    if (!value.agreed || recordOf(value) !== person) continue
    for await (const page of statementsOf(deps.statements, agent)) {
      await changes.load(page, [])
      await inTurns(page, changes.take)
      statements += page.length
    }
  }
  const wanted: Wanted = new Map()
  for (const operation of await changes.operations()) {
    if (operation.op !== 'insert') continue
    const { collection, key } = operation
    // All lines that go by its name are made with it.
    const value = isCourse(operation) ? { ...operation.value, late: false } : operation.value
    wanted.set(nameOf(operation), { collection: collection as Collection<unknown>, key, value })
  }
  return { wanted, statements }
}

const isCourse = (
  operation: Operation & { op: 'insert' },
): operation is Operation & { op: 'insert'; value: CourseDocument } =>
  operation.collection.name === COURSES.name

/** A person's statements by one identifier, oldest first, but for those that were voided. */
export async function* statementsOf({ query }: Pick<StatementStore, 'query'>, agent: string) {
  for (let after = 0; ; ) {
    const page = await query({
      keys: [statementKey.actor(agent)],
      ascending: true,
      limit: PAGE,
      maxBytes: MAX_BYTES,
      // What a fact was made of that was read before is seen.
      fresh: true,
      ...(after > 0 && { after }),
    })
    yield page.statements
    const last = page.statements.at(-1)
    if (!page.more || !last) return
    after = last.position
  }
}

/** The store as if no record had ever been made, with these links. */
function fromNothing(collections: Collections, links: Links): Collections {
  const given = <T>(collection: Collection<T>, keys: readonly string[]): Map<string, Doc<T>> | null => {
    if (MADE.has(collection.name)) return new Map()
    if (collection.name !== LINKS.name) return null
    return new Map(keys.flatMap((key) => (links.has(key) ? [[key, links.get(key) as Doc<never>]] : [])))
  }
  return {
    ...collections,
    get: async (collection, key) => {
      const docs = given(collection, [key])
      return docs ? (docs.get(key) ?? null) : collections.get(collection, key)
    },
    getMany: async (collection, keys) => given(collection, keys) ?? collections.getMany(collection, keys),
    find: async (collection, find) =>
      MADE.has(collection.name) ? { docs: [], next: null } : collections.find(collection, find),
  }
}
