import { generateKeyPairSync, hash } from 'node:crypto'
import { CompactSign } from 'jose'
import { describe, expect, test } from 'vitest'
import { certificate, type Signer } from './certificate.fixture.ts'
import { prepareStatements } from './prepare.ts'
import { SIGNATURE } from './signature.ts'
import { caller, fullStatement, type Loose, leastStatement } from './statement.fixture.ts'

const signer = (name: string): Signer => ({
  name,
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
})
const [own, issuer, stranger] = [signer('own'), signer('issuer'), signer('stranger')]

async function jws(
  payload: unknown,
  header: { alg: string; x5c?: string[] } = { alg: 'RS256' },
): Promise<string> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const key = header.alg.startsWith('HS') ? new Uint8Array(64) : own.privateKey
  return new CompactSign(new TextEncoder().encode(text)).setProtectedHeader(header).sign(key)
}

/** Problems of a statement sent with this signature. */
async function told(
  statement: Loose,
  signature: string,
  contentType = 'application/octet-stream',
): Promise<string[]> {
  const bytes = new TextEncoder().encode(signature)
  const sha2 = hash('sha256', bytes, 'hex')
  const attachment = { usageType: SIGNATURE, display: {}, contentType, length: bytes.length, sha2 }
  const text = JSON.stringify({ ...statement, attachments: [...(statement.attachments ?? []), attachment] })
  const parts = [{ sha2, blob: sha2, size: bytes.length, contentType, bytes }]
  const prepared = await prepareStatements({ text, version: '1.0.3', parts }, caller)
  return prepared.ok ? [] : prepared.problems.map(({ id }) => id)
}

describe('well formed', () => {
  test.each(['RS256', 'RS384', 'RS512'])('XAPI-00117: %s passes', async (alg) => {
    expect(await told(fullStatement(), await jws(fullStatement(), { alg }))).toEqual([])
  })
  test.each(['HS256', 'PS256'])('XAPI-00117: %s does not', async (alg) => {
    expect(await told(fullStatement(), await jws(fullStatement(), { alg }))).toEqual(['signature-algorithm'])
  })
  test('XAPI-00115: a signature is application/octet-stream', async () => {
    expect(await told(fullStatement(), await jws(fullStatement()), 'text/plain')).toEqual([
      'signature-content-type',
    ])
  })
  test.each(['', 'x', 'a.b', 'a.b.c', '{"payload":"x","signatures":[]}', 'e30.e30.', 'W10.e30.eA'])(
    'XAPI-00115: %j is no JWS in compact form',
    async (text) => {
      const [id] = await told(fullStatement(), text)
      expect(['signature-jws', 'signature-algorithm']).toContain(id)
    },
  )
  test('XAPI-00115: a signature that is only linked, or that did not come, is missing', async () => {
    const statement = fullStatement()
    statement.attachments[0].usageType = SIGNATURE
    statement.attachments[0].contentType = 'application/octet-stream'
    const text = JSON.stringify(statement)
    const prepared = await prepareStatements({ text, version: '1.0.3', parts: [] }, caller)
    expect(prepared).toMatchObject({ ok: false, problems: [{ id: 'signature-part' }] })
  })
})

describe('the payload', () => {
  test.each(["{'id':1}", '[]', '1', '{"actor":1,"actor":2}', '['.repeat(100) + ']'.repeat(100)])(
    'XAPI-00116: %j is no statement',
    async (payload) => {
      expect(await told(leastStatement(), await jws(payload))).toEqual(['signature-payload'])
    },
  )
  test('JSON that is no statement differs from every statement', async () => {
    for (const payload of [{}, { actor: 1 }, { ...leastStatement(), object: { objectType: 'Agent' } }]) {
      expect(await told(leastStatement(), await jws(payload))).toEqual(['signature-different'])
    }
  })
  test('it may differ in what is no part of a statement', async () => {
    const signed = fullStatement()
    delete signed.attachments
    delete signed.object.definition
    signed.verb.display = { fr: 'a répondu' }
    signed.result.duration = 'PT1M30.509S'
    signed.timestamp = '2026-05-04T05:00:00.25Z'
    expect(await told(fullStatement(), await jws(signed))).toEqual([])
  })
  test('it differs in nothing else, nor does it carry over to another id or time', async () => {
    for (const change of [
      { result: {} },
      { id: '8f87ccde-bb56-4c2e-ab83-44982ef22df0' },
      { timestamp: '2020-01-01T00:00:00Z' },
    ]) {
      const payload = await jws({ ...fullStatement(), ...change })
      expect(await told(fullStatement(), payload)).toEqual(['signature-different'])
    }
  })
})

describe('the certificate', () => {
  test('a signature is verified against its first certificate, and the chain behind it', async () => {
    const alone = [certificate(own, own)]
    const chain = [certificate(own, issuer), certificate(issuer, issuer)]
    for (const x5c of [alone, chain]) {
      expect(await told(fullStatement(), await jws(fullStatement(), { alg: 'RS256', x5c }))).toEqual([])
    }
  })
  test("another's certificate, a broken chain or none at all is refused", async () => {
    const wrong = [
      [certificate(stranger, stranger)],
      [certificate(own, stranger), certificate(issuer, issuer)],
      [certificate(own, { ...issuer, privateKey: stranger.privateKey }), certificate(issuer, issuer)],
      ['no certificate'],
      [],
      Array(11).fill(certificate(own, own)),
    ]
    for (const x5c of wrong) {
      expect(await told(fullStatement(), await jws(fullStatement(), { alg: 'RS256', x5c }))).toEqual([
        'signature-invalid',
      ])
    }
  })
  test('a changed payload breaks the signature', async () => {
    const x5c = [certificate(own, own)]
    const [header, , signature] = (await jws(leastStatement(), { alg: 'RS256', x5c })).split('.')
    const other = { ...leastStatement(), result: { success: true } }
    const payload = Buffer.from(JSON.stringify(other)).toString('base64url')
    expect(await told(other, `${header}.${payload}.${signature}`)).toEqual(['signature-invalid'])
  })
})
