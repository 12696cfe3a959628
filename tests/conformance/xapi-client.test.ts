/** The client library `@xapi/xapi`, as content uses it, against the running server. */
import XAPI, { type Actor, type Agent, type Statement } from '@xapi/xapi'
import { describe, expect, it } from 'vitest'
import { clientOf, lrs } from './support/harness.ts'
import { activity, agents, minimal, uuid, verb } from './support/statements.ts'

/** Its types know 1.0.x; it sends whatever version it is given. */
const versions = ['1.0.0', '1.0.3', '2.0.0'] as const
const adapters = ['fetch', 'axios'] as const

function connect(version: (typeof versions)[number], adapter: (typeof adapters)[number]) {
  const { endpoint, key, secret } = lrs()
  return new XAPI.default({
    endpoint,
    auth: XAPI.default.toBasicAuth(key, secret),
    version: version as '1.0.3',
    adapter,
  })
}
/** Lists show what was stored a moment ago, not at once. */
const settled = () => clientOf('1.0.3').list({ limit: 1 })
const statementOf = (change: object = {}) => ({ ...minimal(), ...change }) as unknown as Statement

for (const adapter of adapters) {
  for (const version of versions) {
    describe(`@xapi/xapi by ${adapter}, version ${version}`, () => {
      it('sends a statement and gets it back', async () => {
        const xapi = connect(version, adapter)
        const { data } = await xapi.sendStatement({ statement: statementOf() })
        const got = await xapi.getStatement({ statementId: data[0]! })
        expect(got.data).toMatchObject({ id: data[0], ...minimal() })
      })

      it('sends a batch, queries it and pages through it', async () => {
        const xapi = connect(version, adapter)
        const own = verb(uuid())
        const statements = Array.from({ length: 5 }, () => statementOf({ verb: own }))
        const { data: ids } = await xapi.sendStatements({ statements })
        expect(ids).toHaveLength(5)
        await settled()
        const first = await xapi.getStatements({ verb: own.id, limit: 2, ascending: true })
        const second = await xapi.getMoreStatements({ more: first.data.more! })
        const third = await xapi.getMoreStatements({ more: (second.data as { more: string }).more })
        const seen = [first, second, third].flatMap(
          ({ data }) => (data as { statements: Statement[] }).statements,
        )
        expect(seen.map(({ id }) => id).sort()).toEqual([...ids].sort())
        expect((third.data as { more?: string }).more ?? '').toBe('')
        const wide = await xapi.getStatements({
          agent: agents.mbox() as Agent,
          verb: own.id,
          related_agents: true,
          since: '2026-01-01T00:00:00Z',
          format: 'ids',
        })
        expect(wide.data.statements).toHaveLength(5)
      })

      // By axios under Node the library names another content type than multipart/mixed.
      const attachmentsTest = adapter === 'fetch' ? it : undefined
      attachmentsTest?.('sends attachments and gets them back', async () => {
        const xapi = connect(version, adapter)
        const content = new TextEncoder().encode(`chứng nhận ${uuid()}`)
        const digest = await crypto.subtle.digest('SHA-256', content)
        const statement = statementOf({
          attachments: [
            {
              usageType: XAPI.default.AttachmentUsages.CERTIFICATE_OF_COMPLETION,
              display: { vi: 'Giấy chứng nhận' },
              contentType: 'text/plain',
              length: content.length,
              sha2: Buffer.from(digest).toString('hex'),
            },
          ],
        })
        const attachments = [content.buffer as ArrayBuffer]
        const { data: ids } = await xapi.sendStatement({ statement, attachments })
        const got = await xapi.getStatement({ statementId: ids[0]!, attachments: true })
        expect(got.data[0]).toMatchObject({ id: ids[0] })
        expect(Buffer.from(got.data[1] as unknown as string).toString()).toBe(Buffer.from(content).toString())
      })

      it('voids statements', async () => {
        const xapi = connect(version, adapter)
        const { data: ids } = await xapi.sendStatements({ statements: [statementOf(), statementOf()] })
        const actor = agents.mbox() as Actor
        await xapi.voidStatement({ actor, statementId: ids[0]! })
        await xapi.voidStatements({ actor, statementIds: [ids[1]!] })
        for (const id of ids) {
          expect((await xapi.getVoidedStatement({ voidedStatementId: id })).data).toMatchObject({ id })
          await expect(xapi.getStatement({ statementId: id })).rejects.toThrow()
        }
      })

      it('keeps state', async () => {
        const xapi = connect(version, adapter)
        const context = {
          agent: agents.account(uuid()) as Agent,
          activityId: activity().id,
          registration: uuid(),
        }
        await xapi.createState({ ...context, stateId: 'resume', state: { page: 1 } })
        await xapi.createState({ ...context, stateId: 'resume', state: { done: true } })
        const { data, headers } = await xapi.getState({ ...context, stateId: 'resume' })
        expect(data).toEqual({ page: 1, done: true })
        const etag = (headers as Record<string, string>).etag!
        await xapi.setState({
          ...context,
          stateId: 'resume',
          state: { page: 2 },
          etag,
          matchHeader: 'If-Match',
        })
        expect((await xapi.getState({ ...context, stateId: 'resume' })).data).toEqual({ page: 2 })
        expect((await xapi.getStates(context)).data).toEqual(['resume'])
        await xapi.deleteState({ ...context, stateId: 'resume' })
        await xapi.createState({ ...context, stateId: 'other', state: { a: 1 } })
        await xapi.deleteStates(context)
        expect((await xapi.getStates(context)).data).toEqual([])
      })

      it('keeps agent profiles, guarded by ETag', async () => {
        const xapi = connect(version, adapter)
        const agent = agents.account(uuid()) as Agent
        const of = { agent, profileId: 'preferences' }
        await xapi.createAgentProfile({ ...of, profile: { language: 'vi' } })
        const { data, headers } = await xapi.getAgentProfile(of)
        expect(data).toEqual({ language: 'vi' })
        const etag = (headers as Record<string, string>).etag!
        await xapi.setAgentProfile({ ...of, profile: { language: 'en' }, etag, matchHeader: 'If-Match' })
        const stale = xapi.setAgentProfile({ ...of, profile: {}, etag, matchHeader: 'If-Match' })
        await expect(stale).rejects.toThrow(adapter === 'axios' ? /412/ : /If-Match/)
        expect((await xapi.getAgentProfiles({ agent })).data).toEqual(['preferences'])
        await xapi.deleteAgentProfile(of)
        expect((await xapi.getAgentProfiles({ agent })).data).toEqual([])
      })

      it('keeps activity profiles, guarded by ETag', async () => {
        const xapi = connect(version, adapter)
        const of = { activityId: activity(uuid()).id, profileId: 'settings' }
        await xapi.setActivityProfile({ ...of, profile: { a: 1 }, etag: '*', matchHeader: 'If-None-Match' })
        const { data, headers } = await xapi.getActivityProfile(of)
        expect(data).toEqual({ a: 1 })
        const etag = (headers as Record<string, string>).etag!
        await xapi.setActivityProfile({ ...of, profile: { a: 2 }, etag, matchHeader: 'If-Match' })
        expect((await xapi.getActivityProfile(of)).data).toEqual({ a: 2 })
        await xapi.deleteActivityProfile(of)
        expect((await xapi.getActivityProfiles({ activityId: of.activityId })).data).toEqual([])
      })

      it('asks for agents, activities and the server itself', async () => {
        const xapi = connect(version, adapter)
        const [agent, object] = [agents.account(uuid()), activity(uuid())]
        await xapi.sendStatement({ statement: statementOf({ actor: agent, object }) })
        expect((await xapi.getAgent({ agent: agent as Agent })).data).toMatchObject({
          objectType: 'Person',
          account: [agent.account],
        })
        expect((await xapi.getActivity({ activityId: object.id })).data).toEqual(object)
        expect((await xapi.getAbout()).data.version).toEqual(expect.arrayContaining(['1.0.3', '2.0.0']))
      })

      it('is told what is wrong', async () => {
        const xapi = connect(version, adapter)
        const wrong = xapi.sendStatement({ statement: statementOf({ verb: { id: 'done' } }) })
        await expect(wrong).rejects.toThrow(adapter === 'axios' ? /400/ : /id of the verb/)
      })
    })
  }
}
