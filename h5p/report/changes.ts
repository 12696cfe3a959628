import { createHash } from 'node:crypto'
import type { Collection, Collections, Doc, Operation } from '../../lrs/index.ts'
import type { AttemptSum } from './attempt-sum.ts'
import { countAnswer, countAttempt, NOBODY, UNANSWERED } from './counts.ts'
import {
  type QuestionReport,
  REPORT_ATTEMPTS,
  REPORT_LEARNERS,
  REPORT_QUESTIONS,
  REPORT_STATEMENTS,
  REPORT_VERSIONS,
} from './documents.ts'
import type { Told } from './told.ts'

/** The version under which all versions are counted together. */
export const ALL_VERSIONS = 0

export const reportKey = (lesson: string, version: number) => `${lesson}/${version}`

/** What becomes of an attempt: its sum as it is kept, and from now on (null: nothing is left of it). */
export interface AttemptChange {
  attempt: string
  doc: Doc<AttemptSum> | null
  now: AttemptSum | null
  /** What it was told of now; it describes its questions. */
  told: readonly Told[]
}

/**
 * The operations that bring the reports from what these attempts were to what they are now, guarded by the revisions of all
 * that they were computed from.
 */
export async function reportOperations(
  collections: Collections,
  changes: readonly AttemptChange[],
): Promise<Operation[]> {
  const versions = held(collections, REPORT_VERSIONS)
  const learners = held(collections, REPORT_LEARNERS)
  const questions = held(collections, REPORT_QUESTIONS)
  const sides = changes.flatMap(({ doc, now }) => [
    ...(doc ? [{ sum: doc.value, by: -1 as const }] : []),
    ...(now ? [{ sum: now, by: 1 as const }] : []),
  ])
  const told = changes.flatMap((change) => change.told)
  await Promise.all([
    versions.load(sides.flatMap(({ sum }) => placesOf(sum))),
    learners.load(sides.flatMap(({ sum }) => placesOf(sum).map((place) => learnerKey(place, sum)))),
    questions.load([
      ...sides.flatMap(({ sum }) =>
        placesOf(sum).flatMap((place) => Object.keys(sum.answers).map((part) => `${place}/${part}`)),
      ),
      ...told.flatMap((each) => placesOf(each).map((place) => `${place}/${each.part}`)),
    ]),
  ])
  for (const each of told)
    for (const place of placesOf(each)) describe(questions, `${place}/${each.part}`, each)
  for (const { sum, by } of sides)
    for (const place of placesOf(sum)) {
      const { attempts, completed } = learners.get(learnerKey(place, sum)) ?? { attempts: 0, completed: 0 }
      const after = { attempts: attempts + by, completed: completed + (sum.completed ? by : 0) }
      learners.set(learnerKey(place, sum), after.attempts > 0 ? after : null)
      const counts = countAttempt(versions.get(place) ?? NOBODY, sum, by)
      versions.set(place, {
        ...counts,
        learners: counts.learners + Number(after.attempts > 0) - Number(attempts > 0),
        completers: counts.completers + Number(after.completed > 0) - Number(completed > 0),
      })
      for (const [part, answer] of Object.entries(sum.answers)) {
        const key = `${place}/${part}`
        const question = questions.get(key) ?? UNDESCRIBED
        questions.set(key, { ...question, ...countAnswer(question, answer, by) })
      }
    }
  const counted = changes.flatMap(({ attempt, told }) =>
    told.map(
      ({ id }): Operation => ({ op: 'put', collection: REPORT_STATEMENTS, key: id, value: { attempt } }),
    ),
  )
  return [
    ...counted,
    ...changes.flatMap(({ attempt, doc, now }) => write(REPORT_ATTEMPTS, attempt, doc, now)),
    ...[versions, learners, questions].flatMap((each) => each.operations()),
  ]
}

const placesOf = ({ lesson, version }: { lesson: string; version: number }) => [
  reportKey(lesson, version),
  reportKey(lesson, ALL_VERSIONS),
]

function learnerKey(place: string, { learner }: AttemptSum): string {
  return `${place}/${createHash('sha256').update(learner).digest('base64url')}`
}

const UNDESCRIBED: QuestionReport = { ...UNANSWERED, question: null, described: 0 }

/** The newest words describe a question. */
function describe(
  questions: ReturnType<typeof held<QuestionReport>>,
  key: string,
  { question, at }: Told,
): void {
  const known = questions.get(key)
  if (question === null || (known && known.described >= at)) return
  questions.set(key, { ...(known ?? UNDESCRIBED), question, described: at })
}

/** Documents of a collection as they will be. */
function held<T>(collections: Collections, collection: Collection<T>) {
  const docs = new Map<string, Doc<T>>()
  const now = new Map<string, T | null>()
  return {
    async load(keys: readonly string[]) {
      const all = [...new Set(keys)]
      for (let at = 0; at < all.length; at += 1000)
        for (const [key, doc] of await collections.getMany(collection, all.slice(at, at + 1000)))
          docs.set(key, doc)
    },
    get: (key: string): T | null => (now.has(key) ? now.get(key)! : (docs.get(key)?.value ?? null)),
    set: (key: string, value: T | null) => void now.set(key, value),
    operations: () =>
      [...now].flatMap(([key, value]) => write(collection, key, docs.get(key) ?? null, value)),
  }
}

function write<T>(collection: Collection<T>, key: string, doc: Doc<T> | null, value: T | null): Operation[] {
  if (value === null) return doc ? [{ op: 'delete', collection, key, revision: doc.revision }] : []
  return doc
    ? [{ op: 'replace', collection, key, value, revision: doc.revision }]
    : [{ op: 'insert', collection, key, value }]
}
