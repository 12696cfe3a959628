import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createReportConsumer } from '../../h5p/index.ts'
import { runConsumers } from '../../lrs/index.ts'
import type { Bench } from '../bench.ts'
import { type Somebody, somebody } from '../people.ts'
import { createRandom } from '../random.ts'
import { lessonsAreThere } from '../server.ts'
import { bringToShape, CACHE, SEED, schema } from './data-set.ts'
import { withServices } from './records.ts'

/** A lesson that the program comes with, learned by many: its report is what is measured. */
export interface LearnedLesson {
  dataDir: string
  lesson: string
  /** Who may read its report. */
  author: Somebody
}

const LESSON = 'phan-loai-rac'
/** Statements of an attempt: begun, each question answered, ended. */
const QUESTIONS = 16
const OF_ATTEMPT = QUESTIONS + 2
const ATTEMPTS_AT_ONCE = 25
/** Attempts of each learner. */
const TIMES = 2
const SAY_EVERY = 20_000
const FIRST = Date.UTC(2026, 0, 5)

/** That many statements about attempts at one lesson, counted; on SQLite a copy of what is kept between runs. */
export async function openLearnedLesson(bench: Bench, statements: number): Promise<LearnedLesson> {
  const dataDir = join(await bench.folder('learned'), 'data')
  if (bench.store === 'mongo')
    return { dataDir, lesson: LESSON, author: await fill(bench, dataDir, statements) }
  const home = join(CACHE, `learned-${statements}-seed${SEED}-schema${schema()}`)
  if (!existsSync(home)) {
    const unfinished = `${home}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    const author = await fill(bench, join(unfinished, 'data'), statements)
    await writeFile(join(unfinished, 'author.json'), JSON.stringify(author))
    await rename(unfinished, home)
  }
  await bringToShape(home, bench.say)
  await cp(join(home, 'data'), dataDir, { recursive: true, mode: 2 })
  return { dataDir, lesson: LESSON, author: JSON.parse(await readFile(join(home, 'author.json'), 'utf8')) }
}

async function fill(bench: Bench, dataDir: string, statements: number): Promise<Somebody> {
  // The lessons come in at a first start.
  const first = await bench.start({ dataDir })
  await lessonsAreThere(first.url)
  await first.stop()
  return withServices(bench, dataDir, async (services) => {
    bench.say(`filling the attempts at a lesson with ${statements.toLocaleString('en')} statements`)
    const { lrs, sources, product, tenantStorage, profiles, accountHomePage } = services
    const author = await somebody(profiles, 0)
    await profiles.accounts.grant(author.id, 'operator', 'bench')
    const caller = await sources.callerOf(product.id, 'h5p', ['statements/write', 'define'])
    const text = attempts(services.publicUrl(), accountHomePage)
    let said = performance.now()
    const many = Math.ceil(statements / OF_ATTEMPT)
    for (let from = 0; from < many; from += ATTEMPTS_AT_ONCE) {
      const texts = Array.from({ length: Math.min(ATTEMPTS_AT_ONCE, many - from) }, (_, at) =>
        text(from + at),
      )
      const outcome = await lrs.recordStatements(caller, {
        version: '1.0.3',
        statements: `[${texts.join(',')}]`,
      })
      if (!outcome.ok) throw new Error(outcome.problems[0]?.message)
      if (performance.now() - said < SAY_EVERY) continue
      said = performance.now()
      bench.say(`${(from * OF_ATTEMPT).toLocaleString('en')} of ${statements.toLocaleString('en')}`)
    }
    const { collections, statements: store } = tenantStorage
    const consumers = runConsumers(
      tenantStorage,
      [profiles.consumer, createReportConsumer({ collections, statements: store, source: product.id })],
      { poll: 500 },
    )
    await consumers.idle()
    await consumers.stop()
    return author
  })
}

/** The statements of the attempt of this number. */
function attempts(publicUrl: string, homePage: string) {
  const random = createRandom(SEED)
  const iri = `${publicUrl}/lessons/${LESSON}`
  const verb = (name: string) => ({ id: `http://adlnet.gov/expapi/verbs/${name}` })
  return (number: number): string => {
    const actor = { account: { homePage, name: `learner-${Math.floor(number / TIMES)}` } }
    const context = { registration: random.uuid(), revision: '1' }
    const begun = FIRST + number * 30_000
    const say = (place: number, what: object) =>
      JSON.stringify({
        id: random.uuid(),
        actor,
        context,
        timestamp: new Date(begun + place * 20_000).toISOString(),
        ...what,
      })
    let right = 0
    const answered = Array.from({ length: QUESTIONS }, (_, at) => {
      const success = random.next() < 0.4 + at / 40
      right += success ? 1 : 0
      return say(at + 1, {
        verb: verb('answered'),
        object: {
          id: `${iri}?subContentId=q${at}`,
          definition: {
            type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
            interactionType: 'true-false',
            name: { vi: `Câu hỏi ${at + 1} về phân loại rác sinh hoạt tại nhà` },
            correctResponsesPattern: ['true'],
          },
        },
        result: { success, response: String(success), score: { scaled: success ? 1 : 0 } },
      })
    })
    const ended = say(QUESTIONS + 1, {
      verb: verb('completed'),
      object: { id: iri },
      result: { completion: true, success: right > QUESTIONS / 2, score: { scaled: right / QUESTIONS } },
    })
    return [say(0, { verb: verb('initialized'), object: { id: iri } }), ...answered, ended].join(',')
  }
}
