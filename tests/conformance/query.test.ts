/** GET /statements: filters, order, pages, references. */
import { expect } from 'vitest'
import type { Answer, Client } from './support/client.ts'
import { requirement } from './support/requirement.ts'
import {
  activity,
  agents,
  anonymousGroup,
  contextAgent,
  contextGroup,
  group,
  minimal,
  statementRef,
  subStatement,
  uuid,
  verb,
  voiding,
} from './support/statements.ts'

const idsOf = (answer: Answer): string[] =>
  answer.body.statements.map((statement: { id: string }) => statement.id)
const reversed = (ids: string[]) => [...ids].reverse()

/** Statements with a verb of their own, so that no other test's can be found with them. */
function scene() {
  const own = verb(uuid())
  return {
    verb: own.id,
    store: (xapi: Client, ...changes: object[]) =>
      xapi.store(changes.map((change) => ({ ...minimal(), verb: own, ...change }))),
  }
}

requirement(
  'XAPI-00159 XAPI-00154 XAPI-00113 XAPI-00110 XAPI2-4.1.6.1-get',
  'answers with a StatementResult, newest first',
  async (xapi) => {
    const { verb, store } = scene()
    const first = await store(xapi, {}, {})
    const second = await store(xapi, {})
    const answer = await xapi.list({ verb })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body.statements).toBeInstanceOf(Array)
    expect(Object.keys(answer.body).sort()).toEqual(['more', 'statements'])
    expect(idsOf(answer)[0]).toBe(second[0])
    expect(idsOf(answer).slice(1).sort()).toEqual([...first].sort())
  },
)

requirement(
  'XAPI-00156 XAPI-00158 XAPI2-4.1.6.1-statement-id',
  'answers with one statement',
  async (xapi) => {
    const [id] = await xapi.store(minimal())
    const answer = await xapi.get('/statements', { statementId: id })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ id, actor: minimal().actor })
    expect((await xapi.get('/statements', { statementId: id!.toUpperCase() })).body.id).toBe(id)
    expect((await xapi.get('/statements', { statementId: uuid() })).status).toBe(404)
  },
)

requirement(
  'XAPI-00155 XAPI-00157 XAPI2-4.1.6.1-voided-statement-id',
  'answers with one voided statement',
  async (xapi) => {
    const [id] = await xapi.store(minimal())
    await xapi.store(voiding(id!))
    const answer = await xapi.get('/statements', { voidedStatementId: id })
    expect(answer.status).toBe(200)
    expect(answer.body.id).toBe(id)
  },
)

requirement(
  'XAPI-00149 XAPI-00112 XAPI2-4.1.6.1-nothing-found',
  'answers 200 when nothing matches',
  async (xapi) => {
    const answer = await xapi.list({ verb: `urn:uuid:${uuid()}` })
    expect(answer.status).toBe(200)
    expect(answer.body.statements).toEqual([])
    expect(answer.body.more ?? '').toBe('')
  },
)

requirement('XAPI-00180 XAPI-00164 XAPI2-4.1.6.1-verb', 'filters by verb', async (xapi) => {
  const { verb, store } = scene()
  const [id] = await store(xapi, {})
  await xapi.store(minimal())
  expect(idsOf(await xapi.list({ verb }))).toEqual([id])
})

requirement('XAPI-00179 XAPI-00164 XAPI2-4.1.6.1-activity', 'filters by activity', async (xapi) => {
  const object = activity(uuid())
  const [id] = await xapi.store({ ...minimal(), object })
  await xapi.store({ ...minimal(), context: { contextActivities: { parent: [object] } } })
  expect(idsOf(await xapi.list({ activity: object.id }))).toEqual([id])
})

requirement('XAPI-00178 XAPI-00164 XAPI2-4.1.6.1-registration', 'filters by registration', async (xapi) => {
  const registration = uuid()
  const [id] = await xapi.store({ ...minimal(), context: { registration } })
  await xapi.store(minimal())
  expect(idsOf(await xapi.list({ registration }))).toEqual([id])
  expect(idsOf(await xapi.list({ registration: registration.toUpperCase() }))).toEqual([id])
})

