import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Cursor, createCursorSigner } from './cursor.ts'

const cursor: Cursor = {
  query: { keys: ['verb:http://example.vn/v'], ascending: false, limit: 10 },
  after: 7,
  credential: 'key',
  version: '1.0.3',
  format: 'ids',
  attachments: false,
}
const key = randomBytes(32)

test('a cursor comes back as it was signed, also from another process with the same key', () => {
  const text = createCursorSigner(key, 'main').sign(cursor)
  expect(createCursorSigner(key, 'main').read(text, 'key', '1.0.3')).toEqual({ cursor })
})

test('a cursor of another credential, version, tenant or key is refused', () => {
  const signer = createCursorSigner(key, 'main')
  const text = signer.sign(cursor)
  expect(signer.read(text, 'other', '1.0.3')).toMatchObject({ problem: { id: 'more-foreign' } })
  expect(signer.read(text, 'key', '2.0.0')).toMatchObject({ problem: { id: 'more-version' } })
  expect(createCursorSigner(key, 'other').read(text, 'key', '1.0.3')).toMatchObject({
    problem: { id: 'more-foreign' },
  })
  expect(createCursorSigner(randomBytes(32), 'main').read(text, 'key', '1.0.3')).toHaveProperty('problem')
})

test('a cursor whose content was changed is refused', () => {
  const signer = createCursorSigner(key, 'main')
  const [, signature] = signer.sign(cursor).split('.')
  const forged = Buffer.from(JSON.stringify({ ...cursor, query: { ...cursor.query, keys: [] } })).toString(
    'base64url',
  )
  expect(signer.read(`${forged}.${signature}`, 'key', '1.0.3')).toHaveProperty('problem')
  for (const text of ['', '.', 'a', 'a.b', `${forged}.`])
    expect(signer.read(text, 'key', '1.0.3')).toHaveProperty('problem')
})

test('a cursor holds for a day', () => {
  let now = 1_000
  const signer = createCursorSigner(key, 'main', () => now)
  const text = signer.sign(cursor)
  now += 86_400_000 - 1
  expect(signer.read(text, 'key', '1.0.3')).toHaveProperty('cursor')
  now += 2
  expect(signer.read(text, 'key', '1.0.3')).toMatchObject({ problem: { id: 'more-expired' } })
})
