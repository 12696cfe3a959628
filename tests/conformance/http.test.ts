/** What holds for every resource: HEAD, versions, parameters, credentials, encoding, the alternate syntax. */
import { expect, it } from 'vitest'
import type { Client } from './support/client.ts'
import { documentOf, documentResources, storeDocument } from './support/documents.ts'
import { clientOf, clientWith, lrs } from './support/harness.ts'
import { requirement } from './support/requirement.ts'
import { activity, agents, minimal, uuid } from './support/statements.ts'

const paths = [
  '/statements',
  '/agents',
  '/activities',
  '/agents/profile',
  '/activities/profile',
  '/activities/state',
]

/** A GET of each resource that finds something. */
async function gets(xapi: Client): Promise<[path: string, query: Record<string, unknown>][]> {
  const [statementId] = await xapi.store(minimal())
  const documents = await Promise.all(
    Object.values(documentResources).map(async (resource) => {
      const query = documentOf(resource)
      await storeDocument(xapi, resource, query)
      return [resource.path, query] as [string, Record<string, unknown>]
    }),
  )
  return [
    ['/statements', { statementId }],
    ['/agents', { agent: agents.mbox() }],
    ['/activities', { activityId: activity().id }],
    ['/about', {}],
    ...documents,
  ]
}

requirement('XAPI-00139 XAPI-00140 XAPI2-4.1-resources', 'has every resource', async (xapi) => {
  for (const [path, query] of await gets(xapi)) expect((await xapi.get(path, query)).status, path).toBe(200)
  expect((await xapi.get('/nothing')).status).toBe(404)
})

requirement('XAPI-00125 XAPI-00126 XAPI2-4.1-head', 'answers HEAD as GET, without a body', async (xapi) => {
  for (const [path, query] of await gets(xapi)) {
    const [get, head] = [await xapi.get(path, query), await xapi.head(path, query)]
    expect(head.status, path).toBe(get.status)
    expect(head.bytes.length, path).toBe(0)
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified'])
      expect(head.headers.get(name), `${path} ${name}`).toBe(get.headers.get(name))
  }
  expect((await xapi.head('/statements', { statementId: uuid() })).status).toBe(404)
  expect((await xapi.head('/agents')).status).toBe(400)
})

requirement(
  'XAPI-00324 XAPI2-4.1.5-unknown-parameter',
  'refuses a parameter it does not know',
  async (xapi) => {
    for (const [path, query] of await gets(xapi)) {
      if (path === '/about') continue
      expect((await xapi.get(path, { ...query, color: 'red' })).status, path).toBe(400)
    }
    expect((await xapi.post('/statements', minimal(), { query: { color: 'red' } })).status).toBe(400)
  },
)

requirement(
  'XAPI-00325 XAPI2-4.1.5-parameter-case',
  'refuses a parameter in the wrong case',
  async (xapi) => {
    for (const [path, query] of await gets(xapi)) {
      for (const [name, value] of Object.entries(query)) {
        const { [name]: _, ...rest } = query
        const wrong = { ...rest, [name[0]!.toUpperCase() + name.slice(1)]: value }
        expect((await xapi.get(path, wrong)).status, `${path} ${name}`).toBe(400)
      }
    }
    for (const name of ['Verb', 'Limit', 'Since', 'Related_Agents', 'Format', 'Ascending', 'Attachments'])
      expect((await xapi.get('/statements', { [name]: 'x' })).status, name).toBe(400)
  },
)

requirement(
  'XAPI-00333 XAPI2-4.1.7-header',
  'names the latest patch version in every answer',
  async (xapi) => {
    const latest = xapi.version
    for (const [path, query] of await gets(xapi)) {
      const answer = await xapi.get(path, query)
      expect(answer.headers.get('x-experience-api-version'), path).toBe(latest)
    }
    const refused = await xapi.post('/statements', { actor: 7 })
    expect(refused.headers.get('x-experience-api-version')).toBe(latest)
    const unknown = await xapi.get('/nothing')
    expect(unknown.headers.get('x-experience-api-version')).toMatch(/^(1\.0\.3|2\.0\.0)$/)
  },
)

