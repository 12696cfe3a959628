/** Attachments: what a statement says of them, and how their data comes and goes as multipart/mixed. */
import { expect } from 'vitest'
import { no, set } from './support/change.ts'
import type { Client } from './support/client.ts'
import { attachmentPart, multipart, type Part, partsOf, sha256, statementsPart } from './support/multipart.ts'
import { accepts, refuses, requirement } from './support/requirement.ts'
import { attachment, full, minimal, uuid } from './support/statements.ts'

refuses(full, [
  ['XAPI-00025 XAPI2-4.2.2.6-attachments', set('attachments', attachment())],
  ['XAPI-00025 XAPI2-4.2.2.6-attachments', set('attachments', ['x'])],
  ['XAPI-00025 XAPI2-4.2.2.6-attachments', set('attachments', 'x')],
  ['XAPI-00107 XAPI2-4.2.2.6-usage-type', no('attachments[0].usageType')],
  ['XAPI-00107 XAPI2-4.2.2.6-usage-type', set('attachments[0].usageType', 7)],
  ['XAPI-00107 XAPI2-4.2.2.6-usage-type', set('attachments[0].usageType', 'certificate')],
  ['XAPI-00106 XAPI2-4.2.2.6-display', no('attachments[0].display')],
  ['XAPI-00106 XAPI2-4.2.2.6-display', set('attachments[0].display', 'x')],
  ['XAPI2-4.2.2.6-description', set('attachments[0].description', 'x')],
  ['XAPI-00105 XAPI2-4.2.2.6-content-type', no('attachments[0].contentType')],
  ['XAPI-00105 XAPI2-4.2.2.6-content-type', set('attachments[0].contentType', 7)],
  ['XAPI-00105 XAPI2-4.2.2.6-content-type', set('attachments[0].contentType', 'pdf')],
  ['XAPI-00102 XAPI2-4.2.2.6-length', no('attachments[0].length')],
  ['XAPI-00102 XAPI2-4.2.2.6-length', set('attachments[0].length', '5')],
  ['XAPI-00102 XAPI2-4.2.2.6-length', set('attachments[0].length', 5.5)],
  ['XAPI-00103 XAPI2-4.2.2.6-sha2', no('attachments[0].sha2')],
  ['XAPI-00103 XAPI2-4.2.2.6-sha2', set('attachments[0].sha2', 7)],
  ['XAPI-00104 XAPI2-4.2.2.6-file-url', set('attachments[0].fileUrl', 7)],
  ['XAPI-00104 XAPI2-4.2.2.6-file-url', set('attachments[0].fileUrl', 'files')],
])
accepts(full, [
  ['XAPI2-4.2.2.6-description', no('attachments[0].description')],
  ['XAPI-00025 XAPI2-4.2.2.6-attachments', set('attachments', [attachment(), attachment()])],
  ['XAPI-00129 XAPI2-4.1.3-json-without-attachments', no('attachments')],
])
refuses(full, [
  ['XAPI-00129 XAPI2-4.1.3-part-missing XAPI2-4.1.3-json-file-url', no('attachments[0].fileUrl')],
])
accepts(full, [['XAPI-00127 XAPI2-4.1.3-json-file-url', set('attachments', [attachment()])]])

const data = 'nội dung'
const described = (content: string | Uint8Array = data) => {
  const { fileUrl: _, ...rest } = attachment()
  return {
    ...rest,
    contentType: 'text/plain',
    length: Buffer.byteLength(content as string),
    sha2: sha256(content),
  }
}
const withData = (content: string | Uint8Array = data) => ({
  ...minimal(),
  id: uuid(),
  attachments: [described(content)],
})
const send = (xapi: Client, parts: Part[]) => {
  const { body, headers } = multipart(parts)
  return xapi.post('/statements', body, { headers })
}
const dataPart = (content: string | Uint8Array = data) => attachmentPart(content, 'text/plain')

