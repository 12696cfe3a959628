import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, createLrs, type Lrs, runConsumers } from '../../lrs/index.ts'
import type { TenantStorage } from '../../lrs/storage/port.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { type AttemptSum, addTold } from './attempt-sum.ts'
import { createReportConsumer } from './consumer.ts'
import { REPORT_ATTEMPTS, REPORT_LEARNERS, REPORT_QUESTIONS, REPORT_VERSIONS } from './documents.ts'
import { createReports, type LessonReport, removeReports } from './reports.ts'
import { toldBy } from './told.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const SITE = 'https://hoctap.example.vn'
const callerOf = (source: string): Caller => ({
  tenant: 'province',
  source,
  credential: 'h5p',
  authority: { objectType: 'Agent', name: source, account: { homePage: `${SITE}/sources`, name: source } },
  scopes: new Set(['statements/write', 'define']),
})

interface Said {
  id?: string
  learner: string
  attempt: string
  lesson?: string
  version?: number
  verb: string
  part?: string
  /** Second of the day. */
  at?: number
  result?: object
  source?: string
}

const pad = (n: number) => String(n).padStart(2, '0')
const statementOf = ({
  id = randomUUID(),
  learner,
  attempt,
  lesson = 'rac',
  version = 1,
  verb,
  part,
  at = 0,
  result,
}: Said) => ({
  id,
  actor: { account: { homePage: `${SITE}/people`, name: learner } },
  verb: { id: ADL + verb },
  object: {
    id: `${SITE}/lessons/${lesson}${part ? `?subContentId=${part}` : ''}`,
    ...(part && {
      definition: {
        type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
        interactionType: 'choice',
        name: { vi: `Câu ${part}` },
        choices: [
          { id: 'a', description: { vi: 'Ủ phân' } },
          { id: 'b', description: { vi: 'Đốt' } },
        ],
        correctResponsesPattern: ['a'],
      },
    }),
  },
  ...(result && { result }),
  context: { registration: attempt, revision: String(version) },
  timestamp: `2026-10-12T08:${pad(Math.floor(at / 60))}:${pad(at % 60)}Z`,
})

let opened: TestStore
let store: TenantStorage
let lrs: Lrs
beforeAll(async () => {
  opened = await openTestStore()
  store = opened.storage.tenant('province')
  lrs = createLrs({ storage: opened.storage, tenant: 'province' })
})
afterAll(() => opened.close())

async function say(all: readonly Said[]): Promise<void> {
  for (const [source, some] of Map.groupBy(all, (each) => each.source ?? 'product')) {
    const outcome = await lrs.recordStatements(callerOf(source), {
      version: '1.0.3',
      statements: some.map(statementOf),
    })
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems))
  }
}
const voiding = (id: string) => ({
  actor: { account: { homePage: `${SITE}/people`, name: 'host' } },
  verb: { id: `${ADL}voided` },
  object: { objectType: 'StatementRef', id },
})

async function follow(): Promise<void> {
  const consumers = runConsumers(store, [
    createReportConsumer({ collections: store.collections, statements: store.statements, source: 'product' }),
  ])
  await consumers.idle()
  await consumers.stop()
}
async function reported(lesson = 'rac', version?: number) {
  await follow()
  return createReports(store.collections).of(lesson, version)
}
function some(report: LessonReport) {
  if (report.kind !== 'some') throw new Error(`The report is ${report.kind}.`)
  return report
}

const attempts = Array.from({ length: 7 }, () => randomUUID())
/** Whoever learned to sort: each answers two questions, the first three of them wrong, and ends after a minute and more. */
const class7 = (lesson: string): Said[] =>
  attempts.flatMap((attempt, at) => {
    const learner = `learner-${at}`
    const said = { learner, attempt: lesson === 'rac' ? attempt : randomUUID(), lesson }
    const right = at > 2
    const answer = { success: right, response: right ? 'a' : 'b' }
    return [
      { ...said, verb: 'initialized' },
      { ...said, verb: 'answered', part: 'q1', at: 10, result: answer },
      { ...said, verb: 'answered', part: 'q1', at: 15, result: { success: true, response: 'a' } },
      { ...said, verb: 'answered', part: 'q2', at: 20, result: { success: true, response: 'a' } },
      {
        ...said,
        verb: 'completed',
        at: 70 + at,
        result: { score: { scaled: right ? 1 : 0.5 }, success: right },
      },
    ]
  })

