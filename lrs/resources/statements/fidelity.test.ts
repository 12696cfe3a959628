/** What is sent comes back token by token, through HTTP and the store; what could not is refused (1.0.3 Data 2.2; 2.0 4.2.1). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settled, startXapi, type TestClient, type TestXapi } from '../../../tests/support/xapi.ts'

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
const resource = '/xapi/statements'
/** A statement as text, with this value in an extension of its result. */
const statementWith = (value: string, verb = 'http://example.vn/verbs/read', id?: string) =>
  `{${id ? `"id":"${id}",` : ''}"actor":{"mbox":"mailto:hoa@example.vn"},"verb":{"id":"${verb}"},"object":{"id":"http://example.vn/a"},"result":{"extensions":{"http://example.vn/e":${value}}}}`

const write = (method: 'put' | 'post', version: string, body: string | Buffer, id?: string) =>
  all
    .request(method, id ? `${resource}?statementId=${id}` : resource, version)
    .set('Content-Type', 'application/json')
    .serialize(((bytes: unknown) => bytes) as never)
    .send(body as never)
async function read(version: string, query: string): Promise<string> {
  const answer = await all
    .request('get', `${resource}?${query}`, version)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks).toString()))
    })
  expect(answer.status).toBe(200)
  return answer.body
}

const KEPT: [string, string][] = [
  ['1.0 beside 1', '[1.0,1,1.00,-0,-0.0]'],
  ['a whole number beyond 2^53', '12345678901234567890'],
  ['40 digits', '0.1234567890123456789012345678901234567890'],
  ['40 digits of a whole number', '1234567890123456789012345678901234567890'],
  ['exponents as they are written', '[1E2,1e+2,100,1.5E-10]'],
  ['what is too small for a double', '1e-400'],
  ['the largest double', '1.7976931348623157e308'],
  ['the order of keys', '{"b":1,"a":2,"c":{"z":0,"y":1}}'],
  ['integer-like keys in their place', '{"b":1,"10":2,"2":3,"1":4,"a":5}'],
  [
    'keys that objects have of their own',
    '{"__proto__":{"x":1},"constructor":2,"toString":3,"hasOwnProperty":4}',
  ],
  ['escapes as they are written', '"\\u00e9é\\/\\ud83d\\ude00😀\\t"'],
  ['an escaped backslash before u0000', '"\\\\u0000"'],
  ['letters composed and not', '["Ti\u1ebfng","Tie\u0302\u0301ng"]'],
  ['line separators', '"\u2028\u2029"'],
  ['null, empty and space within', '{ "a" : null ,\t"b":[ ],"":""}'],
]
describe.each(VERSIONS)('%s', (version) => {
  test.each(KEPT)('keeps %s: by PUT, by POST, alone, in a list and behind more', async (_what, value) => {
    const verb = `http://example.vn/verbs/${crypto.randomUUID()}`
    const [one, two] = [crypto.randomUUID(), crypto.randomUUID()]
    expect((await write('put', version, statementWith(value, verb, one), one)).status).toBe(204)
    const posted = await write('post', version, `[${statementWith(value, verb, two)}]`)
    expect([posted.status, posted.body]).toEqual([200, [two]])
    const token = `"http://example.vn/e":${value}}`
    expect(await read(version, `statementId=${one}`)).toContain(token)
    expect(await read(version, `statementId=${two}&format=canonical`)).toContain(token)
    await settled(xapi.storage)
    const listed = await read(version, `verb=${encodeURIComponent(verb)}&limit=1`)
    expect(listed).toContain(token)
    const more = new URL(JSON.parse(listed).more, 'http://a').search.slice(1)
    expect(await read(version, more)).toContain(token)
    // The same again is the same, and nothing new.
    expect((await write('put', version, statementWith(value, verb, one), one)).status).toBe(204)
  })

  const REFUSED: [string, string, string | Buffer][] = [
    ['a number that no double holds', 'json-number', statementWith('1E400')],
    ['a negative one', 'json-number', statementWith('-1E400')],
    ['a key given twice', 'json-repeated-key', statementWith('{"a":1,"a":1}')],
    ['a key given twice, once escaped', 'json-repeated-key', statementWith('{"a":1,"\\u0061":2}')],
    ['__proto__ given twice', 'json-repeated-key', statementWith('{"__proto__":1,"__proto__":2}')],
    ['an escaped NUL', 'json-nul', statementWith('"a\\u0000b"')],
    ['an escaped NUL in a key', 'json-nul', statementWith('{"\\u0000":1}')],
    ['a raw NUL', 'json-syntax', statementWith('"a\0b"')],
    ['half of a surrogate pair', 'json-surrogate', statementWith('"\\ud800"')],
    ['the halves in the wrong order', 'json-surrogate', statementWith('"\\ude00\\ud83d"')],
    ['half of a pair in a key', 'json-surrogate', statementWith('{"\\udfff":1}')],
    [
      'half of a pair as bytes',
      'body-utf8',
      Buffer.from(statementWith('"?"').replace('?', '\xed\xa0\x80'), 'latin1'),
    ],
    ['a leading zero', 'json-syntax', statementWith('01')],
    ['NaN', 'json-syntax', statementWith('NaN')],
    ['a byte order mark', 'json-syntax', `\ufeff${statementWith('1')}`],
  ]
  test.each(REFUSED)('refuses %s, and stores nothing', async (_what, problem, body) => {
    const before = await xapi.storage.tenant('main').statements.count()
    const answer = await write('post', version, body)
    expect([answer.status, answer.body.problems?.[0].id]).toEqual([400, problem])
    const id = crypto.randomUUID()
    expect((await write('put', version, body, id)).status).toBe(400)
    expect(await xapi.storage.tenant('main').statements.count()).toBe(before)
  })
})
