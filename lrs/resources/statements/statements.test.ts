import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  settled,
  someStatement,
  startXapi,
  type TestClient,
  type TestXapi,
} from '../../../tests/support/xapi.ts'
import { DEFAULT_SCOPES } from '../../caller.ts'
import type { ForeignRead } from '../../lrs.ts'

let xapi: TestXapi
let all: TestClient
const foreign: ForeignRead[] = []
beforeAll(async () => {
  xapi = await startXapi({
    page: { statements: 20, bytes: 20_000 },
    onForeignRead: (read) => foreign.push(read),
  })
  all = await xapi.issue(['all'], 'Operator')
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const path = '/xapi/statements'
type Listed = { statements: { id: string; stored: string }[]; more: string }
const verb = () => `http://example.vn/verbs/${crypto.randomUUID()}`

async function store(client: TestClient, statements: Record<string, unknown>[]): Promise<string[]> {
  const answer = await client.request('post', path).send(statements)
  expect([answer.status, answer.body.error]).toEqual([200, undefined])
  return answer.body
}
const ask = (client: TestClient, query: Record<string, string>) => client.request('get', path).query(query)
async function follow(client: TestClient, first: Listed, between: () => Promise<unknown> = async () => {}) {
  const pages = [first]
  while (pages.at(-1)?.more) {
    await between()
    const answer = await client.request('get', pages.at(-1)?.more ?? '')
    expect(answer.status).toBe(200)
    pages.push(answer.body)
  }
  return pages
}

test('XAPI-00108: more leads to the rest without gap or repeat while statements arrive, in both directions', async () => {
  const id = verb()
  const many = () => Array.from({ length: 17 }, () => someStatement({ verb: { id } }))
  const before = (await Promise.all([1, 2, 3].map(() => store(all, many())))).flat()
  await settled(xapi.storage)
  for (const ascending of ['false', 'true']) {
    const arrived: string[] = []
    const first = await ask(all, { verb: id, limit: '7', ascending })
    let times = 0
    const pages = await follow(all, first.body, async () => {
      if (times++ < 3) arrived.push(...(await store(all, many())))
      await settled(xapi.storage)
    })
    const listed = pages.flatMap((page) => page.statements.map((statement) => statement.id))
    expect(new Set(listed).size).toBe(listed.length)
    if (ascending === 'false') expect(new Set(listed)).toEqual(new Set(before))
    else expect(new Set(listed)).toEqual(new Set([...before, ...arrived]))
    const times_ = pages.flatMap((page) => page.statements.map((statement) => statement.stored))
    expect(times_).toEqual(
      times_
        .toSorted()
        .map((_, at, sorted) => (ascending === 'true' ? sorted[at] : sorted[sorted.length - 1 - at])),
    )
    before.push(...arrived)
  }
})

test('a page is bounded in statements and in bytes, and limit=0 means as many as the server gives', async () => {
  const id = verb()
  await store(
    all,
    Array.from({ length: 30 }, () => someStatement({ verb: { id } })),
  )
  const big = verb()
  await store(
    all,
    Array.from({ length: 8 }, () =>
      someStatement({ verb: { id: big }, result: { response: 'x'.repeat(6_000) } }),
    ),
  )
  await settled(xapi.storage)
  for (const limit of ['0', '1000'])
    expect((await ask(all, { verb: id, limit })).body.statements).toHaveLength(20)
  const page = (await ask(all, { verb: big })).body as Listed
  expect(page.statements).toHaveLength(3)
  expect((await follow(all, page)).flatMap((one) => one.statements)).toHaveLength(8)
})

test('more is a relative address that belongs to the credential and the version of the first page', async () => {
  const id = verb()
  await store(
    all,
    Array.from({ length: 3 }, () => someStatement({ verb: { id } })),
  )
  await settled(xapi.storage)
  const { more } = (await ask(all, { verb: id, limit: '1', format: 'ids' })).body as Listed
  expect(more).toMatch(/^\/xapi\/statements\?more=[\w.-]+$/)
  const other = await xapi.issue(['all'], 'Operator')
  expect((await other.request('get', more)).body.problems[0].id).toBe('more-foreign')
  expect((await all.request('get', more, '2.0.0')).body.problems[0].id).toBe('more-version')
  expect((await all.request('get', `${more}&limit=5`)).body.problems[0].id).toBe('more-alone')
  const next = (await all.request('get', more)).body as Listed
  expect(Object.keys(next.statements[0] ?? {})).not.toContain('display')
  expect(next.statements).toHaveLength(1)
  const alias = (await all.request('get', '/data/xAPI/statements').query({ verb: id, limit: '1' }))
    .body as Listed
  expect(alias.more).toMatch(/^\/data\/xAPI\/statements\?more=/)
})

test('a credential that was narrowed since the first page sees no more than it may now', async () => {
  const reader = await xapi.issue(['statements/read'], 'Reader')
  const id = verb()
  await store(
    all,
    Array.from({ length: 3 }, () => someStatement({ verb: { id } })),
  )
  await settled(xapi.storage)
  const { more } = (await ask(reader, { verb: id, limit: '1' })).body as Listed
  await xapi.registry().narrow(reader.credential.key, ['statements/read/mine'], 'test')
  await new Promise((go) => setTimeout(go, 500))
  expect((await reader.request('get', more)).body.statements).toEqual([])
})

test('a source sees its own statements only, unless it was granted more, and that is told', async () => {
  const one = await xapi.issue(DEFAULT_SCOPES, 'One')
  const two = await xapi.issue(DEFAULT_SCOPES, 'Two')
  const granted = await xapi.issue(['statements/read'], 'Two')
  const id = verb()
  const [stored = ''] = await store(one, [someStatement({ verb: { id } })])
  await settled(xapi.storage)
  expect((await ask(one, { statementId: stored })).status).toBe(200)
  expect((await ask(two, { statementId: stored })).status).toBe(404)
  expect((await ask(two, { verb: id })).body.statements).toEqual([])
  foreign.length = 0
  expect((await ask(granted, { statementId: stored })).status).toBe(200)
  expect((await ask(granted, { verb: id })).body.statements).toHaveLength(1)
  await ask(one, { verb: id })
  expect(foreign.map(({ caller, sources, statements }) => [caller.credential, sources, statements])).toEqual([
    [granted.credential.key, ['one'], 1],
    [granted.credential.key, ['one'], 1],
  ])
})

test('a tenant sees nothing of another, by id, by list, by attachment or by conflict of ids', async () => {
  await xapi.tenants.create('other', 'Other', 'test')
  const there = await xapi.issue(['all'], 'Operator', 'other')
  const id = verb()
  const statement = someStatement({ id: crypto.randomUUID(), verb: { id } })
  await store(all, [statement])
  await settled(xapi.storage)
  expect((await ask(there, { statementId: String(statement.id) })).status).toBe(404)
  expect((await ask(there, { verb: id })).body.statements).toEqual([])
  await store(there, [{ ...statement, verb: { id: verb() } }])
  expect((await ask(all, { statementId: String(statement.id) })).body.verb.id).toBe(id)
})

test('XAPI-00142: the same statement again is accepted, a different one with its id is 409', async () => {
  const statement = someStatement({ id: crypto.randomUUID() })
  const batch = [statement, someStatement({ id: crypto.randomUUID() })]
  await store(all, batch)
  const count = await xapi.storage.tenant('main').statements.count()
  await store(all, batch)
  expect((await all.request('put', `${path}?statementId=${statement.id}`).send(statement)).status).toBe(204)
  const changed = { ...statement, verb: { id: verb() } }
  const answer = await all.request('post', path).send([someStatement(), changed])
  expect([answer.status, answer.body.problems[0].id]).toEqual([409, 'statement-conflict'])
  expect(answer.body.problems[0].path).toBe('statements[1].id')
  expect(await xapi.storage.tenant('main').statements.count()).toBe(count)
})

const voidOf = (id: string) =>
  someStatement({
    verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
    object: { objectType: 'StatementRef', id },
  })

test('a source voids what it asserted itself; voiding what another did is 403 without statements/void', async () => {
  const one = await xapi.issue(DEFAULT_SCOPES, 'One')
  const two = await xapi.issue(DEFAULT_SCOPES, 'Two')
  const voider = await xapi.issue(['statements/write', 'statements/void'], 'Two')
  const [first = '', second = ''] = await store(one, [someStatement(), someStatement()])
  const refused = await two.request('post', path).send(voidOf(first))
  expect([refused.status, refused.body.problems[0].id]).toEqual([403, 'void-foreign'])
  await store(one, [voidOf(first)])
  await store(voider, [voidOf(second)])
  for (const id of [first, second]) {
    expect((await ask(one, { statementId: id })).status).toBe(404)
    expect((await ask(one, { voidedStatementId: id })).body.id).toBe(id)
  }
})

test('a void that came before a foreign target stays without effect; before its own target it takes effect', async () => {
  const one = await xapi.issue(DEFAULT_SCOPES, 'One')
  const two = await xapi.issue(DEFAULT_SCOPES, 'Two')
  const [foreignTarget, ownTarget] = [crypto.randomUUID(), crypto.randomUUID()]
  const voids = await store(two, [voidOf(foreignTarget), voidOf(ownTarget)])
  await store(one, [someStatement({ id: foreignTarget })])
  await store(two, [someStatement({ id: ownTarget })])
  expect((await ask(one, { statementId: foreignTarget })).status).toBe(200)
  expect((await ask(two, { statementId: ownTarget })).status).toBe(404)
  const relations = await xapi.storage.tenant('main').statements.relations(foreignTarget)
  expect(relations.voiders).toEqual([{ id: voids[0], source: 'two', effective: false }])
})

test('XAPI-00016: a voiding statement is never voided', async () => {
  const [target = ''] = await store(all, [someStatement()])
  const [voiding = ''] = await store(all, [voidOf(target)])
  const answer = await all.request('post', path).send(voidOf(voiding))
  expect([answer.status, answer.body.problems[0].id]).toEqual([400, 'void-voiding'])
  expect((await ask(all, { statementId: voiding })).status).toBe(200)
})

test('a credential without define sends definitions that define nothing', async () => {
  const activity = `http://example.vn/activities/${crypto.randomUUID()}`
  const object = (name: string) => ({ id: activity, definition: { name: { 'vi-VN': name } } })
  const plain = await xapi.issue(['statements/write'], 'Plain')
  await store(plain, [someStatement({ object: object('không được nghe') })])
  await store(all, [someStatement({ object: object('được nghe') })])
  const { body } = await all.request('get', '/xapi/activities').query({ activityId: activity })
  expect(body.definition.name).toEqual({ 'vi-VN': 'được nghe' })
})

test('XAPI-00153: every answer of the resource carries Consistent-Through, refusals too', async () => {
  const [id = ''] = await store(all, [someStatement()])
  const answers = [
    await ask(all, {}),
    await ask(all, { statementId: id }),
    await ask(all, { statementId: crypto.randomUUID() }),
    await ask(all, { limit: 'many' }),
    await all.request('post', path).send({}),
    await all.request('post', path).set('Content-Type', 'text/plain').send('x'),
  ]
  for (const { headers } of answers) {
    expect(new Date(headers['x-experience-api-consistent-through'] ?? '').getTime()).toBeGreaterThan(0)
  }
})

test('XAPI-00152: Consistent-Through is never before the stored of a statement listed', async () => {
  for (let times = 0; times < 10; times++) {
    await store(all, [someStatement()])
    const { headers, body } = await ask(all, { limit: '1' })
    const listed = (body as Listed).statements[0]
    expect(Date.parse(headers['x-experience-api-consistent-through'] ?? '')).toBeGreaterThanOrEqual(
      Date.parse(listed?.stored ?? ''),
    )
  }
})
