import { afterAll, beforeAll, expect, test } from 'vitest'
import { startXapi, type TestXapi } from '../../tests/support/xapi.ts'
import type { Operation } from '../storage/collections.ts'
import type { FeedEntry, StoredStatement } from '../storage/port.ts'
import { createAuditConsumer } from './consumer.ts'
import { AUDIT, type AuditNote, appendAudit, auditTag } from './entry.ts'
import { type AuditFilter, readAudit } from './read.ts'
import { checkAudit, SEALED_AFTER_MS, sealAudit } from './seal.ts'

let xapi: TestXapi
beforeAll(async () => {
  xapi = await startXapi()
})
afterAll(() => xapi.close())

const system = () => xapi.storage.system
let tenants = 0
/** A log of its own for each test. */
function log(...stores: ReturnType<typeof system>[]) {
  const tenant = `log-${++tenants}`
  const append = async (note: Omit<AuditNote, 'tenant'>, store = stores[0] ?? system()) => {
    const operation = appendAudit({ tenant, ...note })
    await store.batch([operation])
    return operation.key
  }
  const read = async (filter: Omit<AuditFilter, 'limit'> = {}, limit = 100) =>
    readAudit(stores.length > 0 ? stores : [system()], tenant, { ...filter, limit })
  const actions = async (filter: Omit<AuditFilter, 'limit'>) =>
    (await read(filter)).entries.map(({ action }) => action)
  return { tenant, append, read, actions }
}
const findings = async (tenant: string) => {
  const found: string[] = []
  for await (const { what } of checkAudit(system(), tenant)) found.push(what)
  return found
}
const later = () => Date.now() + SEALED_AFTER_MS + 1_000

test('entries are found by kind, source, actor, credential and subject, alone and together', async () => {
  const { append, actions } = log()
  await append({ action: 'source-create', actor: 'lan', source: 'school' })
  await append({ action: 'credential-issue', actor: 'lan', source: 'school', credential: 'key-1' })
  await append({ action: 'credential-issue', actor: 'minh', source: 'centre', credential: 'key-2' })
  await append({ action: 'link', actor: 'minh', subjects: ['an'] })
  await append({
    action: 'foreign-read',
    actor: 'key-2',
    source: 'centre',
    credential: 'key-2',
    of: ['school'],
  })

  expect(await actions({})).toHaveLength(5)
  expect(await actions({ kind: 'credential' })).toHaveLength(2)
  expect(await actions({ source: 'school' })).toEqual(['foreign-read', 'credential-issue', 'source-create'])
  expect(await actions({ source: 'school', kind: 'read' })).toEqual(['foreign-read'])
  expect(await actions({ who: 'minh' })).toEqual(['link', 'credential-issue'])
  expect(await actions({ who: 'an' })).toEqual(['link'])
  expect(await actions({ who: 'key-2', source: 'centre', kind: 'credential' })).toEqual(['credential-issue'])
  expect(await actions({ who: 'lan', source: 'centre' })).toEqual([])
})

test('entries of two places are one list, newest first, and its pages leave nothing out', async () => {
  const other = xapi.storage.tenant('main').collections
  const { append, read } = log(system(), other)
  const keys: string[] = []
  for (let at = 0; at < 25; at++)
    keys.push(await append({ action: 'link', actor: `${at}` }, at % 3 === 0 ? other : system()))
  const seen: string[] = []
  let before: string | null = null
  do {
    const page: Awaited<ReturnType<typeof read>> = await read({ ...(before !== null && { before }) }, 4)
    seen.push(...page.entries.map(({ id }) => id))
    before = page.next
  } while (before !== null)
  expect(seen).toEqual([...keys].sort().reverse())
})

test('since and until are inclusive', async () => {
  const { append, read } = log()
  await append({ action: 'link', actor: 'lan' })
  const at = (await read()).entries[0]!.at
  expect((await read({ since: at, until: at })).entries).toHaveLength(1)
  expect((await read({ since: at + 1 })).entries).toHaveLength(0)
  expect((await read({ until: at - 1 })).entries).toHaveLength(0)
})

