/** Every resource, HEAD, and the parameters that there are not. */
import { expect } from 'vitest'
import { reads } from './support/reads.ts'
import { requirement } from './support/requirement.ts'
import { minimal, uuid } from './support/statements.ts'

requirement('XAPI-00139 XAPI-00140 XAPI2-4.1-resources', 'has every resource', async (xapi) => {
  for (const [path, query] of await reads(xapi)) expect((await xapi.get(path, query)).status, path).toBe(200)
  expect((await xapi.get('/nothing')).status).toBe(404)
})

requirement('XAPI-00125 XAPI-00126 XAPI2-4.1-head', 'answers HEAD as GET, without a body', async (xapi) => {
  for (const [path, query] of await reads(xapi)) {
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
    for (const [path, query] of await reads(xapi)) {
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
    for (const [path, query] of await reads(xapi)) {
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
