import {
  type Collections,
  type FeedConsumer,
  type FeedEntry,
  type StatementStore,
  statementKey,
} from '../../lrs/index.ts'
import { type AttemptSum, addTold } from './attempt-sum.ts'
import { type AttemptChange, reportOperations } from './changes.ts'
import { REPORT_ATTEMPTS, REPORT_STATEMENTS } from './documents.ts'
import { type Told, toldBy } from './told.ts'

export interface ReportConsumerDeps {
  collections: Collections
  statements: Pick<StatementStore, 'query'>
  /** The source of the host's own statements; no other's count. */
  source: string
}

/** Each makes an operation of its own, on its attempt, and on learner, version and question twice: for its version and for all. */
const AT_ONCE = 100
const PAGE = 200
const PAGE_BYTES = 4_000_000
const TRIES = 20
const MOST_KEYS = 1_000

/** Follows the feed and keeps the counts of every lesson, version and question at what the attempts' statements say. */
export function createReportConsumer(deps: ReportConsumerDeps): FeedConsumer {
  return {
    name: 'lesson-reports',
    atOnce: AT_ONCE,
    async apply(entries) {
      for (const attempt of await attemptsOf(deps.collections, entries.flatMap(changedBy)))
        await lookAgain(deps, attempt)
      const told = entries.flatMap((entry) =>
        entry.kind === 'stored' && entry.statement.source === deps.source
          ? (toldBy(entry.statement) ?? [])
          : [],
      )
      const held = await deps.collections.getMany(REPORT_ATTEMPTS, [
        ...new Set(told.map(({ attempt }) => attempt)),
      ])
      const byAttempt = Map.groupBy(told, ({ attempt }) => attempt)
      return reportOperations(
        deps.collections,
        [...byAttempt].map(([attempt, all]) => {
          const doc = held.get(attempt) ?? null
          return { attempt, doc, now: sumOf(all, doc?.value ?? null), told: all }
        }),
      )
    },
  }
}

const sumOf = (told: readonly Told[], before: AttemptSum | null = null) => told.reduce(addTold, before)

/** Statements that were there and are no more what they were: voided, re-keyed, erased. */
function changedBy(entry: FeedEntry): readonly string[] {
  if (entry.kind === 'stored') return []
  return entry.kind === 'voided' ? [entry.id] : entry.ids
}

async function attemptsOf(collections: Collections, statements: readonly string[]): Promise<Set<string>> {
  const attempts = new Set<string>()
  for (let from = 0; from < statements.length; from += MOST_KEYS)
    for (const { value } of (
      await collections.getMany(REPORT_STATEMENTS, statements.slice(from, from + MOST_KEYS))
    ).values())
      attempts.add(value.attempt)
  return attempts
}

/** Sums an attempt anew from what its statements are now. */
async function lookAgain(
  { collections, statements, source }: ReportConsumerDeps,
  attempt: string,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const doc = await collections.get(REPORT_ATTEMPTS, attempt)
    if (!doc) return
    const told: Told[] = []
    for (let after: number | undefined, more = true; more; ) {
      const page = await statements.query({
        keys: [statementKey.registration(attempt)],
        sources: [source],
        ascending: true,
        fresh: true,
        limit: PAGE,
        maxBytes: PAGE_BYTES,
        ...(after !== undefined && { after }),
      })
      told.push(...page.statements.flatMap((each) => toldBy(each) ?? []))
      after = page.statements.at(-1)?.position
      more = page.more
    }
    const change: AttemptChange = { attempt, doc, now: sumOf(told), told: [] }
    if ((await collections.batch(await reportOperations(collections, [change]))).ok) return
  }
  throw new Error(`The reports of attempt ${attempt} were overtaken ${TRIES} times.`)
}
