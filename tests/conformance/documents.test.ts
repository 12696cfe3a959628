/** State and profile documents: storing, merging, listing, deleting. */
import { expect } from 'vitest'
import {
  type DocumentResource,
  documentOf,
  documentResources,
  NEW,
  storeDocument,
} from './support/documents.ts'
import { requirement } from './support/requirement.ts'
import { uuid } from './support/statements.ts'

interface Ids {
  endpoint: string
  put: string
  post: string
  get: string
  remove: string
  list: string
  since: string
  sinceFormat: string
  merge: string
  mergeType: string
  mergeObject: string
  broken: string
  lastModified: string
}
const { state, agentProfile, activityProfile } = documentResources
const resources: [DocumentResource, Ids][] = [
  [
    state,
    {
      endpoint: 'XAPI-00230 XAPI-00140 XAPI2-4.1-resources',
      put: 'XAPI-00190 XAPI2-4.1.6.2-put',
      post: 'XAPI-00189 XAPI-00231 XAPI-00233 XAPI2-4.1.6.2-post',
      get: 'XAPI-00188 XAPI-00192 XAPI-00217 XAPI2-4.1.6.2-get',
      remove: 'XAPI-00187 XAPI-00191 XAPI-00216 XAPI2-4.1.6.2-delete',
      list: 'XAPI-00193 XAPI2-4.1.6.2-list',
      since: 'XAPI-00195 XAPI-00221 XAPI-00222 XAPI-00141 XAPI2-4.1.6.2-list-since',
      sinceFormat: 'XAPI-00204 XAPI2-4.1.6-parameter-format',
      merge: 'XAPI-00234 XAPI-00183 XAPI-00184 XAPI2-4.1.6.2-merge',
      mergeType: 'XAPI-00232 XAPI2-4.1.6.2-merge-refused',
      mergeObject: 'XAPI-00229 XAPI2-4.1.6.2-merge-refused',
      broken: 'XAPI-00235 XAPI2-4.1.6.2-merge-refused',
      lastModified: 'XAPI2-4.1.6.2-last-modified',
    },
  ],
  [
    agentProfile,
    {
      endpoint: 'XAPI-00282 XAPI-00140 XAPI2-4.1-resources',
      put: 'XAPI-00273 XAPI2-4.1.6.5-put',
      post: 'XAPI-00272 XAPI-00283 XAPI-00280 XAPI2-4.1.6.5-post',
      get: 'XAPI-00274 XAPI-00259 XAPI-00269 XAPI2-4.1.6.5-get',
      remove: 'XAPI-00271 XAPI2-4.1.6.5-delete',
      list: 'XAPI-00270 XAPI2-4.1.6.5-list',
      since: 'XAPI-00275 XAPI-00268 XAPI-00141 XAPI2-4.1.6.5-list-since',
      sinceFormat: 'XAPI-00260 XAPI2-4.1.6-parameter-format',
      merge: 'XAPI-00279 XAPI-00183 XAPI-00184 XAPI2-4.1.6.5-merge',
      mergeType: 'XAPI-00278 XAPI2-4.1.6.5-merge-refused',
      mergeObject: 'XAPI-00281 XAPI2-4.1.6.5-merge-refused',
      broken: 'XAPI-00284 XAPI2-4.1.6.5-merge-refused',
      lastModified: 'XAPI2-4.1.6.5-last-modified',
    },
  ],
  [
    activityProfile,
    {
      endpoint: 'XAPI-00311 XAPI-00140 XAPI2-4.1-resources',
      put: 'XAPI-00287 XAPI-00293 XAPI2-4.1.6.6-put',
      post: 'XAPI-00286 XAPI-00292 XAPI-00312 XAPI-00310 XAPI2-4.1.6.6-post',
      get: 'XAPI-00290 XAPI-00288 XAPI2-4.1.6.6-get',
      remove: 'XAPI-00285 XAPI-00291 XAPI2-4.1.6.6-delete',
      list: 'XAPI-00289 XAPI2-4.1.6.6-list',
      since: 'XAPI-00294 XAPI-00303 XAPI-00141 XAPI2-4.1.6.6-list-since',
      sinceFormat: 'XAPI-00295 XAPI2-4.1.6-parameter-format',
      merge: 'XAPI-00308 XAPI-00183 XAPI-00184 XAPI2-4.1.6.6-merge',
      mergeType: 'XAPI-00309 XAPI2-4.1.6.6-merge-refused',
      mergeObject: 'XAPI-00313 XAPI2-4.1.6.6-merge-refused',
      broken: 'XAPI-00314 XAPI2-4.1.6.6-merge-refused',
      lastModified: 'XAPI2-4.1.6.6-last-modified',
    },
  ],
]

