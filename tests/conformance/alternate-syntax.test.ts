/** The alternate request syntax of 1.0.3: a request in a form, for browsers of old. */
import { expect } from 'vitest'
import { documentOf, documentResources } from './support/documents.ts'
import { lrs } from './support/harness.ts'
import { requirement } from './support/requirement.ts'
import { minimal, uuid } from './support/statements.ts'

const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

requirement('XAPI-00336 XAPI-00148', 'answers a GET in a form', async (xapi) => {
  const answer = await xapi.request('POST', '/statements', {
    query: { method: 'GET' },
    ...form({ limit: '1' }),
  })
  expect(answer.status, answer.text).toBe(200)
  expect(answer.body.statements).toBeInstanceOf(Array)
})
requirement('XAPI-00336', 'stores by a PUT in a form, its headers in the form too', async (xapi) => {
  const id = uuid()
  const { key, secret } = lrs()
  const content = JSON.stringify(minimal())
  const { body, headers } = form({
    statementId: id,
    content,
    Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
    'X-Experience-API-Version': '1.0.3',
    'Content-Type': 'application/json',
    'Content-Length': String(content.length),
  })
  const answer = await xapi.request('POST', '/statements', {
    query: { method: 'PUT' },
    body,
    headers: { ...headers, authorization: null, 'x-experience-api-version': null },
  })
  expect(answer.status, answer.text).toBe(204)
  expect((await xapi.fetch(id)).id).toBe(id)
})
requirement('XAPI-00336', 'does documents in a form, with If-Match', async (xapi) => {
  const query = documentOf(documentResources.agentProfile)
  const fields = { agent: JSON.stringify(query.agent), profileId: String(query.profileId) }
  const send = (method: string, more: Record<string, string> = {}) =>
    xapi.request('POST', '/agents/profile', { query: { method }, ...form({ ...fields, ...more }) })
  expect(
    (await send('PUT', { content: '{"a":1}', 'Content-Type': 'application/json', 'If-None-Match': '*' }))
      .status,
  ).toBe(204)
  expect((await send('GET')).body).toEqual({ a: 1 })
  expect((await send('POST', { content: '{"b":2}', 'Content-Type': 'application/json' })).status).toBe(204)
  expect((await send('DELETE', { 'If-Match': '"0"' })).status).toBe(412)
  expect((await send('DELETE')).status).toBe(204)
  expect((await send('GET')).status).toBe(404)
})
for (const [text, method, query, fields] of [
  [
    'a version it does not know in the form',
    'POST',
    { method: 'PUT' },
    { 'X-Experience-API-Version': '0.8' },
  ],
  ['another parameter in the URL', 'POST', { method: 'PUT', statementId: uuid() }, {}],
  ['PUT as the HTTP method', 'PUT', { method: 'POST' }, {}],
  ['a method there is not', 'POST', { method: 'PATCH' }, {}],
] as const) {
  requirement('XAPI-00336', `refuses a form with ${text}`, async (xapi) => {
    const answer = await xapi.request(method, '/statements', {
      query,
      ...form({ statementId: uuid(), content: JSON.stringify(minimal()), ...fields }),
    })
    expect(answer.status, answer.text).toBe(400)
  })
}
requirement('XAPI-00336', 'refuses a form without content', async (xapi) => {
  const answer = await xapi.request('POST', '/statements', {
    query: { method: 'PUT' },
    ...form({ statementId: uuid() }),
  })
  expect(answer.status, answer.text).toBe(400)
})
