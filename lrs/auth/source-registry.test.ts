import { afterAll, beforeAll, expect, test } from 'vitest'
import { startXapi, type TestXapi } from '../../tests/support/xapi.ts'
import { DEFAULT_SCOPES } from '../caller.ts'
import { authorityOf } from './caller-of.ts'
import { CREDENTIALS } from './collections.ts'

let xapi: TestXapi
beforeAll(async () => {
  xapi = await startXapi()
})
afterAll(() => xapi.close())

test('sources of the same name get ids of their own, made of the name without diacritics', async () => {
  const made = await Promise.all(
    [1, 2, 3].map(() => xapi.registry().create({ name: 'Trung tâm Đông Hưng', kind: 'centre' }, 'test')),
  )
  const ids = made.map((source) => ('ok' in source ? '' : source.id)).sort()
  expect(ids).toEqual(['trung-tam-dong-hung', 'trung-tam-dong-hung-2', 'trung-tam-dong-hung-3'])
})

test('the authority is an account that neither a new name nor a new secret changes', async () => {
  const created = await xapi.registry().create({ name: 'Moodle', kind: 'lms' }, 'test')
  if ('ok' in created) throw new Error('refused')
  const changed = await xapi.registry().change(created.id, { name: 'Moodle 5' }, 'test')
  if ('ok' in changed) throw new Error('refused')
  expect(authorityOf(changed).account).toEqual(authorityOf(created).account)
  expect(authorityOf(created).account).toEqual({ homePage: 'urn:suotdoi:tenant:main', name: 'moodle' })
})

test('a new credential holds its own source’s business only, and its secret is kept as a hash', async () => {
  const { credential, secret } = await xapi.issue(DEFAULT_SCOPES, 'Fresh')
  expect(credential.scopes).toEqual([
    'statements/write',
    'statements/read/mine',
    'state',
    'profile',
    'define',
  ])
  expect(Buffer.from(credential.key, 'hex').length).toBe(16)
  expect(Buffer.from(secret, 'base64url').length).toBe(32)
  const row = await xapi.storage.system.get(CREDENTIALS, credential.key)
  expect(row?.value.hash).toMatch(/^\$argon2id\$/)
  expect(JSON.stringify(row)).not.toContain(secret)
  const listed = await xapi.registry().credentials()
  for (const one of listed) expect(Object.keys(one)).not.toEqual(expect.arrayContaining(['hash']))
  for (const one of listed) expect(Object.keys(one)).not.toEqual(expect.arrayContaining(['digest']))
})

test('only a secret that was made here is kept as a fast digest too: one that was given may be guessed', async () => {
  const made = await xapi.issue(DEFAULT_SCOPES, 'Fresh')
  const rotated = await xapi.registry().rotate(made.credential.key, 'test')
  const given = { secret: 'chosen-by-a-person', label: 'given', key: 'given-key' }
  const issued = await xapi.registry().issue(made.credential.source, given, 'test')
  if ('ok' in rotated || 'ok' in issued) throw new Error('refused')
  const digestOf = async (key: string) => (await xapi.storage.system.get(CREDENTIALS, key))?.value.digest
  expect(await digestOf(made.credential.key)).toMatch(/^[\w-]{43}$/)
  expect(await digestOf(rotated.credential.key)).toMatch(/^[\w-]{43}$/)
  expect(await digestOf('given-key')).toBeUndefined()
})

test.each([
  [{ scopes: [] }, 'credential-scopes-empty'],
  [{ scopes: ['everything'] as never }, 'credential-scope-unknown'],
  [{ expires: 1 }, 'credential-expires-past'],
  [{ key: 'a:b:c' }, 'credential-key-malformed'],
  [{ secret: 'short' }, 'credential-secret-malformed'],
])('issuing with %o is refused as %s', async (options, id) => {
  await xapi.issue(['all'], 'Refusing')
  const issued = await xapi.registry().issue('refusing', { label: '', ...options }, 'test')
  expect(issued).toMatchObject({ ok: false, problems: [{ id }] })
})

test('a key is taken once in the whole store', async () => {
  await xapi.issue(['all'], 'Taking')
  const options = { label: '', key: 'chosen-key', secret: 'a-secret-of-20-chars' }
  expect(await xapi.registry().issue('taking', options, 'test')).toHaveProperty('secret')
  expect(await xapi.registry().issue('taking', options, 'test')).toMatchObject({ status: 409 })
})

test('narrowing takes scopes away and never adds one', async () => {
  const { credential } = await xapi.issue(['statements/read', 'state'], 'Narrowing')
  const registry = xapi.registry()
  expect(await registry.narrow(credential.key, ['state', 'define'], 'test')).toMatchObject({
    problems: [{ id: 'credential-scope-wider' }],
  })
  expect(await registry.narrow(credential.key, ['statements/read/mine'], 'test')).toMatchObject({
    scopes: ['statements/read/mine'],
  })
})
