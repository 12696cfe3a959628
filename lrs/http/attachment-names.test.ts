/** Attachments are named by any hash of the SHA-2 family: 1.0.3 Data 2.4.11; 2.0 4.2.2.6. */
import { hash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { multipart, type Part, partsOf, statementsPart } from '../../tests/conformance/support/multipart.ts'
import {
  settled,
  someStatement,
  startXapi,
  type TestClient,
  type TestXapi,
} from '../../tests/support/xapi.ts'
import { createLrs } from '../create-lrs.ts'
import { SIGNATURE } from '../statement/signature.ts'

let xapi: TestXapi
let all: TestClient
beforeAll(async () => {
  xapi = await startXapi()
  all = await xapi.issue(['all'])
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const VERSIONS = ['1.0.3', '2.0.0'] as const
const ALGORITHMS = ['sha224', 'sha256', 'sha384', 'sha512'] as const
const text = { contentType: 'text/plain', usageType: 'urn:example:file', display: { vi: 'Tệp' } }
const named = (content: string, algorithm: string, change: object = {}) => ({
  ...text,
  length: Buffer.byteLength(content),
  sha2: hash(algorithm, content, 'hex'),
  ...change,
})
const partOf = (content: string, name: string, contentType = 'text/plain'): Part => ({
  headers: {
    'Content-Type': contentType,
    'Content-Transfer-Encoding': 'binary',
    'X-Experience-API-Hash': name,
  },
  content,
})
function send(parts: Part[], version = '1.0.3') {
  const { body, headers } = multipart(parts)
  return all
    .request('post', '/xapi/statements', version)
    .set('Content-Type', headers['content-type'] as string)
    .serialize(((bytes: Buffer) => bytes) as never)
    .send(body as never)
}
/** Data by the hash that the answer names, in the order of the answer. */
async function dataOf(query: string, version = '1.0.3'): Promise<[string | undefined, string][]> {
  const answer = await all
    .request('get', `/xapi/statements?${query}&attachments=true`, version)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
  const [, ...parts] = partsOf(answer.body, answer.headers['content-type'] ?? '')
  return parts.map(({ headers, content }) => [headers['x-experience-api-hash'], content.toString()])
}
const blobs = () => xapi.storage.tenant('main').blobs

for (const version of VERSIONS) {
  for (const algorithm of ALGORITHMS) {
    test(`${version}: data named by its ${algorithm} is kept, and comes back under that name`, async () => {
      const content = `nội dung ${crypto.randomUUID()}`
      const attachment = named(content, algorithm)
      const id = crypto.randomUUID()
      const statement = someStatement({
        id,
        attachments: [{ ...attachment, sha2: attachment.sha2.toUpperCase() }],
      })
      const sent = await send(
        [statementsPart(statement), partOf(content, attachment.sha2.toUpperCase())],
        version,
      )
      expect([sent.status, sent.text]).toEqual([200, JSON.stringify([id])])
      expect(await dataOf(`statementId=${id}`, version)).toEqual([[attachment.sha2, content]])
      expect(await blobs().size(hash('sha256', content, 'hex'))).toBe(Buffer.byteLength(content))
    })
  }
}

test('a part whose bytes have another hash than it names is refused, whatever the function', async () => {
  for (const algorithm of ALGORITHMS) {
    const attachment = named('một', algorithm)
    const sent = await send([
      statementsPart(someStatement({ attachments: [attachment] })),
      partOf('hai', attachment.sha2),
    ])
    expect([sent.status, sent.body.problems[0].id]).toEqual([400, 'multipart-hash-wrong'])
  }
})

test('the hex digits of another function, as of SHA-1, name no part', async () => {
  const sent = await send([
    statementsPart(someStatement()),
    partOf('một', hash('sha1', Buffer.from('một'), 'hex')),
  ])
  expect([sent.status, sent.body.problems[0].id]).toEqual([400, 'multipart-hash-missing'])
})

test('XAPI-00132: data is matched with an attachment by the name that both give, not by its bytes', async () => {
  const sent = await send([
    statementsPart(someStatement({ attachments: [named('một', 'sha256')] })),
    partOf('một', hash('sha512', 'một', 'hex')),
  ])
  expect(sent.status).toBe(400)
  expect(sent.body.problems.map(({ id }: { id: string }) => id)).toEqual(['attachment-part-missing'])
})

test('several names in one list each lead to their own data; what was only linked to has none', async () => {
  const [one, two] = [`một ${crypto.randomUUID()}`, `hai ${crypto.randomUUID()}`]
  const verb = { id: `http://example.vn/verbs/${crypto.randomUUID()}` }
  const linked = named('ở nơi khác', 'sha384', { fileUrl: 'https://example.vn/tep' })
  const attachments = [
    named(one, 'sha512'),
    linked,
    named(two, 'sha224'),
    named(one, 'sha256'),
    named(two, 'sha384'),
  ]
  const sent = await send([
    statementsPart([
      someStatement({ verb, attachments }),
      someStatement({ verb, attachments: [named(two, 'sha512')] }),
    ]),
    partOf(one, hash('sha512', one, 'hex')),
    partOf(one, hash('sha256', one, 'hex')),
    partOf(two, hash('sha224', two, 'hex')),
    partOf(two, hash('sha384', two, 'hex')),
    partOf(two, hash('sha512', two, 'hex')),
  ])
  expect([sent.status, sent.body.problems]).toEqual([200, undefined])
  await settled(xapi.storage)
  const data = await dataOf(`verb=${encodeURIComponent(verb.id)}`)
  expect(data).toHaveLength(5)
  expect(new Map(data)).toEqual(
    new Map([
      [hash('sha512', one, 'hex'), one],
      [hash('sha256', one, 'hex'), one],
      [hash('sha224', two, 'hex'), two],
      [hash('sha384', two, 'hex'), two],
      [hash('sha512', two, 'hex'), two],
    ]),
  )
})

test('re-keying keeps data that is named by another SHA-2, and lets go of the signature', async () => {
  const mbox = `mailto:${crypto.randomUUID()}@example.vn`
  const photo = `ảnh ${crypto.randomUUID()}`
  const id = crypto.randomUUID()
  const own = someStatement({ id, actor: { mbox }, attachments: [named(photo, 'sha512')] })
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jws = `${encode({ alg: 'RS256' })}.${encode(own)}.c2lnbmF0dXJl`
  const octets = 'application/octet-stream'
  const signature = named(jws, 'sha384', { usageType: SIGNATURE, contentType: octets })
  const attachments = [signature, named(photo, 'sha512')]
  const sent = await send([
    statementsPart({ ...own, attachments }),
    partOf(jws, signature.sha2, octets),
    partOf(photo, hash('sha512', photo, 'hex')),
  ])
  expect([sent.status, sent.body.problems]).toEqual([200, undefined])

  const to = `account:https://example.vn ${crypto.randomUUID()}`
  const lrs = createLrs({ storage: xapi.storage, tenant: 'main' })
  expect(await lrs.rekeyAgent(`mbox:${mbox}`, to, 'decision 14')).toMatchObject({ statements: 1 })
  expect(await dataOf(`statementId=${id}`)).toEqual([[hash('sha512', photo, 'hex'), photo]])
  const stored = await xapi.storage.tenant('main').statements.get(id)
  expect(stored?.attachments).toEqual([hash('sha256', photo, 'hex')])
  await blobs().collect(Date.now() + 1_000)
  expect(await blobs().size(hash('sha256', jws, 'hex'))).toBeNull()
  expect(await blobs().size(hash('sha256', photo, 'hex'))).not.toBeNull()
})
