import { hash } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { defineCollection } from '../../../lrs/storage/collections.ts'
import type { DocumentKey, FeedEntry, Storage, TenantStorage } from '../../../lrs/storage/port.ts'
import { everything, idOf, recordOf, voidOf } from './records.ts'
import { type Thing, things } from './things.ts'

/** A store with something of every kind, and everything that the port answers of it. */

const rare = defineCollection<{ n: number }>('rare/things')
const ACTIVITY = 'https://example.vn/a'
const AGENT = 'mailto:an@example.vn'
export const TENANTS = ['one', 'two-2'] as const

const documents: DocumentKey[] = [
  { kind: 'state', source: 'lms', activity: ACTIVITY, agent: AGENT, id: 'bookmark' },
  { kind: 'state', source: 'lms', activity: ACTIVITY, agent: AGENT, registration: idOf('r'), id: 'x/y z' },
  { kind: 'state', source: 'other', activity: ACTIVITY, agent: AGENT, id: 'bookmark' },
  { kind: 'activity-profile', source: 'lms', activity: ACTIVITY, id: 'đ' },
  { kind: 'agent-profile', source: 'lms', agent: AGENT, id: 'p' },
]

export async function fill(storage: Storage): Promise<void> {
  for (const tenant of TENANTS) await fillTenant(storage.tenant(tenant), tenant)
  await storage.system.put(things, 'here', { n: 1, words: ['a', 'b'] })
  await storage.system.insert(rare, 'secret', { n: 2 })
}

async function fillTenant(tenant: TenantStorage, name: string): Promise<void> {
  const { statements, blobs, activities, collections } = tenant
  const [attached, lesson, both] = await Promise.all(
    ['attached', 'a lesson', 'both'].map((content) => blobs.put([Buffer.from(content + name)] as never)),
  )
  await statements.write(
    Array.from({ length: 30 }, (_, n) =>
      recordOf(n, {
        keys: [`actor:${n % 3}`, 'verb:done', `activity:${n % 5}`],
        source: n % 4 === 0 ? 'other' : 'lms',
        attachments: n === 3 ? [attached!.sha2, both!.sha2] : [],
        definitions: n < 8 ? [{ activity: ACTIVITY, text: `{"name":{"vi":"${n}"},"x":${n % 2}}` }] : [],
        names: n < 4 ? [{ agent: AGENT, name: `An ${n}` }] : [],
      }),
    ),
  )
  await statements.write([
    // To what is there, to what is not, in a chain, and to what comes later.
    recordOf('r1', { refersTo: idOf(1), keys: ['verb:seen'] }),
    recordOf('r2', { refersTo: idOf('r1'), keys: ['verb:seen'] }),
    recordOf('early', { refersTo: idOf('late') }),
    recordOf('never', { refersTo: idOf('nothing') }),
    voidOf('v1', 5),
    voidOf('waits', 'late'),
    voidOf('waits-foreign', 'later', { source: 'admin', mayVoidForeign: true }),
  ])
  await statements.write([recordOf('late'), recordOf('later', { source: 'other' })])
  await statements.purge([idOf(7), idOf('r2')], 'law')
  await statements.rewrite(
    [
      {
        id: idOf(9),
        expected: `1:${idOf(9)}`,
        text: `{"stored":"2026-01-01T00:00:00.000Z","id":"${idOf(9)}","rekeyed":true}`,
        fingerprint: '1:other',
        keys: ['actor:new', 'verb:done'],
        attachments: [both!.sha2],
        names: [],
      },
    ],
    'rekey',
  )
  await activities.choose(ACTIVITY, 'other')
  await activities.choose('https://example.vn/chosen-only', 'lms')
  for (const [n, key] of documents.entries()) {
    const content = Buffer.from(`content ${n} ${name}`)
    const etag = hash('sha1', content)
    await tenant.documents.put(key, { content, contentType: 'text/plain', etag }, { kind: 'any' })
  }
  await blobs.hold('lesson 1', [lesson!.sha2, both!.sha2])
  await blobs.hold('lesson 2', [])
  for (let n = 0; n < 12; n++) {
    const value: Thing = { n, kind: n % 2 ? 'odd' : 'even', words: ['học', `từ ${n % 3}`], deep: { at: -n } }
    await collections.put(things, `key ${n}`, value)
  }
  await collections.put(things, 'key 3', { n: 33 })
  await collections.delete(things, 'key 4')
  await collections.put(things, 'ends', { n: 99 }, { expires: Date.now() + 7 * 86_400_000 })
  await collections.put(rare, 'x/y', { n: 1 })
}

