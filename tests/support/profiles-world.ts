import { appendAudit, type Collections, defineCollection, type FeedConsumer } from '../../lrs/index.ts'
import type { TenantStorage } from '../../lrs/storage/port.ts'
import {
  agreeingToAll,
  createDisputes,
  createProfiles,
  type Disputes,
  type ProfilesPart,
} from '../../profiles/index.ts'
import { openTestStore } from './store.ts'
import { keyOf, recordOf, type Told } from './told.ts'

const CURSOR = defineCollection<{ position: number }>('test.cursor')

/** What an officer links by. */
export const PAPER = { document: { number: '12/QĐ-UBND', date: '2026-11-20' } } as const

/** Profiles over a real store, with the feed brought forward by hand. */
export interface World {
  profiles: ProfilesPart
  store: TenantStorage
  /** What citizens say is wrong; the product writes for no source here. */
  disputes: Disputes
  tell(...all: Told[]): Promise<string[]>
  /** Applies at most `limit` entries; `false` at the end of the feed. */
  step(limit?: number): Promise<boolean>
  catchUp(): Promise<void>
  /** Links and waits until the history is folded in. */
  link(who: string, person: string): Promise<void>
  /** Another process on the same store. */
  again(collections?: Collections): Promise<ProfilesPart>
  /** Registers somebody; `null`: who was never asked whether a record may be kept. */
  person(identifier: string, consent?: 'yes' | null): Promise<string>
  close(): Promise<void>
}

/** The home page that only the source `other-lms` speaks for. */
export const OTHERS_HOME = 'https://other.example.org'
export const ACCOUNT_HOME = 'https://suotdoi.example.org/people'

/** A world in a store of its own. */
export async function openWorld(): Promise<World> {
  const worlds = await openWorlds()
  const world = await worlds.next()
  return { ...world, close: worlds.close }
}

/** Many worlds in one store, each a tenant; `view` is what their profiles see of their store. */
export async function openWorlds() {
  const { storage, close } = await openTestStore()
  let count = 0
  return {
    next: (view?: (store: TenantStorage) => TenantStorage) => makeWorld(storage.tenant(`t${++count}`), view),
    close,
  }
}

async function makeWorld(
  store: TenantStorage,
  view = (whole: TenantStorage) => whole,
): Promise<Omit<World, 'close'>> {
  const seen = view(store)
  const again = (collections = seen.collections) =>
    createProfiles({
      collections,
      statements: seen.statements,
      feed: seen.feed,
      blobs: seen.blobs,
      sourceKind: async (id) => (id === 'centre' || id === 'diary' ? id : 'lms'),
      vouches: async (source, homePage) => homePage !== OTHERS_HOME || source === 'other-lms',
      accountHomePage: ACCOUNT_HOME,
      audit: (note) => appendAudit({ tenant: 'test', ...note }),
      sealSecret: '5e'.repeat(32),
    })
  const profiles = await again()
  const step = (limit = 200) => stepOf(seen, profiles.consumer, limit)
  const claimStep = () => stepOf(seen, profiles.claimConsumer, 200)
  const correctionStep = () => stepOf(seen, profiles.correctionConsumer, 200)
  const disputes = createDisputes({
    collections: seen.collections,
    statements: seen.statements,
    transcript: profiles.transcript,
    accounts: profiles.accounts,
    lrs: {
      recordStatements: () => Promise.reject(new Error('nothing is written for a source here')),
    },
    isOwnWord: async (source) => source === 'diary',
    organisationOf: async (source) => (source === 'centre' ? 'centre-house' : null),
    callerOf: async () => null,
    audit: (note) => appendAudit({ tenant: 'test', ...note }),
    now: Date.now,
  })
  return {
    profiles,
    store,
    disputes,
    again,
    step,
    async link(who, person) {
      const agent = keyOf(who)
      const how = { how: 'operator', proof: PAPER, by: 'op', reason: 'known' } as const
      const link = await profiles.links.link({ agent, person, ...how })
      if ('ok' in link) throw new Error(JSON.stringify(link))
      await profiles.settled()
    },
    async tell(...all) {
      const records = all.map(recordOf)
      const outcome = await store.statements.write(records)
      if (!outcome.ok) throw new Error(JSON.stringify(outcome))
      return records.map(({ id }) => id)
    },
    async catchUp() {
      while (await step());
      while (await claimStep());
      while (await correctionStep());
    },
    async person(identifier, consent = 'yes') {
      const person = await profiles.accounts.register({
        identifier,
        password: 'con ong chăm chỉ',
        name: 'Lan',
        language: 'vi',
        ...(consent === 'yes' && { consents: agreeingToAll('registration') }),
      })
      if ('ok' in person) throw new Error(JSON.stringify(person))
      return person.id
    },
  }
}

/** One turn of a feed runner: effect and cursor in one batch. */
async function stepOf(store: TenantStorage, consumer: FeedConsumer, limit: number): Promise<boolean> {
  const cursor = await store.collections.get(CURSOR, consumer.name)
  const entries = await store.feed.read(cursor?.value.position ?? 0, limit)
  const last = entries.at(-1)
  if (!last) return false
  const operations = await consumer.apply(entries)
  if (operations.length > 900) throw new Error(`${operations.length} operations`)
  const move = { collection: CURSOR, key: consumer.name, value: { position: last.position } }
  await store.collections.batch([
    ...operations,
    cursor ? { ...move, op: 'replace', revision: cursor.revision } : { ...move, op: 'insert' },
  ])
  return true
}