requirement(
  'XAPI-00127 XAPI2-4.1.3-multipart-attachments',
  'accepts data as multipart/mixed',
  async (xapi) => {
    const answer = await send(xapi, [statementsPart(withData()), dataPart()])
    expect(answer.status, answer.text).toBe(200)
  },
)
requirement(
  'XAPI-00127 XAPI2-4.1.3-multipart-attachments',
  'accepts a batch with data by PUT too',
  async (xapi) => {
    const statement = withData()
    const { body, headers } = multipart([statementsPart(statement), dataPart()])
    const put = await xapi.put('/statements', { statementId: statement.id }, body, { headers })
    expect(put.status, put.text).toBe(204)
  },
)
requirement(
  'XAPI-00127 XAPI2-4.1.3-multipart-file-url',
  'accepts only fileUrl as multipart/mixed',
  async (xapi) => {
    const answer = await send(xapi, [statementsPart({ ...minimal(), attachments: [attachment()] })])
    expect(answer.status, answer.text).toBe(200)
  },
)
requirement(
  'XAPI-00127 XAPI2-4.1.3-multipart-without-attachments',
  'accepts multipart/mixed without attachments',
  async (xapi) => {
    const answer = await send(xapi, [statementsPart([minimal(), minimal()])])
    expect(answer.status, answer.text).toBe(200)
  },
)

/** Wrong requests, each one step away from the first, which is accepted. */
type Wrong = (valid: { statement: ReturnType<typeof withData>; parts: [Part, Part] }) => {
  body: Uint8Array | string
  headers: Record<string, string>
}
const wrong: [ids: string, text: string, make: Wrong][] = [
  [
    'XAPI-00127 XAPI2-4.1.1-content-type',
    'multipart/form-data',
    ({ parts }) => ({
      ...multipart(parts),
      headers: { 'content-type': 'multipart/form-data; boundary=our-boundary' },
    }),
  ],
  [
    'XAPI-00128 XAPI2-4.1.3-part-unclaimed',
    'a part that no statement names',
    ({ parts }) => multipart([...parts, dataPart('thừa')]),
  ],
  [
    'XAPI-00132 XAPI2-4.1.3-part-missing',
    'an attachment whose part is missing',
    ({ parts }) => multipart(parts.slice(0, 1)),
  ],
  [
    'XAPI-00132 XAPI2-4.1.3-multipart-hash',
    'a part without X-Experience-API-Hash',
    ({ parts: [first, { headers, content }] }) => {
      const { 'X-Experience-API-Hash': _, ...rest } = headers
      return multipart([first, { headers: rest, content }])
    },
  ],
  [
    'XAPI-00132 XAPI2-4.1.3-multipart-hash',
    'a part whose hash is of other content',
    ({ parts: [first, second] }) => multipart([first, { ...second, content: 'khác' }]),
  ],
  [
    'XAPI-00132 XAPI2-4.1.3-multipart-by-hash',
    'an attachment and a part that agree in all but the hash',
    ({ statement, parts: [, second] }) =>
      multipart([
        statementsPart({ ...statement, attachments: [{ ...described(), sha2: sha256('khác') }] }),
        second,
      ]),
  ],
  [
    'XAPI-00133 XAPI2-4.1.3-multipart-statements-first',
    'statements in a second part',
    ({ parts }) => multipart([...parts, statementsPart(minimal())]),
  ],
  [
    'XAPI-00134 XAPI2-4.1.3-multipart-statements-first',
    'a first part that is not application/json',
    ({ parts: [first, second] }) =>
      multipart([{ ...first, headers: { 'Content-Type': 'text/plain' } }, second]),
  ],
  [
    'XAPI-00135 XAPI2-4.1.3-multipart-encoding',
    'a part with another Content-Transfer-Encoding',
    ({ parts: [first, second] }) =>
      multipart([
        first,
        { ...second, headers: { ...second.headers, 'Content-Transfer-Encoding': 'base64' } },
      ]),
  ],
  [
    'XAPI2-4.1.3-multipart-parameters-match',
    'a part of another Content-Type than its attachment',
    ({ parts: [first, second] }) =>
      multipart([first, { ...second, headers: { ...second.headers, 'Content-Type': 'image/png' } }]),
  ],
  [
    'XAPI-00131 XAPI2-4.1.3-multipart-boundary',
    'multipart/mixed without its boundary parameter',
    ({ parts }) => ({ ...multipart(parts), headers: { 'content-type': 'multipart/mixed' } }),
  ],
  [
    'XAPI-00130 XAPI2-4.1.3-multipart-boundary',
    'a body that uses another boundary',
    ({ parts }) => ({ ...multipart(parts), headers: { 'content-type': 'multipart/mixed; boundary=other' } }),
  ],
  [
    'XAPI-00130 XAPI2-4.1.3-multipart-boundary',
    'a body without its closing boundary',
    ({ parts }) => {
      const { body, headers } = multipart(parts)
      return { body: body.subarray(0, body.length - 20), headers }
    },
  ],
]
for (const [ids, text, make] of wrong) {
  requirement(ids, `refuses ${text}`, async (xapi) => {
    const content = `${data} ${uuid()}`
    const statement = withData(content)
    const parts: [Part, Part] = [statementsPart(statement), dataPart(content)]
    const { body, headers } = make({ statement, parts })
    const refused = await xapi.post('/statements', body, { headers })
    expect(refused.status, refused.text).toBe(400)
    expect((await xapi.get('/statements', { statementId: statement.id })).status).toBe(404)
    const accepted = await send(xapi, parts)
    expect(accepted.status, accepted.text).toBe(200)
  })
}