for (const [resource, ids] of resources) {
  const { name, path, idName } = resource

  requirement(ids.endpoint, `has ${path}`, async (xapi) => {
    const query = documentOf(resource)
    expect((await xapi.put(path, query, { a: 1 }, { headers: NEW })).status).toBe(204)
    expect((await xapi.post(path, { b: 1 }, { query })).status).toBe(204)
    expect((await xapi.get(path, query)).status).toBe(200)
    expect((await xapi.head(path, query)).status).toBe(200)
    expect((await xapi.delete(path, query)).status).toBe(204)
  })

  requirement(ids.put, `stores a ${name} by PUT`, async (xapi) => {
    const query = documentOf(resource)
    const answer = await xapi.put(path, query, 'nội dung', {
      headers: { ...NEW, 'content-type': 'text/plain' },
    })
    expect(answer.status, answer.text).toBe(204)
    expect((await xapi.get(path, query)).text).toBe('nội dung')
  })

  requirement(ids.post, `stores a new ${name} by POST`, async (xapi) => {
    const query = documentOf(resource)
    const answer = await xapi.post(path, { a: 1 }, { query })
    expect(answer.status, answer.text).toBe(204)
    expect((await xapi.get(path, query)).body).toEqual({ a: 1 })
  })

  requirement(ids.get, `returns a ${name} as it was stored`, async (xapi) => {
    const query = documentOf(resource, 'một/hai ba?&=')
    const bytes = new Uint8Array([0, 255, 10, 13, 128])
    await storeDocument(xapi, resource, query, bytes, 'application/x-own')
    const answer = await xapi.get(path, query)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/x-own')
    expect(answer.bytes).toEqual(bytes)
    expect((await xapi.get(path, { ...query, [idName]: 'other' })).status).toBe(404)
  })

  requirement(ids.remove, `deletes a ${name}`, async (xapi) => {
    const context = resource.context()
    const [one, two] = [
      { ...context, [idName]: 'one' },
      { ...context, [idName]: 'two' },
    ]
    await storeDocument(xapi, resource, one)
    await storeDocument(xapi, resource, two)
    const answer = await xapi.delete(path, one)
    expect(answer.status, answer.text).toBe(204)
    expect((await xapi.get(path, one)).status).toBe(404)
    expect((await xapi.get(path, two)).status).toBe(200)
  })

  requirement(ids.list, `lists the ids of ${name} documents`, async (xapi) => {
    const context = resource.context()
    expect((await xapi.get(path, context)).body).toEqual([])
    for (const id of ['b', 'a']) await storeDocument(xapi, resource, { ...context, [idName]: id })
    await storeDocument(xapi, resource, documentOf(resource, 'c'))
    const answer = await xapi.get(path, context)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.body.sort()).toEqual(['a', 'b'])
  })

  requirement(ids.since, `lists ${name} documents changed since`, async (xapi) => {
    const context = resource.context()
    await storeDocument(xapi, resource, { ...context, [idName]: 'old' })
    await new Promise((done) => setTimeout(done, 15))
    const since = new Date().toISOString()
    await new Promise((done) => setTimeout(done, 15))
    await storeDocument(xapi, resource, { ...context, [idName]: 'new' })
    expect((await xapi.get(path, { ...context, since })).body).toEqual(['new'])
    const earlier = new Date(Date.parse(since) - 3_600_000).toISOString().replace('Z', '+00:00')
    expect((await xapi.get(path, { ...context, since: earlier })).body.sort()).toEqual(['new', 'old'])
  })

  requirement(ids.sinceFormat, `refuses a ${name} list with a since that is no time`, async (xapi) => {
    const answer = await xapi.get(path, { ...resource.context(), since: 'today' })
    expect(answer.status, answer.text).toBe(400)
  })

  requirement(ids.merge, `merges a ${name} one level deep`, async (xapi) => {
    const query = documentOf(resource)
    await storeDocument(xapi, resource, query, { a: { x: 1, y: 2 }, b: 1, keep: [1] })
    const answer = await xapi.post(path, { a: { z: 3 }, b: 2, c: null }, { query })
    expect(answer.status, answer.text).toBe(204)
    const merged = await xapi.get(path, query)
    expect(merged.body).toEqual({ a: { z: 3 }, b: 2, keep: [1], c: null })
    expect(merged.headers.get('content-type')).toMatch(/^application\/json/)
  })

  for (const [stored, posted] of [
    ['text/plain', 'application/json'],
    ['application/json', 'text/plain'],
  ] as const) {
    requirement(ids.mergeType, `refuses to merge ${posted} into ${stored} in a ${name}`, async (xapi) => {
      const query = documentOf(resource)
      await storeDocument(xapi, resource, query, '{"a":1}', stored)
      const answer = await xapi.post(path, '{"b":2}', { query, headers: { 'content-type': posted } })
      expect(answer.status, answer.text).toBe(400)
      expect((await xapi.get(path, query)).text).toBe('{"a":1}')
    })
  }

  for (const [stored, posted] of [
    ['{"a":1}', '[1]'],
    ['[1]', '{"a":1}'],
    ['{"a":1}', '7'],
  ] as const) {
    requirement(ids.mergeObject, `refuses to merge ${posted} into ${stored} in a ${name}`, async (xapi) => {
      const query = documentOf(resource)
      await storeDocument(xapi, resource, query, stored)
      const answer = await xapi.post(path, posted, { query })
      expect(answer.status, answer.text).toBe(400)
      expect((await xapi.get(path, query)).text).toBe(stored)
    })
  }

  for (const there of [true, false]) {
    requirement(ids.broken, `refuses broken JSON for a ${there ? 'stored' : 'new'} ${name}`, async (xapi) => {
      const query = documentOf(resource)
      if (there) await storeDocument(xapi, resource, query)
      const answer = await xapi.post(path, '{"a":', {
        query,
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.status, answer.text).toBe(400)
      expect((await xapi.get(path, query)).status).toBe(there ? 200 : 404)
    })
  }

  requirement(ids.lastModified, `tells when a ${name} was changed`, async (xapi) => {
    const query = documentOf(resource)
    const before = Math.floor(Date.now() / 1000) * 1000
    await storeDocument(xapi, resource, query)
    const { headers } = await xapi.get(path, query)
    const modified = Date.parse(headers.get('last-modified') ?? '')
    expect(modified).toBeGreaterThanOrEqual(before)
    expect(modified).toBeLessThanOrEqual(Date.now())
  })

  requirement(
    'XAPI2-4.1.6-unknown-agent-or-activity',
    `stores a ${name} of what it never heard of`,
    async (xapi) => {
      await storeDocument(xapi, resource, documentOf(resource))
    },
  )

  requirement('XAPI-00182', `changes no ${name} by a refused request`, async (xapi) => {
    const query = documentOf(resource)
    await storeDocument(xapi, resource, query)
    const refused = await xapi.put(path, { ...query, color: 'red' }, { a: 2 }, { headers: NEW })
    expect(refused.status).toBe(400)
    expect((await xapi.get(path, query)).body).toEqual({ a: 1 })
  })
}

