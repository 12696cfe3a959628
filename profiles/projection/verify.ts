import { setTimeout } from 'node:timers/promises'
import type { FeedConsumer, FeedStore, StoredStatement } from '../../lrs/index.ts'
import { wrongCourses } from '../courses/mend.ts'
import { verifyHours } from '../hours/verify-hours.ts'
import { LINK_JOBS } from '../links/documents.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES } from './changes.ts'
import { FACTS, isFact, isTelling, type Known, LINES, type LineDocument } from './documents.ts'
import { tellingOf } from './fact.ts'
import { isWrongLine } from './lines-anew.ts'
import { pages } from './pages.ts'

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
    for await (const wrong of wrongCourses({ collections }))
      yield 'line' in wrong
        ? found('record-line', `The line ${wrong.line} of a record does not say whether it has parts.`)
        : found('record-course', `How many parts a course of a record has is not what its lines say.`)
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
      const wrong = await Promise.all(docs.map(({ key }) => isWrongLine(deps, key)))
      for (const { key } of docs.filter((_, at) => wrong[at]))
        yield found('record-line', `The line ${key} of a record is not the sum of its statements.`)
    }
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

const found = (kind: string, what: string): Found => ({ kind, what, mend: 'Run: suotdoi rebuild transcript' })
