import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { PERSONS } from '../accounts/documents.ts'
import type { Person } from '../types.ts'
import { DIRECTORY, DIRECTORY_FILLED, SEARCHES } from './documents.ts'
import { enterPerson } from './entries.ts'
import { isMeant, prefixFor, termsOf } from './terms.ts'

let world: World
const people: Record<string, string> = {}
const reader = { person: 'staff', organisation: 'centre', session: 's1' }
const purpose = { purpose: 'confirm', words: null, until: Number.MAX_SAFE_INTEGER } as const

const NAMES = {
  hoa: 'Nguyễn Thị Hoà',
  hoang: 'Hoàng Văn Đức',
  lyHoa: 'Lý Kim Hoa',
  do: 'Đỗ Thị Thu',
}
beforeAll(async () => {
  world = await openWorld()
  for (const [who, name] of Object.entries(NAMES)) {
    const made = await world.profiles.accounts.register({
      identifier: `${who}@example.org`,
      password: 'con ong chăm chỉ',
      name,
      language: 'vi',
    })
    if ('ok' in made) throw new Error(JSON.stringify(made))
    people[who] = made.id
  }
})
afterAll(() => world.close())

async function find(query: string, of = reader): Promise<string[]> {
  const found = await world.profiles.directory.find(of, { query, purpose, limit: 25 })
  if (!found.ok) throw new Error(JSON.stringify(found))
  return found.people.map(({ name }) => name).sort()
}

test.each([
  ['nguyen hoa', ['hoa']],
  ['Hoà Nguyễn', ['hoa']],
  ['ng ho', ['hoa']],
  ['hoa', ['hoa', 'hoang', 'lyHoa']],
  ['ly hoa', ['lyHoa']],
  ['l hoa', ['lyHoa']],
  ['kim hoa ly', ['lyHoa']],
  ['do thi', ['do']],
  ['Đỗ Thu', ['do']],
  ['nguyen hoang', []],
  ['hoa khong', []],
] as const)('%s finds by the beginnings of words, without diacritics, in any order', async (query, who) => {
  expect(await find(query)).toEqual(who.map((one) => NAMES[one]).sort())
})

test('whoever is meant is found, whichever words are asked for', () => {
  for (const name of Object.values(NAMES)) {
    const words = name.split(' ')
    for (const one of words)
      for (const other of words)
        for (const cut of [1, 2, 9]) {
          const asked = [...new Set([one, other])].map((word) => termsOf(word)[0]!.slice(0, cut))
          const prefix = prefixFor(asked)!
          expect(isMeant(name, asked)).toBe(true)
          expect(
            termsOf(name).some((term) => term.startsWith(prefix)),
            `${name}: ${asked}`,
          ).toBe(true)
        }
  }
})

test('a search shows what tells namesakes apart, and is kept with its purpose', async () => {
  const found = await world.profiles.directory.find(reader, { query: 'ly hoa', purpose, limit: 25 })
  expect(found).toMatchObject({
    people: [{ person: people.lyHoa, name: NAMES.lyHoa, masked: ['ly•••@…'], contact: null }],
  })
  expect(JSON.stringify(found)).not.toContain('example.org')
  const kept = await world.store.collections.find(SEARCHES, {
    index: 'by',
    equals: { by: 'staff' },
    descending: true,
    limit: 1,
  })
  expect(kept.docs[0]?.value).toMatchObject({ query: 'ly hoa', purpose: 'confirm' })
})

test.each(['an 001099012345', '001 099 012 345', 'lan 001,099,012,345'])(
  'a search by a citizen number, %s, is refused and kept nowhere',
  async (query) => {
    const curious = { ...reader, person: 'curious' }
    const asked = await world.profiles.directory.find(curious, { query, purpose, limit: 25 })
    expect(asked).toMatchObject({ problems: [{ id: 'search-number' }] })
    const kept = { index: 'by', equals: { by: 'curious' } }
    expect(await world.store.collections.count(SEARCHES, kept)).toBe(0)
  },
)

test('a name that changes is found as it is now; who chose so is found by name no more', async () => {
  await world.profiles.accounts.change(people.do!, { name: 'Đỗ Thị Thủy' })
  expect(await find('do thuy')).toEqual(['Đỗ Thị Thủy'])
  expect(await find('do thu')).toEqual(['Đỗ Thị Thủy'])
  await world.profiles.directory.setFindable(people.do!, false)
  expect(await find('do thuy')).toEqual([])
  // Not by a new name either.
  await world.profiles.accounts.change(people.do!, { name: 'Đỗ Thị Thu' })
  expect(await find('do thu')).toEqual([])
  expect(await world.profiles.directory.open(reader, people.do!)).toBeNull()
  expect(await world.profiles.directory.open(reader, people.hoa!)).toMatchObject({ name: NAMES.hoa })
  await world.profiles.directory.setFindable(people.do!, true)
  expect(await find('do thu')).toEqual(['Đỗ Thị Thu'])
})