for (const kind of ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const) {
  requirement('XAPI-00181 XAPI-00164 XAPI2-4.1.6.1-agent', `filters by an agent's ${kind}`, async (xapi) => {
    const { verb, store } = scene()
    const actor = agents[kind](`x${uuid()}`)
    const [asActor, asObject, asMember, asObjectMember] = await store(
      xapi,
      { actor },
      { object: actor },
      { actor: anonymousGroup(agents.mbox(), actor) },
      { object: group('to', [actor]) },
    )
    await store(xapi, {}, { authority: actor }, { context: { instructor: actor } })
    const { name: _, ...agent } = actor
    const found = await xapi.list({ agent, verb, ascending: true })
    expect(idsOf(found).sort()).toEqual([asActor, asObject, asMember, asObjectMember].sort())
  })
}

requirement('XAPI-00181 XAPI2-4.1.6.1-agent', 'filters by an identified group', async (xapi) => {
  const { verb, store } = scene()
  const actor = group(`to-${uuid()}`)
  const [id] = await store(xapi, { actor })
  await store(xapi, {})
  expect(idsOf(await xapi.list({ agent: { objectType: 'Group', mbox: actor.mbox }, verb }))).toEqual([id])
})

requirement('XAPI-00176 XAPI2-4.1.6.1-related-agents', 'widens by related_agents', async (xapi) => {
  const { verb, store } = scene()
  const agent = agents.account(uuid())
  const sub = { ...subStatement(xapi.version), actor: agent }
  const wide = [
    { actor: agent },
    { object: agent },
    { context: { instructor: agent } },
    { context: { team: group('to', [agent]) } },
    { object: sub },
    ...(xapi.version === '2.0.0'
      ? [
          { context: { contextAgents: [{ ...contextAgent(), agent }] } },
          { context: { contextGroups: [{ ...contextGroup(), group: group('to', [agent]) }] } },
        ]
      : []),
  ]
  const ids = await store(xapi, ...wide)
  await store(xapi, {})
  expect(idsOf(await xapi.list({ agent, verb })).sort()).toEqual(ids.slice(0, 2).sort())
  expect(idsOf(await xapi.list({ agent, verb, related_agents: false })).sort()).toEqual(
    ids.slice(0, 2).sort(),
  )
  expect(idsOf(await xapi.list({ agent, verb, related_agents: true })).sort()).toEqual([...ids].sort())
  const { authority } = await xapi.fetch(ids[0]!)
  expect(idsOf(await xapi.list({ agent: authority, verb, related_agents: true }))).toHaveLength(
    ids.length + 1,
  )
})

requirement('XAPI-00177 XAPI2-4.1.6.1-related-activities', 'widens by related_activities', async (xapi) => {
  const { verb, store } = scene()
  const object = activity(uuid())
  const places = ['parent', 'grouping', 'category', 'other'] as const
  const ids = await store(
    xapi,
    { object },
    ...places.map((place) => ({ context: { contextActivities: { [place]: [object] } } })),
    { object: subStatement(xapi.version, object) },
  )
  await store(xapi, {})
  expect(idsOf(await xapi.list({ activity: object.id, verb }))).toEqual([ids[0]])
  const wide = await xapi.list({ activity: object.id, verb, related_activities: true })
  expect(idsOf(wide).sort()).toEqual([...ids].sort())
})

requirement('XAPI-00164 XAPI2-4.1.6.1-get', 'applies all filters together', async (xapi) => {
  const { verb, store } = scene()
  const [agent, object] = [agents.mbox(`x${uuid()}`), activity(uuid())]
  const [both] = await store(xapi, { actor: agent, object }, { actor: agent }, { object })
  expect(idsOf(await xapi.list({ agent, activity: object.id, verb }))).toEqual([both])
})

