import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'

let xapi: TestXapi
let all: TestClient
beforeAll(async () => {
  xapi = await startXapi({ limits: { attachmentBytes: 3_000_000, attachmentsBytes: 4_000_000, parts: 3 } })
  all = await xapi.issue(['all'])
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const statements = '/xapi/statements'
const sha2 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
const count = () => xapi.storage.tenant('main').statements.count()

function attachment(content: string | Buffer, contentType = 'text/plain') {
  return {
    usageType: 'http://example.vn/usage',
    display: { vi: 'Tệp' },
    contentType,
    length: content.length,
    sha2: sha2(content),
  }
}

interface Part {
  headers?: Record<string, string>
  content: string | Buffer
}
const partOf = (content: string | Buffer, change: Record<string, string | undefined> = {}): Part => {
  const headers = {
    'Content-Type': 'text/plain',
    'Content-Transfer-Encoding': 'binary',
    'X-Experience-API-Hash': sha2(content),
    ...change,
  }
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { headers: Object.fromEntries(kept), content }
}
const jsonPart = (value: unknown): Part => ({
  headers: { 'Content-Type': 'application/json' },
  content: JSON.stringify(value),
})

function multipart(
  parts: Part[],
  options: { boundary?: string; end?: string; preamble?: string } = {},
): Buffer {
  const { boundary = 'b', end = `--${boundary}--\r\n`, preamble = '' } = options
  const chunks: Buffer[] = [Buffer.from(preamble)]
  for (const { headers = {}, content } of parts) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    chunks.push(
      Buffer.from(`--${boundary}\r\n${lines.join('')}\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    )
  }
  return Buffer.concat([...chunks, Buffer.from(end)])
}

const send = (body: Buffer, type = 'multipart/mixed; boundary=b') =>
  all
    .request('post', statements)
    .set('Content-Type', type)
    .serialize(((bytes: Buffer) => bytes) as never)
    .send(body)

const file = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256))
const withFile = someStatement({ attachments: [attachment(file)] })

test('XAPI-00167: attachments come back by attachments=true, byte by byte', async () => {
  const tricky = Buffer.concat([Buffer.from('\r\n--b\r--b--'), file])
  const statement = someStatement({
    id: crypto.randomUUID(),
    attachments: [attachment(file, 'image/png'), attachment(tricky, 'text/plain; charset=utf-8')],
  })
  const body = multipart(
    [
      jsonPart(statement),
      partOf(file, { 'Content-Type': 'image/png' }),
      partOf(tricky, { 'Content-Type': 'text/plain; charset=utf-8' }),
    ],
    {
      boundary: 'other',
      preamble: 'ignored\r\n',
    },
  )
  const sent = await send(body, 'multipart/mixed; boundary="other"')
  expect([sent.status, sent.text]).toEqual([200, JSON.stringify([statement.id])])
  const answer = await all
    .request('get', `${statements}?statementId=${statement.id}&attachments=true`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
  expect(answer.headers['content-type']).toMatch(/^multipart\/mixed; boundary=/)
  const bytes = answer.body as Buffer
  for (const [content, type] of [
    [file, 'image/png'],
    [tricky, 'text/plain; charset=utf-8'],
  ] as const) {
    const head = `Content-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ${sha2(content)}\r\n\r\n`
    const at = bytes.indexOf(head) + head.length
    expect(bytes.subarray(at, at + content.length).equals(content)).toBe(true)
  }
  const plain = await all.request('get', `${statements}?statementId=${statement.id}`)
  expect(plain.headers['content-type']).toBe('application/json')
})

test('an empty attachment is an attachment', async () => {
  const statement = someStatement({ attachments: [attachment('')] })
  expect((await send(multipart([jsonPart(statement), partOf('')]))).status).toBe(200)
})

const whole = multipart([jsonPart(withFile), partOf(file)])
const BROKEN: [string, string, Buffer, string?][] = [
  ['no boundary in the header', 'multipart-boundary-missing', whole, 'multipart/mixed'],
  ['another boundary in the body', 'multipart-broken', multipart([jsonPart(withFile)], { boundary: 'x' })],
  ['no end', 'multipart-broken', multipart([jsonPart(withFile), partOf(file)], { end: '' })],
  ['nothing at all', 'multipart-broken', Buffer.alloc(0)],
  ['only an end', 'multipart-statements-first', Buffer.from('--b--\r\n')],
  ['a part without headers', 'multipart-statements-first', Buffer.from('--b\r\n\r\n{}\r\n--b--\r\n')],
  [
    'headers without an end',
    'multipart-broken',
    Buffer.from('--b\r\nContent-Type: application/json\r\n--b--\r\n'),
  ],
  [
    'a first part of another type',
    'multipart-statements-first',
    multipart([{ ...jsonPart(withFile), headers: { 'Content-Type': 'text/plain' } }, partOf(file)]),
  ],
  ['the attachment first', 'multipart-statements-first', multipart([partOf(file), jsonPart(withFile)])],
  [
    'a wrong hash',
    'multipart-hash-wrong',
    multipart([jsonPart(withFile), partOf(file, { 'X-Experience-API-Hash': sha2('x') })]),
  ],
  [
    'no hash',
    'multipart-hash-missing',
    multipart([jsonPart(withFile), partOf(file, { 'X-Experience-API-Hash': undefined })]),
  ],
  [
    'a hash that is none',
    'multipart-hash-missing',
    multipart([jsonPart(withFile), partOf(file, { 'X-Experience-API-Hash': '../../etc' })]),
  ],
  [
    'no transfer encoding',
    'multipart-encoding-missing',
    multipart([jsonPart(withFile), partOf(file, { 'Content-Transfer-Encoding': undefined })]),
  ],
  [
    'base64',
    'multipart-encoding-missing',
    multipart([jsonPart(withFile), partOf(file, { 'Content-Transfer-Encoding': 'base64' })]),
  ],
  [
    'a part that no statement names',
    'attachment-part-unclaimed',
    multipart([jsonPart(someStatement()), partOf(file)]),
  ],
  ['a missing part', 'attachment-part-missing', multipart([jsonPart(withFile)])],
  ['form data', 'content-type-statements', whole, 'multipart/form-data; boundary=b'],
  [
    'too many parts',
    'multipart-parts-many',
    multipart([jsonPart(withFile), partOf('1'), partOf('2'), partOf('3'), partOf('4')]),
  ],
  [
    'an attachment over the limit',
    'too-large',
    multipart([jsonPart(someStatement()), partOf(Buffer.alloc(3_000_001))]),
  ],
  [
    'parts over their limit together',
    'too-large',
    multipart([jsonPart(someStatement()), partOf(Buffer.alloc(2_100_000)), partOf(Buffer.alloc(2_100_001))]),
  ],
]
test.each(BROKEN)(
  'a multipart body with %s is refused as %s and stores nothing',
  async (_name, id, body, type) => {
    const before = await count()
    const answer = await send(body, type)
    expect(answer.body.problems?.[0].id).toBe(id)
    expect(answer.status).toBe(['too-large', 'multipart-parts-many'].includes(id) ? 413 : 400)
    expect(await count()).toBe(before)
  },
)

test('data that another tenant or an earlier request brought stands for no attachment', async () => {
  await xapi.tenants.create('other', 'Other', 'test')
  const there = await xapi.issue(['all'], 'One', 'other')
  expect((await send(whole)).status).toBe(200)
  for (const client of [there, all]) {
    const answer = await client.request('post', statements).send(withFile)
    expect([answer.status, answer.body.problems[0].id]).toEqual([400, 'attachment-part-missing'])
  }
  const { blobs } = xapi.storage.tenant('other')
  expect(await blobs.open(sha2(file))).toBeNull()
})

test('a client that leaves in the middle of a long answer does no harm', async () => {
  const large = Buffer.alloc(2_900_000, 'x')
  const id = crypto.randomUUID()
  const statement = someStatement({ id, attachments: [attachment(large)] })
  expect((await send(multipart([jsonPart(statement), partOf(large)]))).status).toBe(200)
  for (let times = 0; times < 5; times++) {
    const leave = new AbortController()
    const response = await fetch(
      `http://127.0.0.1:${xapi.port}${statements}?statementId=${id}&attachments=true`,
      {
        headers: { Authorization: all.authorization, 'X-Experience-API-Version': '1.0.3' },
        signal: leave.signal,
      },
    )
    await response.body?.getReader().read()
    leave.abort()
  }
  expect((await all.request('get', `${statements}?statementId=${id}`)).status).toBe(200)
})

test('a refusal in the middle of a long upload is heard', async () => {
  const answer = await send(
    multipart([
      { headers: { 'Content-Type': 'text/plain' }, content: '{}' },
      partOf(Buffer.alloc(2_000_000)),
    ]),
  )
  expect([answer.status, answer.body.problems[0].id]).toEqual([400, 'multipart-statements-first'])
})

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('a body compressed by %s is read', async (encoding, compress) => {
  const compressed = compress(Buffer.from(JSON.stringify([someStatement(), someStatement()])))
  const answer = await all
    .request('post', statements)
    .set('Content-Type', 'application/json')
    .set('Content-Encoding', encoding)
    .serialize(((bytes: Buffer) => bytes) as never)
    .send(compressed)
  expect(answer.body).toHaveLength(2)
})

test.each([
  ['gzip', Buffer.from('no gzip'), 400, 'content-encoding-broken'],
  ['gzip', gzipSync(JSON.stringify(someStatement())).subarray(0, 60), 400, 'content-encoding-broken'],
  ['gzip', gzipSync(Buffer.alloc(15_000_000, ' ')), 413, 'content-encoding-ratio'],
  ['br', brotliCompressSync(Buffer.alloc(15_000_000, ' ')), 413, 'content-encoding-ratio'],
  ['zstd', Buffer.from('x'), 415, 'content-encoding-unknown'],
  ['gzip, gzip', Buffer.from('x'), 415, 'content-encoding-unknown'],
])('Content-Encoding %s that cannot be read is refused', async (encoding, body, status, id) => {
  const answer = await all
    .request('post', statements)
    .set('Content-Type', 'application/json')
    .set('Content-Encoding', encoding)
    .serialize(((bytes: Buffer) => bytes) as never)
    .send(body)
  expect([answer.status, answer.body.problems[0].id]).toEqual([status, id])
})