test('a code opens once, for who it was shown to, also one who hides; wrong ones come to an end', async () => {
  const { codes, open, setFindable } = world.profiles.directory
  await setFindable(people.hoa!, false)
  const first = await codes.make(people.hoa!)
  const second = await codes.make(people.hoa!)
  expect(second.code).toMatch(/^\d{8}$/)
  expect(await codes.use(reader, first.code)).toMatchObject({ status: 404 })
  const typed = `${second.code.slice(0, 4)} ${second.code.slice(4)}`
  expect(await codes.use(reader, typed)).toEqual({ ok: true, person: people.hoa })
  expect(await codes.use(reader, typed)).toMatchObject({ status: 404 })
  expect(await open(reader, people.hoa!)).toMatchObject({ person: people.hoa })
  expect(await open({ ...reader, session: 's2' }, people.hoa!)).toBeNull()
  expect(await open({ ...reader, organisation: 'other' }, people.hoa!)).toBeNull()
  await setFindable(people.hoa!, true)
  const guesser = { ...reader, person: 'guesser' }
  const tries = await Promise.all(Array.from({ length: 40 }, (_, at) => codes.use(guesser, String(at))))
  expect(tries.filter((each) => !each.ok && each.status === 404)).toHaveLength(20)
  const good = await codes.make(people.hoa!)
  expect(await codes.use(guesser, good.code)).toMatchObject({ problems: [{ id: 'person-code-many' }] })
  expect(await codes.use(reader, good.code)).toMatchObject({ ok: true })
})

test('a page holds as many as it should, and together they hold everybody once', async () => {
  const all = Array.from({ length: 70 }, (_, at) => ({
    ...{ id: `page-${at}`, name: `Nguyễn ${at % 2 === 0 ? 'Thị' : 'Văn'} Phượng ${at}`, roles: ['citizen'] },
    ...{ language: 'vi', created: 1 },
  })) as Person[]
  await world.store.collections.batch(
    all.flatMap((each) => [
      { op: 'insert' as const, collection: PERSONS, key: each.id, value: each },
      enterPerson(each),
    ]),
  )
  for (const [query, sizes] of [
    ['nguyen phuong', [25, 25, 20]],
    ['nguyen thi phuong', [25, 10]],
  ] as const) {
    const seen: string[] = []
    const got: number[] = []
    for (let after: string | null = ''; after !== null; ) {
      const asked = { query, purpose, limit: 25, ...(after !== '' && { after }) }
      const found = await world.profiles.directory.find(reader, asked)
      if (!found.ok) throw new Error(JSON.stringify(found))
      seen.push(...found.people.map(({ person }) => person))
      got.push(found.people.length)
      after = found.next
    }
    expect(got).toEqual(sizes)
    expect(new Set(seen).size).toBe(seen.length)
  }
})

test('there is an end to searching, for each of staff', async () => {
  const eager = { ...reader, person: 'eager' }
  const ask = () => world.profiles.directory.find(eager, { query: 'ly hoa', purpose, limit: 25 })
  // Of many at once the first go through, and no more.
  const first = await Promise.all(Array.from({ length: 200 }, ask))
  expect(first.filter(({ ok }) => ok)).toHaveLength(120)
  const refused = await world.profiles.directory.find(eager, { query: 'ly hoa', purpose, limit: 25 })
  expect(refused).toMatchObject({ problems: [{ id: 'search-many' }] })
  expect(await find('ly hoa')).toEqual([NAMES.lyHoa])
  const { docs } = await world.store.collections.find(SEARCHES, {
    ...{ index: 'by', equals: { by: 'eager' }, limit: 200 },
  })
  expect(docs).toHaveLength(120)
  const short = await world.profiles.directory.find(reader, { query: 'h ', purpose, limit: 25 })
  expect(short).toMatchObject({ problems: [{ id: 'search-short' }] })
})

test('who was there before is entered, once, also when it is cut short; who is merged is not shown', async () => {
  const { collections } = world.store
  const before: Person = { id: 'old', name: 'Trần Cổ', roles: ['citizen'], language: 'vi', created: 1 }
  await collections.insert(PERSONS, 'old', before)
  await collections.insert(PERSONS, 'gone', { ...before, id: 'gone', mergedInto: 'old' })
  await collections.delete(DIRECTORY, people.lyHoa!)
  const killed = {
    ...collections,
    batch: () => Promise.reject(new Error('killed')),
  }
  await expect((await world.again(killed)).fillDirectory()).rejects.toThrow('killed')
  expect(await find('tran co')).toEqual([])
  expect(await world.profiles.fillDirectory()).toBe(3)
  expect(await world.profiles.fillDirectory()).toBe(0)
  expect(await find('tran co')).toEqual(['Trần Cổ'])
  expect(await find('ly hoa')).toEqual([NAMES.lyHoa])
  expect((await collections.get(DIRECTORY_FILLED, 'now'))?.value).toMatchObject({ done: true })
})