requirement(
  'XAPI-00175 XAPI-00174 XAPI2-4.1.6.1-since XAPI2-4.1.6.1-until',
  'bounds by since and until',
  async (xapi) => {
    const { verb, store } = scene()
    const ids: string[] = []
    for (let n = 0; n < 3; n++) {
      ids.push((await store(xapi, {}))[0]!)
      await new Promise((done) => setTimeout(done, 3))
    }
    const { stored } = await xapi.fetch(ids[1]!)
    expect(idsOf(await xapi.list({ verb, since: stored }))).toEqual([ids[2]])
    expect(idsOf(await xapi.list({ verb, until: stored }))).toEqual([ids[1], ids[0]])
    expect(idsOf(await xapi.list({ verb, since: stored, until: stored }))).toEqual([])
  },
)

requirement('XAPI-00166 XAPI2-4.1.6.1-ascending', 'turns the order round', async (xapi) => {
  const { verb, store } = scene()
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.push(...(await store(xapi, {})))
  expect(idsOf(await xapi.list({ verb, ascending: true }))).toEqual(ids)
  expect(idsOf(await xapi.list({ verb, ascending: true, limit: 2 }))).toEqual(ids.slice(0, 2))
  expect(idsOf(await xapi.list({ verb, ascending: false }))).toEqual(reversed(ids))
})

requirement('XAPI-00173 XAPI2-4.1.6.1-limit', 'bounds the page by limit', async (xapi) => {
  const { verb, store } = scene()
  const ids = await store(xapi, {}, {}, {})
  expect(idsOf(await xapi.list({ verb, limit: 2 }))).toHaveLength(2)
  expect(idsOf(await xapi.list({ verb, limit: 0 })).sort()).toEqual([...ids].sort())
})

requirement(
  'XAPI-00114 XAPI-00108 XAPI-00111 XAPI-00109 XAPI2-4.1.6.1-more',
  'leads through all pages',
  async (xapi) => {
    const { verb, store } = scene()
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push((await store(xapi, {}))[0]!)
    const seen: string[] = []
    let answer = await xapi.list({ verb, limit: 2 })
    for (let page = 0; page < 3; page++) {
      seen.push(...idsOf(answer))
      if (page === 2) break
      expect(answer.body.more).not.toBe('')
      await store(xapi, {})
      const { pathname, search } = new URL(answer.body.more, xapi.endpoint)
      const path = pathname.slice(new URL(xapi.endpoint).pathname.length)
      answer = await xapi.get(path + search)
      expect(answer.status, answer.text).toBe(200)
    }
    expect(seen).toEqual(reversed(ids))
    expect(answer.body.more ?? '').toBe('')
  },
)

requirement(
  'XAPI2-4.1.6.1-statement-refs XAPI-00164',
  'finds what refers to a match, along the chain',
  async (xapi) => {
    const { verb, store } = scene()
    const [target] = await store(xapi, {})
    const [comment] = await xapi.store({ ...minimal('binh'), object: statementRef(target) })
    const [reply] = await xapi.store({ ...minimal('chi'), object: statementRef(comment) })
    await xapi.store({ ...minimal('chi'), context: { statement: statementRef(target) } })
    expect(idsOf(await xapi.list({ verb }))).toEqual([reply, comment, target])
  },
)

requirement(
  'XAPI2-4.1.6.1-statement-refs XAPI-00164',
  'finds through a cycle, and a target that came late',
  async (xapi) => {
    const { verb, store } = scene()
    const [a, b] = [uuid(), uuid()]
    await xapi.store({ ...minimal(), id: a, object: statementRef(b) })
    await store(xapi, { id: b, object: statementRef(a) })
    expect(idsOf(await xapi.list({ verb }))).toEqual([b, a])
  },
)

requirement(
  'XAPI2-4.1.6.1-statement-refs-time XAPI-00164',
  'bounds the referrer itself by time',
  async (xapi) => {
    const { verb, store } = scene()
    const [target] = await store(xapi, {})
    const { stored } = await xapi.fetch(target!)
    await new Promise((done) => setTimeout(done, 3))
    const [comment] = await xapi.store({ ...minimal('binh'), object: statementRef(target) })
    expect(idsOf(await xapi.list({ verb, since: stored }))).toEqual([comment])
    expect(idsOf(await xapi.list({ verb, until: stored }))).toEqual([target])
    expect(idsOf(await xapi.list({ verb, limit: 1 }))).toEqual([comment])
  },
)