requirement('XAPI-00194 XAPI2-4.1.6.2-delete-all', 'deletes all state of a context', async (xapi) => {
  const context = state.context()
  const other = documentOf(state)
  const registration = uuid()
  for (const id of ['a', 'b']) await storeDocument(xapi, state, { ...context, stateId: id })
  await storeDocument(xapi, state, { ...context, registration, stateId: 'c' })
  await storeDocument(xapi, state, other)
  expect((await xapi.delete(state.path, { ...context, registration })).status).toBe(204)
  expect((await xapi.get(state.path, { ...context, registration })).body).toEqual([])
  expect((await xapi.get(state.path, { ...context, stateId: 'a' })).status).toBe(200)
  const answer = await xapi.delete(state.path, context)
  expect(answer.status, answer.text).toBe(204)
  expect((await xapi.get(state.path, context)).body).toEqual([])
  expect((await xapi.get(state.path, other)).status).toBe(200)
})

for (const [id, method] of [
  ['XAPI-00218', 'PUT'],
  ['XAPI-00227', 'POST'],
  ['XAPI-00220', 'GET'],
  ['XAPI-00219', 'DELETE'],
] as const) {
  requirement(
    `${id} XAPI2-4.1.6.2-registration`,
    `keeps state apart by registration in ${method}`,
    async (xapi) => {
      const without = documentOf(state)
      const query = { ...without, registration: uuid() }
      await storeDocument(xapi, state, without, { a: 'without' })
      if (method === 'GET' || method === 'DELETE') await storeDocument(xapi, state, query, { a: 'with' })
      const body = method === 'PUT' || method === 'POST' ? { body: { a: 'with' } } : {}
      const answer = await xapi.request(method, state.path, { query, ...body })
      expect(answer.status, answer.text).toBe(method === 'GET' ? 200 : 204)
      const after = await xapi.get(state.path, query)
      if (method === 'DELETE') expect(after.status).toBe(404)
      else expect(after.body).toEqual({ a: 'with' })
      expect((await xapi.get(state.path, without)).body).toEqual({ a: 'without' })
    },
  )
}

requirement('XAPI2-4.1.6.2-list-since', 'refuses since beside stateId', async (xapi) => {
  const query = documentOf(state)
  await storeDocument(xapi, state, query)
  const answer = await xapi.get(state.path, { ...query, since: '2026-03-01T08:30:00Z' })
  expect(answer.status, answer.text).toBe(400)
})

for (const [id, resource] of [
  ['XAPI-00273', agentProfile],
  ['XAPI-00287', activityProfile],
] as const) {
  requirement(id, `refuses PUT of a new ${resource.name} without a precondition`, async (xapi) => {
    const query = documentOf(resource)
    const answer = await xapi.put(resource.path, query, { a: 1 })
    expect(answer.status, answer.text).toBe(400)
    expect((await xapi.get(resource.path, query)).status).toBe(404)
  })
}