describe('reports of a lesson', () => {
  test('nobody yet, then fewer than five, of whom no number is told', async () => {
    expect(await reported('moi')).toEqual({ kind: 'none' })
    await say(class7('moi').filter(({ learner }) => Number(learner.at(-1)) < 4))
    expect(await reported('moi')).toEqual({ kind: 'few' })
  })

  test('learners, attempts, completion, scores and times; of questions the first answer of each attempt', async () => {
    await say(class7('rac'))
    const report = some(await reported())
    expect(report).toMatchObject({
      learners: 7,
      attempts: 7,
      completed: 7,
      passed: 4,
      failed: 3,
      scored: 7,
      timed: 7,
    })
    expect(report.completers).toBe(7)
    expect(report.score).toBeCloseTo((4 + 3 * 0.5) / 7, 4)
    expect(report.scores.map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0, 0, 3, 0, 0, 0, 4])
    expect(report.seconds).toBeCloseTo(73, 4)
    expect(report.times[1]).toEqual({ to: 2, attempts: 7 })
    expect(report.questions.map(({ part }) => part)).toEqual(['q1', 'q2'])
    const [hardest] = report.questions
    expect(hardest).toMatchObject({ answered: 7, text: { vi: 'Câu q1' } })
    expect(hardest!.rightShare).toBeCloseTo(4 / 7, 4)
    // Four and three are few: which answer they chose is not told.
    expect(hardest).toMatchObject({ responses: [], others: 7 })
    expect(report.questions[1]).toMatchObject({
      responses: [{ response: 'a', count: 7, right: true }],
      others: 0,
    })
  })

  test('another source that speaks of the same lesson is not counted', async () => {
    await say([{ source: 'moodle', learner: 'x', attempt: randomUUID(), verb: 'completed' }])
    expect(some(await reported()).attempts).toBe(7)
  })

  test('each version by itself, and all of them together', async () => {
    const again: Said = {
      learner: 'learner-0',
      attempt: randomUUID(),
      version: 2,
      verb: 'completed',
      at: 300,
    }
    await say([again])
    expect(await reported('rac', 2)).toEqual({ kind: 'few' })
    expect(some(await reported('rac', 1)).attempts).toBe(7)
    expect(some(await reported('rac'))).toMatchObject({ attempts: 8, learners: 7 })
  })

  test('a removed lesson leaves nothing of its reports', async () => {
    await removeReports(store.collections, 'moi')
    await removeReports(store.collections, 'rac')
    for (const collection of [REPORT_ATTEMPTS, REPORT_LEARNERS, REPORT_QUESTIONS, REPORT_VERSIONS])
      expect(await store.collections.count(collection)).toBe(0)
  })
})

type Action = { do: 'say'; all: Said[] } | { do: 'void' | 'purge'; which: number } | { do: 'follow' }

test('whatever is said, voided and erased in whatever order, the reports are what the statements say', async () => {
  let run = 0
  const said: fc.Arbitrary<Said> = fc.record(
    {
      learner: fc.constantFrom('an', 'binh', 'chi'),
      attempt: fc.constantFrom('0', '1', '2', '3'),
      verb: fc.constantFrom('answered', 'completed', 'passed', 'initialized'),
      part: fc.constantFrom('', 'q1', 'q2'),
      at: fc.nat(200),
      result: fc.record({
        success: fc.boolean(),
        response: fc.constantFrom('a', 'b', 'c'),
        score: fc.record({ scaled: fc.constantFrom(0, 0.25, 1) }),
      }),
    },
    { requiredKeys: ['learner', 'attempt', 'verb'] },
  )
  const action: fc.Arbitrary<Action> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(said, { minLength: 1, maxLength: 6 }).map((all) => ({ do: 'say' as const, all })),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('void' as const, 'purge' as const), which: fc.nat(20) }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'follow' as const }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 12 }), async (actions) => {
      const lesson = `run-${++run}`
      const attemptOf = new Map<string, string>()
      const ids: string[] = []
      for (const each of actions) {
        if (each.do === 'follow') await follow()
        else if (each.do === 'say')
          await say(
            each.all.map((one) => {
              // An attempt is one learner's.
              const key = `${one.learner}${one.attempt}`
              attemptOf.set(key, attemptOf.get(key) ?? randomUUID())
              const id = randomUUID()
              ids.push(id)
              return { ...one, id, lesson, attempt: attemptOf.get(key)! }
            }),
          )
        else if (ids.length > 0) {
          const id = ids[each.which % ids.length]!
          if (each.do === 'purge') await store.statements.purge([id], 'law')
          else
            await lrs.recordStatements(callerOf('product'), { version: '1.0.3', statements: [voiding(id)] })
        }
      }
      await follow()
      await expectSaid(lesson, ids)
    }),
    { numRuns: 25 },
  )
})

/** Counts again, from nothing, what the statements that are left say. */
async function expectSaid(lesson: string, ids: readonly string[]): Promise<void> {
  const left = (await Promise.all(ids.map((id) => store.statements.get(id)))).flatMap((each) =>
    each ? (toldBy(each) ?? []) : [],
  )
  const sums = [...Map.groupBy(left, ({ attempt }) => attempt).values()].map(
    (all) => all.reduce<AttemptSum | null>(addTold, null)!,
  )
  const counts = (await store.collections.get(REPORT_VERSIONS, `${lesson}/0`))?.value
  const count = (is: (sum: AttemptSum) => boolean) => sums.filter(is).length
  const learners = new Set(sums.map(({ learner }) => learner))
  const completers = new Set(sums.flatMap(({ completed, learner }) => (completed ? [learner] : [])))
  expect(counts ?? { attempts: 0, learners: 0 }).toMatchObject({
    attempts: sums.length,
    learners: learners.size,
    ...(counts && {
      completers: completers.size,
      completed: completers.size === 0 ? 0 : count(({ completed }) => completed),
      passed: count(({ success }) => success?.value === true),
      failed: count(({ success }) => success?.value === false),
      scored: count(({ score }) => score !== null),
      score: sums.reduce((all, { score }) => all + Math.round((score?.value ?? 0) * 10_000), 0),
    }),
  })
  const { docs } = await store.collections.scan(REPORT_QUESTIONS, { prefix: `${lesson}/0/`, limit: 10 })
  for (const part of ['', 'q1', 'q2']) {
    const answers = sums.flatMap(({ answers }) => answers[part] ?? [])
    const kept = docs.find(({ key }) => key === `${lesson}/0/${part}`)?.value
    expect(kept?.answered ?? 0).toBe(answers.length)
    const responses = Object.groupBy(answers, ({ response }) => response ?? 'none')
    for (const response of ['a', 'b', 'c'])
      expect(kept?.responses[response] ?? 0).toBe(responses[response]?.length ?? 0)
  }
}