test('what was sealed cannot be changed, taken out or added to unseen', async () => {
  const { tenant, append } = log()
  const keys: string[] = []
  for (let at = 0; at < 5; at++) keys.push(await append({ action: 'link', actor: `${at}` }))
  expect(await sealAudit(system(), tenant)).toBeNull()
  const first = await sealAudit(system(), tenant, later())
  expect(first).toMatchObject({ number: 1, entries: 5 })
  await new Promise((done) => setTimeout(done, 5))
  await append({ action: 'unlink', actor: 'lan' })
  const second = await sealAudit(system(), tenant, later())
  expect(second).toMatchObject({ number: 2, entries: 1, after: first?.to })
  expect(await sealAudit(system(), tenant, later())).toEqual(second)
  expect(await findings(tenant)).toEqual([])

  const held = (await system().get(AUDIT, keys[2]!))!.value
  await system().put(AUDIT, keys[2]!, { ...held, actor: 'somebody else' })
  expect(await findings(tenant)).toEqual(['Seal 1 of the audit: an entry, or the seal, was changed.'])
  await system().delete(AUDIT, keys[2]!)
  expect(await findings(tenant)).toEqual(['Seal 1 of the audit: 1 of its entries are gone.'])
  await system().put(AUDIT, keys[2]!, held)
  expect(await findings(tenant)).toEqual([])
  const between = `${held.id.slice(0, -10)}ffffffffff`
  await system().put(AUDIT, between, { ...held, id: between })
  expect(await findings(tenant)).toEqual(['Seal 1 of the audit: 1 entries were put in afterwards.'])
})

test('sealed by several processes at once it is one chain, and all of them learn its newest seal', async () => {
  const { tenant, append } = log()
  for (let at = 0; at < 2_500; at += 50)
    await Promise.all(Array.from({ length: 50 }, () => append({ action: 'link', actor: 'an' })))
  const seals = await Promise.all([1, 2, 3, 4].map(() => sealAudit(system(), tenant, later())))
  for (const seal of seals) expect(seal).toEqual(seals[0])
  expect(seals[0]).toMatchObject({ number: 3, entries: 500 })
  expect(await findings(tenant)).toEqual([])
})

test('an entry that comes after the clock has stepped back stands behind what was sealed', async () => {
  const { tenant, append, read } = log()
  await append({ action: 'link', actor: 'before' })
  await sealAudit(system(), tenant, later())
  const now = Date.now
  Date.now = () => now() - 86_400_000
  try {
    await append({ action: 'unlink', actor: 'after' })
  } finally {
    Date.now = now
  }
  expect((await read()).entries.map(({ actor }) => actor)).toEqual(['after', 'before'])
  expect(await findings(tenant)).toEqual([])
})

test('appending never conflicts, and with a key an entry is there once', async () => {
  const { append, read, tenant } = log()
  await Promise.all(Array.from({ length: 64 }, (_, at) => append({ action: 'link', actor: `${at}` })))
  expect((await read()).entries).toHaveLength(64)
  const once = () => system().batch([appendAudit({ tenant, actor: 'lrs', action: 'void' }, 'feed-1')])
  expect([(await once()).ok, (await once()).ok]).toEqual([true, false])
})

test('a bulk change of hundreds of statements costs no more than a few index entries', () => {
  const ids = Array.from({ length: 500 }, (_, at) => `statement-${at}`)
  const operation = appendAudit({ tenant: 't', actor: 'lrs', action: 'purge', subjects: ids })
  const { tags } = (operation as Extract<Operation, { op: 'insert' }>).value as { tags: string[] }
  expect(tags.length).toBeLessThan(10)
  expect(tags).toContain(auditTag('t', { kind: 'erasure' }))
})

test('the feed’s voids, re-keyings and erasures are noted once, also when the feed is read again', async () => {
  const store = xapi.storage.tenant('main')
  const voider = { id: 'voider', source: 'school', effective: true }
  const consumer = createAuditConsumer({
    tenant: 'main',
    collections: store.collections,
    statements: {
      relations: async () => ({ referrers: [], voiders: [voider] }),
      get: async () => ({ source: 'centre' }) as StoredStatement,
    },
  })
  const entries: FeedEntry[] = [
    { kind: 'stored', position: 1, statement: {} as StoredStatement },
    { kind: 'voided', position: 2, id: 'target' },
    { kind: 'rewritten', position: 3, ids: ['a'], reason: 'Nguyễn Văn An có số mới' },
    { kind: 'purged', position: 4, ids: ['b', 'c'], reason: 'Nguyễn Văn An yêu cầu' },
  ]
  const apply = async () => {
    const operations = await consumer.apply(entries)
    await store.collections.batch(operations)
    return operations.length
  }
  expect(await apply()).toBe(3)
  expect(await apply()).toBe(0)
  const { entries: noted } = await readAudit([store.collections], 'main', { limit: 10 })
  expect(noted).toMatchObject([
    { action: 'purge', subjects: ['b', 'c'], detail: { position: 4, statements: 2 } },
    { action: 'rewrite', subjects: ['a'], detail: { position: 3 } },
    { action: 'void', actor: 'school', source: 'school', of: ['centre'], subjects: ['target', 'voider'] },
  ])
  expect(JSON.stringify(noted)).not.toContain('Nguyễn')
})
