/** Which parameters of GET /statements go together, and their formats. */
import { expect } from 'vitest'
import type { Client } from './support/client.ts'
import { requirement } from './support/requirement.ts'
import { agents, minimal, uuid, voiding } from './support/statements.ts'

const filters = {
  agent: agents.mbox(),
  verb: 'https://hoc.example/verbs/completed',
  activity: 'https://hoc.example/activities/1',
  registration: uuid(),
  related_activities: true,
  related_agents: true,
  since: '2026-03-01T08:30:00Z',
  until: '2026-03-01T08:30:00Z',
  limit: 1,
  ascending: true,
}
for (const [ids, name] of [
  ['XAPI-00151 XAPI2-4.1.6.1-id-with-filters', 'statementId'],
  ['XAPI-00150 XAPI2-4.1.6.1-id-with-filters', 'voidedStatementId'],
] as const) {
  for (const [filter, value] of Object.entries(filters)) {
    requirement(ids, `refuses ${name} with ${filter}`, async (xapi) => {
      const id = await idFor(xapi, name)
      const answer = await xapi.get('/statements', { [name]: id, [filter]: value })
      expect(answer.status, answer.text).toBe(400)
    })
  }
  for (const [allowed, value] of Object.entries({ format: 'ids', attachments: false })) {
    requirement(ids, `accepts ${name} with ${allowed}`, async (xapi) => {
      const id = await idFor(xapi, name)
      const answer = await xapi.get('/statements', { [name]: id, [allowed]: value })
      expect(answer.status, answer.text).toBe(200)
    })
  }
}
async function idFor(xapi: Client, name: string): Promise<string> {
  const [id] = await xapi.store(minimal())
  if (name === 'voidedStatementId') await xapi.store(voiding(id!))
  return id!
}

requirement('XAPI-00151 XAPI2-4.1.6.1-both-ids', 'refuses both ids together', async (xapi) => {
  const [id] = await xapi.store(minimal())
  const answer = await xapi.get('/statements', { statementId: id, voidedStatementId: id })
  expect(answer.status, answer.text).toBe(400)
})

for (const [ids, name, value] of [
  ['XAPI2-4.1.6-parameter-format', 'agent', 'an'],
  ['XAPI2-4.1.6-parameter-format', 'agent', { objectType: 'Agent' }],
  ['XAPI2-4.1.6-parameter-format', 'agent', { mbox: 'an' }],
  ['XAPI2-4.1.6-parameter-null', 'agent', { ...agents.mbox(), name: null }],
  ['XAPI2-4.1.6-parameter-key', 'agent', { ...agents.mbox(), age: 7 }],
  ['XAPI2-4.1.6-parameter-key', 'agent', { Mbox: 'mailto:an@hoc.example' }],
  ['XAPI2-4.1.6-parameter-type', 'agent', { account: { homePage: 'https://hoc.example', name: 7 } }],
  ['XAPI2-4.1.6-parameter-scheme', 'agent', { account: { homePage: 'hoc.example', name: 'an' } }],
  ['XAPI2-4.1.6-parameter-scheme', 'verb', 'completed'],
  ['XAPI2-4.1.6-parameter-scheme', 'activity', 'lesson'],
  ['XAPI2-4.1.6-parameter-format', 'registration', 'one'],
  ['XAPI2-4.1.6-parameter-format', 'voidedStatementId', 'one'],
  ['XAPI2-4.1.6-parameter-format', 'since', 'today'],
  ['XAPI2-4.1.6-parameter-format', 'until', '2026-13-01T00:00:00Z'],
  ['XAPI2-4.1.6-parameter-type', 'limit', 'ten'],
  ['XAPI2-4.1.6-parameter-type', 'limit', -1],
  ['XAPI2-4.1.6-parameter-type', 'limit', 1.5],
  ['XAPI2-4.1.6-parameter-type', 'ascending', 'yes'],
  ['XAPI2-4.1.6-parameter-type', 'related_agents', '1'],
  ['XAPI2-4.1.6-parameter-type', 'related_activities', 'True'],
  ['XAPI2-4.1.6-parameter-type', 'attachments', 'no'],
  ['XAPI2-4.1.6-parameter-enumeration', 'format', 'IDS'],
  ['XAPI2-4.1.6-parameter-enumeration', 'format', 'short'],
] as const) {
  requirement(`XAPI-00012 ${ids}`, `refuses ${name}=${JSON.stringify(value)}`, async (xapi) => {
    const answer = await xapi.get('/statements', { [name]: value })
    expect(answer.status, answer.text).toBe(400)
    expect(answer.problems.map(({ path }) => path).join(' ')).toContain(name)
  })
}
