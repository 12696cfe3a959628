import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Doc, FeedConsumer, FeedStore, StoredStatement } from '../../lrs/index.ts'
import { createHourChanges } from '../hours/changes.ts'
import { verifyHours } from '../hours/verify-hours.ts'
import { LINK_JOBS } from '../links/documents.ts'
import { createTwinChanges } from '../twins/changes.ts'
import { TIES } from '../twins/documents.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES } from './changes.ts'
import { FACTS, isFact, isTelling, type Known, LINES, type LineDocument, REBUILDS } from './documents.ts'
import { tellingOf } from './fact.ts'
import { lineDocument } from './line-document.ts'
import { pages } from './pages.ts'
import { add, type Tally, tallyOf } from './tally.ts'

type Verify = NonNullable<FeedConsumer['verify']>
type Found = Verify extends (...args: never) => AsyncIterable<infer F> ? F : never

/** What differs is looked at again so often, as it may just be changing. */
const LOOKS = 10
const PAUSE = 300

/**
 * Compares the records with what a rebuild would make: every fact with its statement, every line with the sum of its
 * facts, and no fact without a statement or a line.
 */
export function createVerify(deps: ChangesDeps & { feed: Pick<FeedStore, 'read' | 'end'> }): Verify {
  const { collections, statements, feed, mapping } = deps

  return async function* verify({ waiting, progress }) {
    if ((await collections.scan(REBUILDS, { limit: 1 })).docs.length > 0) {
      yield REBUILDING
      return
    }
    const end = await feed.end()
    for (let after = 0; after < end; ) {
      const entries = await feed.read(after, MAX_CHANGES)
      const last = entries.at(-1)
      if (!last) break
      const stored = entries.flatMap((entry) => (entry.kind === 'stored' ? [entry.statement] : []))
      const wrong: string[] = []
      for (const portion of portionsOf(stored)) wrong.push(...(await differing(portion)))
      for (const id of await lasting(wrong, waiting, async (ids) => {
        const again = await Promise.all(ids.map((id) => statements.get(id)))
        return differing(await unfollowed(again.filter((statement) => statement !== null)))
      }))
        yield found('record-fact', `What the records know of statement ${id} is not what it says.`)
      after = last.position
      progress?.(Math.min(after, end), end * 2)
    }
    yield* verifyFacts(waiting, (position) => progress?.(end + position, end * 2))
    yield* verifyLines()
    for await (const { kind, key } of verifyHours({ collections, mapping }))
      yield found(kind, `The hours of ${key} in a record are not those of its statements.`)
    progress?.(end * 2, end * 2)
  }

  /** Without those under identifiers whose link the records are just following. */
  async function unfollowed(stored: readonly StoredStatement[]): Promise<StoredStatement[]> {
    const agents = stored.map((statement) => tellingOf(statement, 'he-thong')?.agent ?? '')
    const jobs = await collections.getMany(LINK_JOBS, [...new Set(agents)])
    return stored.filter((_, at) => !jobs.has(agents[at]!))
  }

  /** Statements of these whose fact a rebuild would write otherwise. */
  async function differing(stored: readonly StoredStatement[]): Promise<string[]> {
    const changes = createChanges(deps)
    await changes.load(stored, [])
    for (const statement of stored) await changes.take(statement)
    const written = (await changes.operations()).filter(({ collection }) => collection.name === FACTS.name)
    const there = await collections.getMany(
      FACTS,
      written.map(({ key }) => key),
    )
    return written.flatMap((operation) => {
      const wanted = 'value' in operation ? (operation.value as Known) : null
      const isBlankAnyhow = !isTelling(wanted) && !isTelling(there.get(operation.key)?.value ?? null)
      return isBlankAnyhow ? [] : [operation.key]
    })
  }

  async function* verifyFacts(
    waiting: Parameters<Verify>[0]['waiting'],
    progress: (done: number) => void,
  ): AsyncGenerator<Found> {
    let done = 0
    for await (const docs of pages<Known>((options) => collections.scan(FACTS, options))) {
      const ids = docs.filter(({ value }) => isTelling(value)).map(({ key }) => key)
      for (const id of await lasting(await orphans(ids), waiting, orphans))
        yield found(
          'record-orphan',
          `The records have a fact of statement ${id}, and lack the statement or the line.`,
        )
      done += docs.length
      progress(done)
    }
  }

  async function orphans(ids: readonly string[]): Promise<string[]> {
    const facts = await collections.getMany(FACTS, ids)
    const lines = new Set([...facts.values()].flatMap(({ value }) => (isFact(value) ? [value.line] : [])))
    const known = await collections.getMany(LINES, [...lines])
    const gone = await Promise.all(
      [...facts].map(async ([id, { value }]) => {
        if (!isTelling(value)) return false
        return (isFact(value) && !known.has(value.line)) || (await statements.get(id)) === null
      }),
    )
    return [...facts.keys()].filter((_, at) => gone[at])
  }

  async function* verifyLines(): AsyncGenerator<Found> {
    for await (const docs of pages<LineDocument>((options) => collections.scan(LINES, options))) {
      const wrong = await Promise.all(docs.map(isWrong))
      for (const { key } of docs.filter((_, at) => wrong[at]))
        yield found('record-line', `The line ${key} of a record is not the sum of its statements.`)
    }
  }

  /** While its revision stays, none of its facts changes either, nor what it is among others: they are written together. */
  async function isWrong({ key }: Doc<LineDocument>): Promise<boolean> {
    for (let looks = 1; ; looks++) {
      const doc = await collections.get(LINES, key)
      if (!doc) return false
      const tally = await sumOf(key)
      // What a change of the tables has not come to yet is right by the version before.
      const classifier = await mapping.at(doc.value.mapping)
      const wanted = tally && classifier && lineDocument(tally, classifier, doc.value.twins)
      if (isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), doc.value) && (await hasItsTwins(doc)))
        return false
      // Others of its cluster were not all read at one moment.
      if (looks >= 3 && (await collections.get(LINES, key))?.revision === doc.revision) return true
    }
  }

  async function hasItsTwins(doc: Doc<LineDocument>): Promise<boolean> {
    const classifier = await mapping.now()
    if (classifier.version !== doc.value.mapping) return true
    const twins = createTwinChanges(collections, createHourChanges(collections), classifier)
    twins.look(doc, { changed: false })
    const operations = await twins.operations()
    return !operations.some(
      ({ op, key, collection }) => op !== 'check' && (key === doc.key || collection.name === TIES.name),
    )
  }

  async function sumOf(line: string): Promise<Tally | null> {
    let sum: Tally | null = null
    const find = (options: { after?: string; limit: number }) =>
      collections.find(FACTS, { index: 'line', equals: { line }, ...options })
    for await (const docs of pages<Known>(find))
      for (const { value } of docs) if (isFact(value)) sum = sum ? add(sum, tallyOf(value)) : tallyOf(value)
    return sum
  }
}