requirement(
  'XAPI-00167 XAPI2-4.1.6.1-attachments-true XAPI2-4.1.3-send-attachments',
  'returns the data asked for',
  async (xapi) => {
    const bytes = new Uint8Array([0, 13, 10, 45, 45, 255, 0])
    const statement = withData(bytes)
    statement.attachments[0]!.length = bytes.length
    expect((await send(xapi, [statementsPart(statement), dataPart(bytes)])).status).toBe(200)
    const answer = await xapi.get('/statements', { statementId: statement.id, attachments: true })
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; ?boundary=/)
    const [first, second, ...rest] = partsOf(answer.bytes, answer.headers.get('content-type')!)
    expect(first!.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(first!.content.toString()).id).toBe(statement.id)
    expect(second!.headers).toMatchObject({
      'x-experience-api-hash': sha256(bytes),
      'content-transfer-encoding': 'binary',
      'content-type': 'text/plain',
    })
    expect(new Uint8Array(second!.content)).toEqual(bytes)
    expect(rest).toEqual([])
  },
)

requirement('XAPI-00167 XAPI2-4.1.6.1-attachments-true', 'returns the data of a whole list', async (xapi) => {
  const [one, two] = [`${data} ${uuid()}`, `${data} ${uuid()}`]
  const verb = { id: `https://hoc.example/verbs/${uuid()}` }
  const statements = [withData(one), withData(two), withData(one)].map((statement) => ({
    ...statement,
    verb,
  }))
  await send(xapi, [statementsPart(statements), dataPart(one), dataPart(two)])
  const answer = await xapi.list({ verb: verb.id, attachments: true })
  const [first, ...rest] = partsOf(answer.bytes, answer.headers.get('content-type')!)
  expect(JSON.parse(first!.content.toString()).statements).toHaveLength(3)
  expect(rest.map(({ content }) => content.toString()).sort()).toEqual([one, two].sort())
})

for (const query of [{}, { attachments: false }]) {
  requirement(
    'XAPI-00161 XAPI2-4.1.6.1-attachments-false',
    `returns no data for ${JSON.stringify(query)}`,
    async (xapi) => {
      const statement = withData()
      await send(xapi, [statementsPart(statement), dataPart()])
      const answer = await xapi.get('/statements', { statementId: statement.id, ...query })
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      expect(answer.text).not.toContain(data)
      expect(answer.body.attachments).toEqual(statement.attachments)
    },
  )
}
