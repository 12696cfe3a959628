/** Signed statements: what makes a signature well formed, and when it is verified. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign, GeneralSign } from 'jose'
import { expect } from 'vitest'
import { certificate } from '../../lrs/statement/certificate.fixture.ts'
import type { Client } from './support/client.ts'
import { attachmentPart, multipart, sha256, statementsPart } from './support/multipart.ts'
import { requirement } from './support/requirement.ts'
import { full, SIGNATURE } from './support/statements.ts'

const own = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const x5c = [certificate({ name: 'own', privateKey: own }, { name: 'own', privateKey: own })]

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))

const sign = (
  payload: unknown,
  header: { alg: string; x5c?: string[] } = { alg: 'RS256' },
  key: KeyObject = own,
) =>
  new CompactSign(encode(payload))
    .setProtectedHeader(header)
    .sign(header.alg.startsWith('HS') ? new Uint8Array(64) : key)

/** Sends a statement with this signature. */
function send(
  xapi: Client,
  statement: ReturnType<typeof full>,
  signature: string,
  { contentType = 'application/octet-stream', more = {} }: { contentType?: string; more?: object } = {},
) {
  const attachment = {
    usageType: SIGNATURE,
    display: { en: 'Signature' },
    contentType,
    length: encode(signature).length,
    sha2: sha256(signature),
    ...more,
  }
  const signed = { ...statement, attachments: [...statement.attachments, attachment] }
  const parts = 'fileUrl' in more ? [] : [attachmentPart(signature, contentType)]
  const { body, headers } = multipart([statementsPart(signed), ...parts])
  return xapi.post('/statements', body, { headers })
}

for (const alg of ['RS256', 'RS384', 'RS512']) {
  requirement(
    'XAPI-00117 XAPI-00115 XAPI2-4.2.6-algorithm XAPI2-4.2.6-jws',
    `accepts ${alg}`,
    async (xapi) => {
      const statement = full(xapi.version)
      const answer = await send(xapi, statement, await sign(statement, { alg }))
      expect(answer.status, answer.text).toBe(200)
      expect((await xapi.fetch(statement.id)).attachments).toHaveLength(2)
    },
  )
}
for (const alg of ['HS256', 'PS256']) {
  requirement('XAPI-00117 XAPI2-4.2.6-algorithm XAPI2-4.2.6-refused', `refuses ${alg}`, async (xapi) => {
    const statement = full(xapi.version)
    const answer = await send(xapi, statement, await sign(statement, { alg }))
    expect(answer.status, answer.text).toBe(400)
  })
}

requirement(
  'XAPI-00115 XAPI2-4.2.6-content-type',
  'refuses a signature of another content type',
  async (xapi) => {
    const statement = full(xapi.version)
    const answer = await send(xapi, statement, await sign(statement), { contentType: 'text/plain' })
    expect(answer.status, answer.text).toBe(400)
  },
)

requirement('XAPI-00115 XAPI2-4.2.6-part', 'refuses a signature that is only linked', async (xapi) => {
  const statement = full(xapi.version)
  const more = { fileUrl: 'https://hoc.example/signature' }
  const answer = await send(xapi, statement, await sign(statement), { more })
  expect(answer.status, answer.text).toBe(400)
})

requirement(
  'XAPI-00115 XAPI2-4.2.6-jws XAPI2-4.2.6-refused',
  'refuses what is no compact JWS',
  async (xapi) => {
    const statement = full(xapi.version)
    const json = await new GeneralSign(encode(statement))
      .addSignature(own)
      .setProtectedHeader({ alg: 'RS256' })
      .sign()
    for (const signature of ['x', 'a.b.c', JSON.stringify(json)]) {
      const answer = await send(xapi, statement, signature)
      expect(answer.status, answer.text).toBe(400)
    }
  },
)

for (const [text, payload] of [
  ['no JSON', 'a statement'],
  ['no statement', { hello: 1 }],
] as const) {
  requirement(
    'XAPI-00116 XAPI2-4.2.6-payload XAPI2-4.2.6-refused',
    `refuses a payload that is ${text}`,
    async (xapi) => {
      const answer = await send(xapi, full(xapi.version), await sign(payload))
      expect(answer.status, answer.text).toBe(400)
    },
  )
}

requirement(
  'XAPI-00116 XAPI2-4.2.6-equivalent',
  'refuses the signature of another statement',
  async (xapi) => {
    const statement = full(xapi.version)
    const other = { ...statement, actor: { ...statement.actor, mbox: 'mailto:other@hoc.example' } }
    const answer = await send(xapi, statement, await sign(other))
    expect(answer.status, answer.text).toBe(400)
  },
)

requirement(
  'XAPI-00116 XAPI2-4.2.6-equivalent',
  'accepts an equivalent payload written otherwise',
  async (xapi) => {
    const statement = full(xapi.version)
    const { attachments: _, ...rest } = statement
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(rest).reverse()), null, 2)
    const answer = await send(xapi, statement, await sign(reordered))
    expect(answer.status, answer.text).toBe(200)
  },
)

requirement(
  'XAPI-00117 XAPI2-4.2.6-certificate',
  'verifies a signature against its certificate',
  async (xapi) => {
    const statement = full(xapi.version)
    const header = { alg: 'RS256', x5c }
    const forged = await send(xapi, statement, await sign(statement, header, stranger))
    expect(forged.status, forged.text).toBe(400)
    const genuine = await send(xapi, statement, await sign(statement, header))
    expect(genuine.status, genuine.text).toBe(200)
  },
)