/** Characters that are read at a time, on the thread that answers requests. */
const PORTION = 500_000

function* portionsOf(statements: readonly StoredStatement[]): Generator<StoredStatement[]> {
  let portion: StoredStatement[] = []
  let length = 0
  for (const statement of statements) {
    length += statement.text.length
    if (length > PORTION && portion.length > 0) {
      yield portion
      portion = []
      length = statement.text.length
    }
    portion.push(statement)
  }
  if (portion.length > 0) yield portion
}

/** Those that stay wrong while nothing of them waits for the consumer. */
async function lasting(
  ids: readonly string[],
  waiting: () => Promise<ReadonlySet<string>>,
  look: (ids: readonly string[]) => Promise<string[]>,
): Promise<string[]> {
  let wrong = [...ids]
  for (let looks = 1; looks < LOOKS && wrong.length > 0; looks++) {
    await setTimeout(PAUSE)
    wrong = await look(wrong)
  }
  if (wrong.length === 0) return []
  const behind = await waiting()
  return wrong.filter((id) => !behind.has(id))
}

const REBUILDING: Found = {
  kind: 'record-rebuild',
  what: 'The records are being made anew, or that was cut short: they are not complete, and were not compared.',
  mend: 'A running server brings it to its end by itself, within two minutes of a kill. Then run: suotdoi verify',
}

const found = (kind: string, what: string): Found => ({ kind, what, mend: 'Run: suotdoi rebuild transcript' })