const version = (value: string | null) => ({ headers: { 'x-experience-api-version': value } })

requirement('XAPI-00321 XAPI-00331', 'refuses a request without a version', async (xapi) => {
  for (const [path, query] of await gets(xapi)) {
    const answer = await xapi.get(path, query, version(null))
    expect(answer.status, path).toBe(path === '/about' ? 200 : 400)
    expect(answer.headers.get('x-experience-api-version'), path).toMatch(/^(1\.0\.3|2\.0\.0)$/)
  }
})

for (const value of ['0.9', '0.95', '1.1.0', '1', 'one', '1.0.x']) {
  requirement('XAPI-00331', `refuses version ${value}`, async (xapi) => {
    for (const path of paths) {
      const answer = await xapi.get(path, {}, version(value))
      expect(answer.status, path).toBe(400)
      expect(answer.text).toMatch(/version/i)
    }
  })
}
for (const value of ['1.0', '1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.0.9']) {
  requirement('XAPI-00331 XAPI2-4.1.7-older', `takes version ${value} as 1.0.3`, async (xapi) => {
    const answer = await xapi.get('/statements', { limit: 1 }, version(value))
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('x-experience-api-version')).toBe('1.0.3')
  })
}
for (const value of ['0.9', '0.95']) {
  requirement(
    'XAPI2-4.1.7-older XAPI2-4.1.7-reason',
    `refuses version ${value}, and says why`,
    async (xapi) => {
      const answer = await xapi.get('/statements', {}, version(value))
      expect(answer.status).toBe(400)
      expect(answer.text).toMatch(/version/i)
    },
  )
}
for (const value of ['2.1.0', '2.1', '3.0.0']) {
  requirement(
    'XAPI2-4.1.7-newer XAPI2-4.1.7-reason',
    `refuses version ${value}, and says why`,
    async (xapi) => {
      const answer = await xapi.get('/statements', {}, version(value))
      expect(answer.status).toBe(400)
      expect(answer.text).toMatch(/version/i)
    },
  )
}
requirement('XAPI2-4.1.7-short-version', 'takes 2.0 as 2.0.0', async (xapi) => {
  const answer = await xapi.get('/statements', { limit: 1 }, version('2.0'))
  expect(answer.status, answer.text).toBe(200)
  expect(answer.headers.get('x-experience-api-version')).toBe('2.0.0')
})

requirement(
  'XAPI-00315 XAPI-00316 XAPI-00317 XAPI-00318 XAPI-00319 XAPI-00320 XAPI2-4.1.6.7-about',
  'tells its versions',
  async (xapi) => {
    const { status, body } = await xapi.get('/about')
    expect(status).toBe(200)
    expect(body.version).toEqual(expect.arrayContaining(['1.0.3', '2.0.0']))
    for (const told of body.version) expect(told).toMatch(/^(0\.9|0\.95|1\.0\.\d|2\.0\.\d)$/)
    expect(Object.keys(body).filter((name) => name !== 'version' && name !== 'extensions')).toEqual([])
    if ('extensions' in body) expect(body.extensions).toBeTypeOf('object')
  },
)
requirement('XAPI2-4.1.6.7-any-version', 'tells about itself whatever the version', async (xapi) => {
  for (const value of [null, '0.9', '7', 'x'])
    expect((await xapi.get('/about', {}, version(value))).status).toBe(200)
})

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
    for (const [path, query] of (await gets(xapi)).filter(
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

it('XAPI2-4.1.7-older keeps the two versions in one store', async () => {
  const [id] = await clientOf('1.0.3').store(minimal())
  expect((await clientOf('2.0.0').fetch(id!)).id).toBe(id)
})
