/** X-Experience-API-Version in requests and answers, and what /about tells. */
import { expect, it } from 'vitest'
import { clientOf } from './support/harness.ts'
import { paths, reads } from './support/reads.ts'
import { requirement } from './support/requirement.ts'
import { minimal } from './support/statements.ts'

requirement(
  'XAPI-00333 XAPI2-4.1.7-header',
  'names the latest patch version in every answer',
  async (xapi) => {
    const latest = xapi.version
    for (const [path, query] of await reads(xapi)) {
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
  for (const [path, query] of await reads(xapi)) {
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

it('XAPI2-4.1.7-older keeps the two versions in one store', async () => {
  const [id] = await clientOf('1.0.3').store(minimal())
  expect((await clientOf('2.0.0').fetch(id!)).id).toBe(id)
})
