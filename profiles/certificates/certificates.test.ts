import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createLrs,
  createSourceRegistry,
  createTenants,
  DEFAULT_TENANT,
  statementKey,
} from '../../lrs/index.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { tellingOf } from '../projection/fact.ts'
import { type CertificateInput, type Certificates, createCertificates } from './certificates.ts'
import { CERTIFICATE_TYPE, ISSUER, NUMBER } from './statements.ts'

const NOW = Date.parse('2026-11-24T09:00:00+07:00')
const HOME = 'urn:suotdoi:tenant:main:people'
const INPUT: CertificateInput = {
  name: 'Chứng chỉ sơ cấp nghề may',
  issuer: 'Trường Trung cấp nghề Hưng Yên',
  day: '2019-06-15',
  number: 'B 012345/SCN',
}

let store: TestStore
let certificates: Certificates
const forgotten: [string, string][] = []

beforeAll(async () => {
  store = await openTestStore()
  await createTenants(store.storage)
  const sources = createSourceRegistry(store.storage.system, DEFAULT_TENANT)
  const source = await sources.create({ name: 'Nhật ký học', kind: 'diary' }, 'test')
  if ('ok' in source) throw new Error(JSON.stringify(source))
  certificates = createCertificates({
    collections: store.storage.tenant(DEFAULT_TENANT).collections,
    lrs: createLrs({ storage: store.storage, tenant: DEFAULT_TENANT }),
    caller: await sources.callerOf(source.id, 'diary', ['statements/write', 'define']),
    accountHomePage: HOME,
    fall: async () => {},
    async forget(...what) {
      forgotten.push(what)
    },
    now: () => NOW,
  })
})
afterAll(() => store.close())

async function standing(of: string) {
  const outcome = await store.storage.tenant(DEFAULT_TENANT).statements.query({
    keys: [statementKey.actor(`account:${HOME} ${of}`)],
    ascending: true,
    limit: 100,
    maxBytes: 1e6,
    includeVoided: true,
    fresh: true,
  })
  return outcome.statements.filter(({ voided, voiding }) => !voided && !voiding)
}

async function add(input: Partial<CertificateInput> = {}, of: string = randomUUID()) {
  const added = await certificates.add(of, { ...INPUT, ...input })
  if ('problems' in added) throw new Error(JSON.stringify(added))
  return added
}

test('a certificate is a statement of what was earned, when and by whom, without time spent', async () => {
  const held = await add()
  const [told] = await standing(held.person)
  expect(JSON.parse(told!.text)).toMatchObject({
    actor: { account: { homePage: HOME, name: held.person } },
    verb: { id: 'http://id.tincanapi.com/verb/earned' },
    object: {
      id: `urn:uuid:${held.id}`,
      definition: {
        type: CERTIFICATE_TYPE,
        name: { vi: INPUT.name },
        extensions: { [ISSUER]: INPUT.issuer, [NUMBER]: INPUT.number },
      },
    },
    timestamp: '2019-06-15T05:00:00.000Z',
  })
  expect(tellingOf(told!, 'tu-khai')).toMatchObject({ duration: null, success: true, level: 'tu-khai' })
  expect(await certificates.get(held.person, held.id)).toEqual(held)
})

test('a change voids what was told; what is taken back stands nowhere, and its files are forgotten', async () => {
  const { id, person } = await add()
  await certificates.change(person, id, { ...INPUT, number: '', name: 'Chứng chỉ  nghề may ' })
  const [told, ...more] = await standing(person)
  expect(more).toEqual([])
  expect(JSON.parse(told!.text).object.definition).toMatchObject({ name: { vi: 'Chứng chỉ nghề may' } })
  expect(told!.text).not.toContain(NUMBER)
  await certificates.remove(person, id)
  expect(await standing(person)).toEqual([])
  expect(forgotten).toContainEqual([person, `urn:uuid:${id}`])
  expect(await certificates.of(person, { limit: 5 })).toEqual({ certificates: [], next: null })
})

test('today’s paper is not told of before now, and lists go by the day on the paper', async () => {
  const today = await add({ day: '2026-11-24' })
  expect(today.at).toBe(NOW)
  await add({ day: '1998-01-02' }, today.person)
  await add({ day: '2020-01-02' }, today.person)
  const { certificates: all } = await certificates.of(today.person, { limit: 5 })
  expect(all.map(({ day }) => day)).toEqual(['2026-11-24', '2020-01-02', '1998-01-02'])
})

test('nobody reads or changes what is another’s', async () => {
  const { id } = await add()
  const other = randomUUID()
  expect(await certificates.get(other, id)).toBeNull()
  expect(await certificates.change(other, id, INPUT)).toBeNull()
  expect(await certificates.remove(other, id)).toBeNull()
})

test('what a form can get wrong is told at once, a citizen number is refused, and nothing is recorded', async () => {
  const of = randomUUID()
  const wrong = await certificates.add(of, { name: ' ', issuer: '', day: '2026-02-30', number: '' })
  expect('problems' in wrong && wrong.problems.map(({ id, path }) => [id, path])).toEqual([
    ['certificate-name-missing', 'name'],
    ['certificate-issuer-missing', 'issuer'],
    ['certificate-day-wrong', 'day'],
  ])
  for (const [input, id, path] of [
    [{ name: 'x'.repeat(201) }, 'certificate-long', 'name'],
    [{ number: 'x'.repeat(61) }, 'certificate-long', 'number'],
    [{ issuer: 'a\u0000b' }, 'certificate-bad', 'issuer'],
    [{ number: '033 195 001 234' }, 'certificate-citizen-number', 'number'],
    [{ name: 'Bằng của 033195001234' }, 'certificate-citizen-number', 'name'],
    [{ day: '2026-11-25' }, 'certificate-day-later', 'day'],
    [{ day: '1800-01-01' }, 'certificate-day-wrong', 'day'],
    [{ day: '' }, 'certificate-day-wrong', 'day'],
  ] as const)
    expect(await certificates.add(of, { ...INPUT, ...input })).toMatchObject({ problems: [{ id, path }] })
  expect(await standing(of)).toEqual([])
})
