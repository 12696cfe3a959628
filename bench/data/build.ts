import { join } from 'node:path'
import {
  appendAudit,
  createLrs,
  createSourceRegistry,
  createTenants,
  DEFAULT_SCOPES,
  DEFAULT_TENANT,
  runConsumers,
} from '../../lrs/index.ts'
import { agentKey } from '../../lrs/statement/agent-key.ts'
import type { Storage } from '../../lrs/storage/port.ts'
import { agreeingToAll, createProfiles, type ProfilesPart } from '../../profiles/index.ts'
import { lessonsAreThere, startServer } from '../server.ts'
import type { Built } from './data-set.ts'
import { homePage, learner, SOURCES } from './population.ts'
import { untilQuiet } from './quiet.ts'
import { type Findable, type Made, makeStatements, shape } from './statements.ts'

/** What one statement of the data set can be found by, and when it was stored (ms). */
export interface Sample extends Findable {
  stored: number
}

/** Credential of each source, by its place in SOURCES. */
export const credentialOf = (source: number) => ({
  key: `bench-${SOURCES[source]}`,
  secret: `bench-secret-of-${SOURCES[source]}`,
})
/** Who reads: the LMS that sent most, as nearly every reader does, what it sent itself. */
export const READER = credentialOf(0)
export const ofReader = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({ agent }) => agent.account?.homePage === homePage(0))

const BATCH = 250
/** Batches under way: one is prepared while the other is written. */
const AHEAD = 3
const SAMPLES = 6_000
/** The statements spread over the ten months before this. */
const END = Date.UTC(2025, 10, 20)
const SPAN = 300 * 86_400_000
const SAY_EVERY = 20_000
const BY = 'bench'

/**
 * Fills an empty store with `size` statements as the product itself would: prepared and recorded by the LRS, indexed
 * and linked by the store, followed by the transcript's consumer. The clock runs through ten months meanwhile.
 */
export async function buildDataSet(
  place: { folder: string; env: Readonly<Record<string, string>> },
  openStore: (clock: () => number) => Promise<Storage>,
  size: number,
  seed: number,
  say: (text: string) => void,
): Promise<{ samples: Sample[]; built: Built }> {
  const began = performance.now()
  const timeOf = (index: number) => END - SPAN + Math.floor((index * SPAN) / size)
  let written = 0
  const storage = await openStore(() => timeOf(written))
  await createTenants(storage)
  const { collections, statements, feed, blobs } = storage.tenant(DEFAULT_TENANT)
  const sources = createSourceRegistry(storage.system, DEFAULT_TENANT)
  const callers = await Promise.all(
    SOURCES.map(async (name, index) => {
      const made = await sources.create({ name, kind: 'lms', homePages: [homePage(index)] }, BY)
      if ('ok' in made) throw new Error(made.problems[0]?.message)
      await sources.issue(made.id, { label: 'bench', ...credentialOf(index) }, BY)
      return sources.callerOf(made.id, BY, DEFAULT_SCOPES)
    }),
  )
  const profiles = await createProfiles({
    collections,
    statements,
    feed,
    blobs,
    sourceKind: async (id) => (await sources.get(id))?.kind ?? null,
    vouches: async () => true,
    accountHomePage: `urn:suotdoi:tenant:${DEFAULT_TENANT}:people`,
    audit: (note) => appendAudit({ tenant: DEFAULT_TENANT, ...note }),
    sealSecret: '00'.repeat(32),
  })
  await linkLearners(profiles, size)
  await profiles.settled()
  const consumers = runConsumers(storage.tenant(DEFAULT_TENANT), [profiles.consumer], { poll: 500 })
  const lrs = createLrs({ storage, tenant: DEFAULT_TENANT })

  const samples: Sample[] = []
  const everySample = Math.max(1, Math.floor(size / SAMPLES))
  let textBytes = 0
  let said = performance.now()
  const record = async (source: number, batch: Made[]) => {
    const text = `[${batch.map(({ statement }) => JSON.stringify(statement)).join(',')}]`
    const outcome = await lrs.recordStatements(callers[source]!, { version: '1.0.3', statements: text })
    if (!outcome.ok) throw new Error(outcome.problems[0]?.message)
    for (const { findable } of batch) {
      if (written++ % everySample === 0) samples.push({ ...findable, stored: outcome.stored })
    }
    if (performance.now() - said < SAY_EVERY) return
    said = performance.now()
    say(`${written.toLocaleString('en')} of ${size.toLocaleString('en')}, ${rate(written, began)} a second`)
  }

  const open: Made[][] = SOURCES.map(() => [])
  const underWay = new Set<Promise<void>>()
  const send = async (source: number) => {
    const batch = open[source]!.splice(0)
    if (batch.length === 0) return
    textBytes += batch.reduce((sum, { statement }) => sum + JSON.stringify(statement).length, 0)
    const sent = record(source, batch).finally(() => underWay.delete(sent))
    underWay.add(sent)
    if (underWay.size >= AHEAD) await Promise.race(underWay)
  }
  for (const made of makeStatements(size, seed, timeOf)) {
    const batch = open[made.source]!
    batch.push(made)
    if (batch.length === BATCH) await send(made.source)
  }
  for (const source of open.keys()) await send(source)
  await Promise.all(underWay)

  say('written; the transcript follows')
  const ticking = setInterval(async () => {
    const [state] = await consumers.states()
    say(`transcript at ${state?.position.toLocaleString('en')}`)
  }, SAY_EVERY)
  await consumers.idle()
  clearInterval(ticking)
  await consumers.stop()
  await storage.close()
  await startOnce(place)
  return { samples, built: { seconds: (performance.now() - began) / 1000, textBytes } }
}

/** What the very first start of the product puts there, the lessons and the first credential, is not to be measured later. */
async function startOnce({ folder, env }: Parameters<typeof buildDataSet>[0]): Promise<void> {
  const server = await startServer(join(folder, '..', 'first-start'), { dataDir: folder, env })
  await lessonsAreThere(server.url)
  await untilQuiet(server)
  await server.stop()
}

/** A tenth of the learners' identifiers belong to people, so that the transcript has something to follow. */
async function linkLearners(profiles: ProfilesPart, size: number): Promise<void> {
  const { learners } = shape(size)
  const people = Math.max(10, Math.floor(size / 10_000))
  const persons: string[] = []
  for (let number = 0; number < people; number++) {
    const person = await profiles.accounts.register({
      identifier: `cong-dan-${number}@mau.example`,
      password: `suot-doi-${number}-${seedless(number)}`,
      name: `Công dân ${number}`,
      language: 'vi',
      consents: agreeingToAll('registration'),
    })
    if ('ok' in person) throw new Error(person.problems[0]?.message)
    persons.push(person.id)
  }
  for (let from = 0; from < learners; from += 640) {
    const numbers = Array.from({ length: 64 }, (_, index) => from + index * 10).filter(
      (one) => one < learners,
    )
    await Promise.all(
      numbers.map((number) =>
        profiles.links.link({
          agent: agentKey(learner(number))!,
          person: persons[number % persons.length]!,
          how: 'operator',
          proof: { document: { number: 'bench', date: '2026-01-05' } },
          by: BY,
          reason: 'bench',
        }),
      ),
    )
  }
}

/** Something that no list of common passwords holds. */
const seedless = (number: number) => (number * 2_654_435_761).toString(36)
const rate = (count: number, began: number) => Math.round((count * 1000) / (performance.now() - began))
