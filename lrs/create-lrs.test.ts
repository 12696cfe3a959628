import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { settled, someStatement, startXapi, type TestXapi } from '../tests/support/xapi.ts'
import { DEFAULT_SCOPES, type Scope } from './caller.ts'
import { createLrs } from './create-lrs.ts'
import type { ForeignRead, Lrs } from './lrs.ts'
import { statementKey } from './statement/keys.ts'

let xapi: TestXapi
let lrs: Lrs
const foreign: ForeignRead[] = []
beforeAll(async () => {
  xapi = await startXapi()
  lrs = createLrs({ storage: xapi.storage, tenant: 'main', onForeignRead: (read) => foreign.push(read) })
  for (const name of ['H5P', 'Moodle']) await xapi.registry().create({ name, kind: 'product' }, 'test')
})
afterAll(() => xapi.close())
beforeEach(() => {
  foreign.length = 0
})

const callerOf = (source: string, scopes: readonly Scope[] = DEFAULT_SCOPES) =>
  xapi.registry().callerOf(source, 'test', scopes)
const version = '1.0.3' as const

async function record(source: string, ...statements: Record<string, unknown>[]): Promise<string[]> {
  const recorded = await lrs.recordStatements(await callerOf(source), { version, statements })
  if (!recorded.ok) throw new Error(recorded.problems[0]?.message)
  await settled(xapi.storage)
  return recorded.ids
}

test('a part of the product records under its own source and authority', async () => {
  const caller = await callerOf('h5p')
  const recorded = await lrs.recordStatements(caller, {
    version,
    statements: [someStatement(), someStatement()],
  })
  if (!recorded.ok) throw new Error('refused')
  expect(recorded).toMatchObject({ fresh: 2 })
  const statement = await lrs.getStatement(caller, recorded.ids[0]?.toUpperCase() ?? '')
  expect(statement?.source).toBe('h5p')
  expect(JSON.parse(statement?.text ?? '').authority).toEqual(caller.authority)
  const entries = await lrs.readFeed(0, 200)
  expect(entries.some((entry) => entry.kind === 'stored' && entry.statement.id === recorded.ids[0])).toBe(
    true,
  )
})

test('recording is refused with problems as values: what is not valid, what the caller may not', async () => {
  const wrong = await lrs.recordStatements(await callerOf('h5p'), { version, statements: [{}] })
  expect(wrong).toMatchObject({ ok: false, status: 400 })
  const reader = await callerOf('h5p', ['statements/read/mine'])
  const forbidden = await lrs.recordStatements(reader, { version, statements: [someStatement()] })
  expect(forbidden).toMatchObject({ ok: false, status: 403, problems: [{ id: 'scope-missing' }] })
})

test('what others sent is read with statements/read only, and that is told', async () => {
  const verb = { id: `http://example.vn/verbs/${crypto.randomUUID()}` }
  const [id = ''] = await record('moodle', someStatement({ verb }))
  const query = { keys: [statementKey.verb(verb.id)], ascending: true, limit: 10, maxBytes: 1_000_000 }
  const own = await callerOf('h5p')
  expect(await lrs.getStatement(own, id)).toBeNull()
  expect(await lrs.queryStatements(own, query)).toMatchObject({ statements: [] })
  expect(foreign).toEqual([])
  const wide = await callerOf('h5p', ['statements/read'])
  expect((await lrs.getStatement(wide, id))?.id).toBe(id)
  expect(await lrs.queryStatements(wide, query)).toMatchObject({ statements: [{ id }] })
  expect(foreign.map(({ sources }) => sources)).toEqual([['moodle'], ['moodle']])
  const writer = await callerOf('h5p', ['statements/write'])
  expect(await lrs.queryStatements(writer, query)).toMatchObject({ ok: false, status: 403 })
})

test('a caller of another tenant is a bug that stops at once', async () => {
  const caller = { ...(await callerOf('h5p')), tenant: 'other' }
  await expect(lrs.getStatement(caller, crypto.randomUUID())).rejects.toThrow('tenant')
})

