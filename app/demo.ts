import { randomInt, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BROWSER_CLAIM } from '../h5p/index.ts'
import { lessonNames, packLesson } from '../h5p/pack.ts'
import { DEFAULT_SCOPES, type Refusal } from '../lrs/index.ts'
import { agreeingToAll, type Person } from '../profiles/index.ts'
import { SAMPLE_LMS, sampleStatements } from './demo-statements.ts'
import type { Product } from './product.ts'
import type { Services } from './services.ts'

export interface SampleAccount {
  who: 'citizen' | 'author' | 'operator'
  identifier: string
  /** Random, and told this once. */
  password: string
}

const BY = 'demo'

/** Why the sample may not go into this store; null when it is empty. */
export async function whyNotEmpty({ tenantStorage, profiles }: Services): Promise<string | null> {
  const statements = await tenantStorage.statements.count()
  const { persons } = await profiles.accounts.list({ limit: 1 })
  if (statements === 0 && persons.length === 0) return null
  return 'The store is not empty, and --demo fills only an empty one. Start without --demo, or with another folder: DATA_DIR=./demo npm start -- --demo'
}

/**
 * Fills an empty store so that every page can be seen with data: an LMS, a citizen with a few months of its statements,
 * an author with a draft and an operator, all of them named as samples (mẫu).
 */
export async function fillWithSample(
  services: Services,
  { host, consumers }: Product,
): Promise<SampleAccount[]> {
  const { sources, profiles, lrs } = services
  const accounts: SampleAccount[] = [
    { who: 'citizen', identifier: 'cong-dan@mau.example', password: newPassword() },
    { who: 'author', identifier: 'tac-gia@mau.example', password: newPassword() },
    { who: 'operator', identifier: 'van-hanh@mau.example', password: newPassword() },
  ]
  const [citizen, author, operator] = accounts
  const learner = await register(services, citizen!, 'Công dân mẫu')
  const writer = await register(services, author!, 'Tác giả mẫu')
  await profiles.accounts.grant(writer.id, 'author', BY)
  const token = await profiles.accounts.setupToken()
  const { identifier, password } = operator!
  done(
    await profiles.accounts.setUp(token ?? '', {
      identifier,
      password,
      name: 'Người vận hành mẫu',
      language: 'vi',
    }),
  )

  const lms = done(
    await sources.create(
      { name: 'LMS mẫu', kind: 'lms', homePages: [SAMPLE_LMS], activityPrefixes: [`${SAMPLE_LMS}/`] },
      BY,
    ),
  )
  done(await sources.issue(lms.id, { label: 'mẫu' }, BY))
  const account = { homePage: SAMPLE_LMS, name: 'hoc-vien-1' }
  done(
    await profiles.links.link({
      agent: `account:${account.homePage} ${account.name}`,
      person: learner.id,
      how: 'operator',
      proof: { document: { number: '01/MAU', date: '2026-01-05' } },
      by: BY,
      reason: 'Dữ liệu mẫu',
    }),
  )
  const actor = { objectType: 'Agent', name: 'Công dân mẫu', account }
  done(
    await lrs.recordStatements(await sources.callerOf(lms.id, 'demo', DEFAULT_SCOPES), {
      version: '1.0.3',
      statements: sampleStatements(actor, Date.now()),
    }),
  )
  await playLessons(services, host, learner)
  await uploadDraft(host, writer)
  await Promise.all([consumers.idle(), profiles.settled()])
  return accounts
}

/** The lessons that come with the program, as played a few days ago. */
async function playLessons(services: Services, host: Product['host'], learner: Person): Promise<void> {
  const { lrs, sources, product, accountHomePage, publicUrl } = services
  const caller = await sources.callerOf(product.id, 'demo', ['statements/write', 'define'])
  const { lessons } = await host.lessons.published({ limit: 2 })
  const statements = []
  for (const [index, lesson] of lessons.entries()) {
    const days = 3 + index * 9
    statements.push({
      actor: { objectType: 'Agent', account: { homePage: accountHomePage, name: learner.id } },
      verb: {
        id: 'http://adlnet.gov/expapi/verbs/completed',
        display: { vi: 'hoàn thành', en: 'completed' },
      },
      object: {
        objectType: 'Activity',
        id: `${publicUrl()}/lessons/${lesson.id}`,
        definition: {
          name: { [lesson.language]: lesson.title },
          type: 'http://adlnet.gov/expapi/activities/lesson',
        },
      },
      result: {
        score: { scaled: 0.8, raw: 4, min: 0, max: 5 },
        completion: true,
        success: true,
        duration: `PT${4 + index * 3}M20S`,
      },
      context: {
        // Of an attempt that is over: one the host knew as open would be gone on with by whoever tries the lesson.
        registration: randomUUID(),
        platform: 'Dữ liệu mẫu',
        language: lesson.language,
        contextActivities: { category: [{ objectType: 'Activity', id: BROWSER_CLAIM }] },
      },
      timestamp: new Date(Date.now() - days * 86_400_000).toISOString(),
    })
  }
  done(await lrs.recordStatements(caller, { version: '1.0.3', statements }))
}

/** A draft of the author, from the package of a lesson that comes with the program. */
async function uploadDraft(host: Product['host'], author: Person): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'suotdoi-'))
  const file = join(folder, 'mau.h5p')
  try {
    const [name = ''] = await lessonNames()
    await packLesson(name, file)
    const by = { person: author.id, mayInstallLibraries: false }
    done(await host.lessons.upload(file, by, { title: 'Bài học mẫu (bản nháp)' }))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function register(services: Services, account: SampleAccount, name: string): Promise<Person> {
  const { identifier, password } = account
  const consents = agreeingToAll('demo')
  return done(
    await services.profiles.accounts.register({ identifier, password, name, language: 'vi', consents }),
  )
}

/** 79 random bits, without letters that look alike; long enough for an operator. */
function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return `${group()}-${group()}-${group()}-${group()}`
}

/** The sample is made by this program, so a refusal is a bug. */
function done<Result extends object>(result: Result | Refusal): Exclude<Result, Refusal> {
  if ('problems' in result) throw new Error(`The sample was refused: ${result.problems[0]?.message}`)
  return result as Exclude<Result, Refusal>
}
