/** Credentials, scopes, sizes and content types. */
import { expect } from 'vitest'
import { documentOf, documentResources } from './support/documents.ts'
import { clientWith, lrs } from './support/harness.ts'
import { paths, reads } from './support/reads.ts'
import { requirement } from './support/requirement.ts'
import { minimal } from './support/statements.ts'

requirement('XAPI-00335 XAPI2-4.1.8-authority', 'understands HTTP Basic', async (xapi) => {
  const { key, secret } = lrs()
  const basic = Buffer.from(`${key}:${secret}`).toString('base64')
  const answer = await xapi.get('/statements', { limit: 1 }, { headers: { authorization: `Basic ${basic}` } })
  expect(answer.status).toBe(200)
})
requirement('XAPI-00334 XAPI2-4.1.1-authorization', 'refuses missing and wrong credentials', async (xapi) => {
  const wrong = Buffer.from(`${lrs().key}:wrong`).toString('base64')
  const nobody = Buffer.from('nobody:wrong').toString('base64')
  for (const authorization of [null, `Basic ${wrong}`, `Basic ${nobody}`, 'Basic', 'Bearer x', 'x']) {
    for (const path of paths) {
      const answer = await xapi.get(path, {}, { headers: { authorization } })
      expect(answer.status, `${path} ${authorization}`).toBe(401)
      expect(answer.headers.get('www-authenticate')).toMatch(/Basic/)
    }
    const post = await xapi.post('/statements', minimal(), { headers: { authorization } })
    expect(post.status).toBe(401)
  }
})

requirement(
  'XAPI-00327 XAPI2-4.1.5-forbidden',
  'refuses what the credential does not permit',
  async (xapi) => {
    const reader = await clientWith(xapi.version, ['statements/read'])
    expect((await reader.get('/statements', { limit: 1 })).status).toBe(200)
    expect((await reader.post('/statements', minimal())).status).toBe(403)
    const writer = await clientWith(xapi.version, ['statements/write'])
    expect((await writer.post('/statements', minimal())).status).toBe(200)
    for (const [path, query] of (await reads(xapi)).filter(
      ([path]) => path === '/statements' || path.includes('profile') || path.includes('state'),
    ))
      expect((await writer.get(path, query)).status, path).toBe(403)
  },
)

requirement('XAPI-00328 XAPI2-4.1.5-too-large', 'refuses what is larger than the limit', async (xapi) => {
  const response = 'x'.repeat(lrs().limits.statementsBytes)
  const statement = await xapi.post('/statements', { ...minimal(), result: { response } })
  expect(statement.status).toBe(413)
  expect(statement.text).toContain(String(lrs().limits.statementsBytes))
  const document = new Uint8Array(lrs().limits.documentBytes + 1)
  const query = documentOf(documentResources.state)
  const headers = { 'content-type': 'application/octet-stream' }
  expect((await xapi.put('/activities/state', query, document, { headers })).status).toBe(413)
  const within = await xapi.put('/activities/state', query, document.subarray(1), { headers })
  expect(within.status, within.text).toBe(204)
})

requirement(
  'XAPI-00127 XAPI2-4.1.1-content-type',
  'refuses statements of another content type',
  async (xapi) => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', null]) {
      const answer = await xapi.post('/statements', JSON.stringify(minimal()), {
        headers: { 'content-type': type },
      })
      expect(answer.status, `${type} ${answer.text}`).toBe(400)
    }
    const answer = await xapi.post('/statements', minimal(), {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    })
    expect(answer.status, answer.text).toBe(200)
  },
)