/** All of it by what the port answers; two stores that answer the same keep the same. */
export async function answers(storage: Storage): Promise<unknown> {
  const tenants: unknown[] = []
  for (const tenant of TENANTS) tenants.push(await answersOf(storage.tenant(tenant)))
  return { tenants, system: await docsOf(storage.system) }
}

async function answersOf(tenant: TenantStorage): Promise<unknown> {
  const { statements, activities, agents, feed } = tenant
  const queries = [
    { ...everything },
    { ...everything, ascending: false, includeVoided: true },
    { ...everything, keys: ['actor:1', 'verb:done'] },
    { ...everything, keys: ['activity:1'], sources: ['lms'] },
    { ...everything, keys: ['verb:seen', 'verb:done'], includeVoided: true },
    { ...everything, keys: ['actor:new'] },
  ]
  const entries: FeedEntry[] = await feed.read(0, 1_000)
  const times = new Set(entries.flatMap((one) => (one.kind === 'stored' ? [one.statement.stored] : [])))
  for (const stored of times)
    queries.push({ ...everything, since: stored } as never, { ...everything, until: stored } as never)
  const pages = []
  for (const query of queries) pages.push(await statements.query(query))
  const ids = [1, 5, 7, 9, 'r1', 'late', 'later', 'nothing', 'never'].map(idOf)
  return {
    pages,
    entries,
    end: await feed.end(),
    changes: await feed.read(3, 100, 'changes'),
    count: await statements.count(),
    single: await Promise.all(ids.map((id) => statements.get(id))),
    relations: await Promise.all(ids.map((id) => statements.relations(id))),
    keys: (await statements.inspect(0, 1_000)).map(({ keys }) => keys.toSorted()),
    activities: await Promise.all(
      [ACTIVITY, 'https://example.vn/chosen-only', 'none'].map((id) => activities.get(id)),
    ),
    names: [await agents.names(AGENT), await agents.names(AGENT, ['other'])],
    documents: await Promise.all(
      documents.map(async (key) => {
        const found = await tenant.documents.get(key)
        return found && { ...found, content: Buffer.from(found.content).toString() }
      }),
    ),
    lists: await Promise.all(
      [{ registration: null }, {}].map((which) =>
        tenant.documents.list({ kind: 'state', source: 'lms', activity: ACTIVITY, agent: AGENT, ...which }),
      ),
    ),
    blobs: await blobsOf(tenant, entries),
    collections: await docsOf(tenant.collections),
  }
}

async function blobsOf({ blobs }: TenantStorage, entries: readonly FeedEntry[]): Promise<unknown> {
  const named = entries.flatMap((one) => (one.kind === 'stored' ? one.statement.attachments : []))
  const lessons = TENANTS.map((name) => hash('sha256', `a lesson${name}`))
  return Promise.all(
    [...new Set([...named, ...lessons])].map(async (sha2) => {
      const found = await blobs.open(sha2)
      return { sha2, size: await blobs.size(sha2), content: found && (await text(found.content)) }
    }),
  )
}

async function docsOf(collections: TenantStorage['collections']): Promise<unknown> {
  return {
    all: await collections.scan(things, { limit: 100 }),
    rare: await collections.scan(rare, { limit: 100 }),
    byN: await collections.find(things, { index: 'byN', range: { gte: 3 }, descending: true, limit: 100 }),
    byKind: await collections.find(things, { index: 'byKind', equals: { kind: 'odd' }, limit: 100 }),
    byWord: await collections.count(things, { index: 'byWord', equals: { words: 'học' } }),
    byDeep: await collections.find(things, { index: 'byDeep', range: { lt: -5 }, limit: 3 }),
  }
}
