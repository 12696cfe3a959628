import { createHash, randomUUID } from 'node:crypto'
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

const YES = 'mailto:yes@example.vn'
const NO = 'mailto:no@example.vn'
/** Agreed for what the source `one` sends. */
const PART = 'mailto:part@example.vn'
const GROUP = 'mailto:group@example.vn'

let xapi: TestXapi
/** Its statements are asked for by others. */
let one: TestClient
let two: TestClient
let reader: TestClient
let asked: string[][] = []
let pages = 0
const foreign: ForeignRead[] = []
beforeAll(async () => {
  xapi = await startXapi({
    page: { statements: 20 },
    onForeignRead: (read) => foreign.push(read),
    mayShowOf: () => async (agents) => {
      asked.push([...agents])
      const shown = new Map<string, (source: string) => boolean>([
        [`mbox:${YES}`, () => true],
        [`mbox:${PART}`, (source: string) => source === 'one'],
      ])
      return new Map([...shown].filter(([agent]) => agents.includes(agent)))
    },
    storage: (real) => ({
      ...real,
      tenant(id) {
        const store = real.tenant(id)
        const { statements } = store
        const queryTexts: typeof statements.queryTexts = (query) => {
          pages++
          return statements.queryTexts(query)
        }
        return { ...store, statements: { ...statements, queryTexts } }
      },
    }),
  })
  one = await xapi.issue(DEFAULT_SCOPES, 'One')
  two = await xapi.issue(DEFAULT_SCOPES, 'Two')
  reader = await xapi.issue(['all/read'], 'Two')
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const path = '/xapi/statements'
type Listed = { statements: { id: string }[]; more: string }
const newVerb = () => ({ id: `http://example.vn/verbs/${randomUUID()}` })
const agent = (mbox: string) => ({ objectType: 'Agent', mbox })

async function store(client: TestClient, ...statements: Record<string, unknown>[]): Promise<string[]> {
  const answer = await client.request('post', path).send(statements)
  expect([answer.status, answer.body.problems]).toEqual([200, undefined])
  await settled(xapi.storage)
  return answer.body
}
const ask = (client: TestClient, query: Record<string, string>) => client.request('get', path).query(query)
async function listed(client: TestClient, query: Record<string, string>): Promise<string[]> {
  const { statements, more } = (await ask(client, query)).body as Listed
  expect(more).toBe('')
  return statements.map(({ id }) => id)
}

test('others see what everybody agreed to of whom it tells; the source sees its own', async () => {
  const verb = newVerb()
  const member = [agent(YES), agent(NO)]
  const shown = await store(
    one,
    someStatement({ verb, actor: agent(YES) }),
    someStatement({ verb, actor: agent(PART) }),
    someStatement({ verb, actor: { objectType: 'Group', member: [agent(YES), agent(PART)] } }),
    // Who teaches is not told of.
    someStatement({ verb, actor: agent(YES), context: { instructor: agent(NO) } }),
  )
  const kept = await store(
    one,
    someStatement({ verb, actor: agent(NO) }),
    someStatement({ verb, actor: { objectType: 'Group', member } }),
    someStatement({ verb, actor: { objectType: 'Group', mbox: GROUP, member: [agent(YES)] } }),
    someStatement({ verb, actor: agent(YES), object: agent(NO) }),
  )
  for (const id of shown) expect((await ask(reader, { statementId: id })).status).toBe(200)
  for (const id of kept) expect((await ask(reader, { statementId: id })).status).toBe(404)
  for (const id of [...shown, ...kept]) expect((await ask(one, { statementId: id })).status).toBe(200)
  expect(await listed(reader, { verb: verb.id, ascending: 'true' })).toEqual(shown)
  expect(await listed(one, { verb: verb.id, ascending: 'true' })).toEqual([...shown, ...kept])

  const [elsewhere = ''] = await store(two, someStatement({ verb, actor: agent(PART) }))
  expect((await ask(await xapi.issue(['all'], 'Three'), { statementId: elsewhere })).status).toBe(404)
})

test('nor asked for by whom they tell of, by what refers to them, when voided, or with their attachments', async () => {
  const verb = newVerb()
  const content = 'ảnh của người khác'
  const sha2 = createHash('sha256').update(content).digest('hex')
  const attachment = { contentType: 'text/plain', length: Buffer.byteLength(content), sha2 }
  const words = { usageType: 'http://example.vn/photo', display: { vi: 'Ảnh' } }
  const hidden = someStatement({
    id: randomUUID(),
    verb,
    actor: agent(NO),
    attachments: [{ ...attachment, ...words }],
  })
  const boundary = 'abc'
  const part = (head: string, body: string) => `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`
  const sent = await one
    .request('post', path)
    .set('Content-Type', `multipart/mixed; boundary=${boundary}`)
    .send(
      part('Content-Type: application/json', JSON.stringify(hidden)) +
        part(
          `Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2}`,
          content,
        ) +
        `--${boundary}--\r\n`,
    )
  expect(sent.status).toBe(200)
  const id = String(hidden.id)
  const [reference = ''] = await store(
    two,
    someStatement({ verb: newVerb(), actor: agent(YES), object: { objectType: 'StatementRef', id } }),
  )
  const byAgent = { agent: JSON.stringify({ mbox: NO }), since: '2000-01-01T00:00:00Z' }
  expect(await listed(one, byAgent)).toContain(id)
  expect(await listed(reader, byAgent)).toEqual([])
  expect(await listed(reader, { agent: JSON.stringify({ mbox: YES }) })).toContain(reference)
  expect(await listed(reader, { ...byAgent, related_agents: 'true', verb: verb.id })).not.toContain(id)

  foreign.length = 0
  for (const query of [{ statementId: id }, { verb: verb.id, agent: byAgent.agent }]) {
    const answer = await ask(reader, { ...query, attachments: 'true' }).buffer()
    expect(String(answer.text ?? answer.body)).not.toContain(content)
  }
  await store(
    one,
    someStatement({
      verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
      actor: agent(NO),
      object: { objectType: 'StatementRef', id },
    }),
  )
  expect((await ask(one, { voidedStatementId: id })).status).toBe(200)
  expect((await ask(reader, { voidedStatementId: id })).status).toBe(404)
  // What was not shown was not read.
  expect(foreign).toEqual([])
})

test('whom a reading told of is said, whoever was asked for', async () => {
  const verb = newVerb()
  const context = { instructor: { ...agent(NO), name: 'Cô Giáo' } }
  await store(one, someStatement({ verb, actor: { ...agent(YES), name: 'Lan' }, context }))
  foreign.length = 0
  const instructor = JSON.stringify({ mbox: NO })
  expect(await listed(reader, { agent: instructor, related_agents: 'true', verb: verb.id })).toHaveLength(1)
  await reader.request('get', '/xapi/agents').query({ agent: JSON.stringify({ mbox: YES }) })
  const told = [{ agent: `mbox:${YES}`, source: 'one' }]
  expect(await Promise.all(foreign.map((read) => read.told?.()))).toEqual([told, told])
})

test('nor the names that others gave them', async () => {
  await store(
    one,
    someStatement({ actor: { ...agent(NO), name: 'Không Ai' } }),
    someStatement({ actor: { ...agent(PART), name: 'Một Phần' } }),
  )
  await store(two, someStatement({ actor: { ...agent(NO), name: 'Tự Ghi' } }))
  const person = async (mbox: string) =>
    (await reader.request('get', '/xapi/agents').query({ agent: JSON.stringify({ mbox }) })).body.name
  expect(await person(NO)).toEqual(['Tự Ghi'])
  expect(await person(PART)).toEqual(['Một Phần'])
})

test('what is a source’s own takes one question to the store, and none about anybody', async () => {
  const verb = newVerb()
  const [id = ''] = await store(one, someStatement({ verb, actor: agent(NO) }))
  const wide = await xapi.issue(['all'], 'One')
  asked = []
  for (const query of [{ verb: verb.id }, { verb: verb.id, agent: JSON.stringify({ mbox: NO }) }]) {
    pages = 0
    expect(await listed(wide, query)).toEqual([id])
    expect(pages).toBe(1)
  }
  expect((await ask(wide, { statementId: id })).status).toBe(200)
  expect(asked).toEqual([])
})

test('a page is looked for in what may not be shown, so far and no farther, and more goes on behind', async () => {
  const verb = newVerb()
  const hidden = (count: number) =>
    Array.from({ length: count }, () => someStatement({ verb, actor: agent(NO) }))
  const shown = () => someStatement({ verb, actor: agent(YES) })
  const ids = [
    ...(await store(one, shown())),
    ...(await store(one, ...hidden(1_300), shown(), shown())).slice(-2),
    ...(await store(one, ...hidden(30), shown())).slice(-1),
  ]
  const follow = async (limit: string) => {
    const found: string[][] = []
    const first: Listed = (await ask(reader, { verb: verb.id, ascending: 'true', limit })).body
    for (let page = first; ; page = (await reader.request('get', page.more)).body) {
      found.push(page.statements.map(({ id }) => id))
      if (page.more === '') return found
    }
  }
  pages = 0
  expect(await follow('0')).toEqual([ids.slice(0, 1), ids.slice(1)])
  expect(pages).toBeLessThan(10)
  expect((await follow('2')).flat()).toEqual(ids)
})