test('re-keying reaches every place of an agent in statements and documents, and a second call finds nothing', async () => {
  const mbox = `mailto:${crypto.randomUUID()}@example.vn`
  const account = { homePage: 'https://example.vn', name: crypto.randomUUID() }
  const [from, to] = [`mbox:${mbox}`, `account:${account.homePage} ${account.name}`]
  const many = Array.from({ length: 230 }, () => someStatement({ actor: { mbox, name: 'Hoa' } }))
  const ids = await record('moodle', ...many)
  const [asInstructor = ''] = await record('h5p', someStatement({ context: { instructor: { mbox } } }))
  const [referrer = ''] = await record(
    'h5p',
    someStatement({ object: { objectType: 'StatementRef', id: ids[0] } }),
  )
  const untouched = (await lrs.getStatement(await callerOf('h5p'), referrer))?.text
  const { documents } = xapi.storage.tenant('main')
  const key = { kind: 'agent-profile', source: 'moodle', agent: from, id: 'a' } as const
  await documents.put(
    key,
    { content: Buffer.from('{}'), contentType: 'application/json', etag: 'x' },
    { kind: 'any' },
  )

  expect(await lrs.rekeyAgent(from, to, 'decision 12')).toEqual({ statements: 231, documents: 1 })
  const reader = await callerOf('h5p', ['statements/read'])
  for (const id of [...ids.slice(0, 3), ...ids.slice(-3), asInstructor]) {
    const text = (await lrs.getStatement(reader, id))?.text ?? ''
    expect(text).not.toContain(mbox)
    expect(text).toContain(account.name)
  }
  expect((await lrs.getStatement(reader, referrer))?.text).toBe(untouched)
  expect(await documents.get({ ...key, agent: to })).not.toBeNull()
  expect(await documents.get(key)).toBeNull()
  const query = { keys: [statementKey.agent(to)], ascending: true, limit: 500, maxBytes: 10_000_000 }
  const listed = await lrs.queryStatements(reader, query)
  expect('statements' in listed && listed.statements.filter(({ id }) => ids.includes(id)).length).toBe(230)
  expect(await lrs.rekeyAgent(from, to, 'decision 12')).toEqual({ statements: 0, documents: 0 })
})

test('what is sent under the old identifier while it is re-keyed follows too', async () => {
  const mbox = `mailto:${crypto.randomUUID()}@example.vn`
  const [from, to] = [`mbox:${mbox}`, `account:https://example.vn ${crypto.randomUUID()}`]
  const ids = await record('moodle', someStatement({ actor: { mbox } }))
  const real = xapi.storage.tenant('main')
  let late = 3
  const statements: typeof real.statements = {
    ...real.statements,
    async rewrite(changes, reason) {
      const done = await real.statements.rewrite(changes, reason)
      if (late-- > 0) ids.push(...(await record('h5p', someStatement({ actor: { mbox } }))))
      return done
    },
  }
  const documents: typeof real.documents = {
    ...real.documents,
    async rekeyAgent(...keys) {
      const moved = await real.documents.rekeyAgent(...keys)
      if (late-- === 0) {
        const key = { kind: 'agent-profile', source: 'h5p', agent: from, id: 'late' } as const
        const content = { content: Buffer.from('{}'), contentType: 'application/json', etag: 'x' }
        await real.documents.put(key, content, { kind: 'any' })
      }
      return moved
    },
  }
  const storage = { ...xapi.storage, tenant: () => ({ ...real, statements, documents }) }
  const done = await createLrs({ storage, tenant: 'main' }).rekeyAgent(from, to, 'decision 15')
  expect(done).toEqual({ statements: ids.length, documents: 1 })
  expect(ids.length).toBeGreaterThan(2)
  for (const id of ids) expect((await real.statements.get(id))?.text).not.toContain(mbox)
  expect(await real.documents.list({ kind: 'agent-profile', source: 'h5p', agent: from })).toEqual([])
})

test('purging removes statements for good, in steps, and is idempotent', async () => {
  const ids = await record('moodle', ...Array.from({ length: 620 }, () => someStatement()))
  const reader = await callerOf('h5p', ['statements/read'])
  expect(await lrs.purge(ids, 'decision 13')).toBe(620)
  expect(await lrs.getStatement(reader, ids[600] ?? '')).toBeNull()
  expect(await lrs.purge(ids, 'decision 13')).toBe(0)
})
