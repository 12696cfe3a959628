/** ETags and preconditions: profiles in both versions, state in 2.0 too. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Client } from './support/client.ts'
import { type DocumentResource, documentOf, documentResources, storeDocument } from './support/documents.ts'
import { requirement } from './support/requirement.ts'

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
const first = '{"a":1}'
const second = '{"b":2}'

/** A stored document with its ETag. */
async function stored(xapi: Client, resource: DocumentResource) {
  const query = documentOf(resource)
  const json = { 'content-type': 'application/json' }
  await storeDocument(xapi, resource, query, first)
  const etag = (await xapi.get(resource.path, query)).headers.get('etag')!
  const send = (method: string, headers: Record<string, string> = {}) =>
    xapi.request(method, resource.path, {
      query,
      headers: { ...json, ...headers },
      ...(method === 'DELETE' ? {} : { body: second }),
    })
  return { query, etag, send, now: async () => (await xapi.get(resource.path, query)).text }
}

for (const resource of Object.values(documentResources)) {
  const v1 = resource.name === 'state' ? '' : 'XAPI-00322 '

  requirement(
    `XAPI-00322 XAPI2-4.1.4-etag`,
    `sends the quoted SHA-1 of a ${resource.name} as ETag`,
    async (xapi) => {
      const { etag } = await stored(xapi, resource)
      expect(etag).toBe(`"${sha1(first)}"`)
    },
  )

  for (const method of ['PUT', 'POST', 'DELETE']) {
    requirement(
      `${v1}XAPI2-4.1.4-if-match`,
      `accepts ${method} of ${resource.name} with the ETag it has`,
      async (xapi) => {
        const { etag, send, now } = await stored(xapi, resource)
        const answer = await send(method, { 'if-match': etag })
        expect(answer.status, answer.text).toBe(204)
        expect(await now()).not.toBe(first)
      },
    )

    requirement(
      `${v1}XAPI2-4.1.4-if-match XAPI2-4.1.4-precondition-failed`,
      `refuses ${method} of ${resource.name} with another ETag`,
      async (xapi) => {
        const { send, now } = await stored(xapi, resource)
        const answer = await send(method, { 'if-match': `"${sha1('other')}"` })
        expect(answer.status, answer.text).toBe(412)
        expect(await now()).toBe(first)
      },
    )
  }

  requirement(
    `${v1}XAPI2-4.1.4-if-match XAPI2-4.1.4-precondition-failed`,
    `refuses PUT of a ${resource.name} that is not there with If-Match`,
    async (xapi) => {
      const query = documentOf(resource)
      const answer = await xapi.put(
        resource.path,
        query,
        { a: 1 },
        { headers: { 'if-match': `"${sha1('x')}"` } },
      )
      expect(answer.status, answer.text).toBe(412)
      expect((await xapi.get(resource.path, query)).status).toBe(404)
    },
  )

  requirement(
    `${v1}XAPI2-4.1.4-precondition-failed`,
    `guards a new ${resource.name} by If-None-Match`,
    async (xapi) => {
      const { send, now } = await stored(xapi, resource)
      const answer = await send('PUT', { 'if-none-match': '*' })
      expect(answer.status, answer.text).toBe(412)
      expect(await now()).toBe(first)
      const fresh = await xapi.put(resource.path, documentOf(resource), first, {
        headers: { 'if-none-match': '*' },
      })
      expect(fresh.status, fresh.text).toBe(204)
    },
  )

  requirement(
    `${v1}XAPI2-4.1.4-put-conflict`,
    `refuses a blind PUT over a ${resource.name}`,
    async (xapi) => {
      const { send, now } = await stored(xapi, resource)
      const answer = await send('PUT')
      expect(answer.status, answer.text).toBe(409)
      expect(answer.text).toMatch(/If-Match/)
      expect(await now()).toBe(first)
    },
  )
}
