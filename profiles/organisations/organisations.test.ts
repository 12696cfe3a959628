import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import type { Organisation, Organisations } from './types.ts'

let world: World
let organisations: Organisations

beforeAll(async () => {
  world = await openWorld()
  organisations = world.profiles.organisations
})
afterAll(() => world.close())

const details = { name: 'Trường THPT Sông Hồng', nameEn: '', kind: 'school', parent: null }
const ids = (answer: object | null) =>
  answer && 'problems' in answer ? (answer.problems as { id: string }[]).map(({ id }) => id) : answer

async function made(
  change: Partial<typeof details> & { parent?: string | null } = {},
): Promise<Organisation> {
  const organisation = await organisations.create({ ...details, ...change }, 'op')
  if ('ok' in organisation) throw new Error(JSON.stringify(organisation))
  return organisation
}

describe('an organisation', () => {
  test('is kept as it was told, and changed', async () => {
    const school = await made({ name: '  Trường   Tiểu học Hòa Bình ', nameEn: 'Hoa Binh School' })
    expect(school).toMatchObject({ name: 'Trường Tiểu học Hòa Bình', state: 'active', closed: null })
    expect(await organisations.get(school.id)).toEqual(school)
    const changed = await organisations.change(school.id, { ...details, kind: 'authority' }, 'op')
    expect(changed).toMatchObject({ name: details.name, nameEn: null, kind: 'authority' })
    expect(await organisations.get('nothing')).toBeNull()
    expect(ids(await organisations.change('nothing', details, 'op'))).toEqual(['organisation-unknown'])
  })

  test('tells everything that is wrong at once', async () => {
    const wrong = { name: ' ', nameEn: 'a'.repeat(201), kind: 'shop', parent: null }
    const told = ['organisation-name-missing', 'organisation-name-too-long', 'organisation-kind-unknown']
    expect(ids(await organisations.create(wrong, 'op'))).toEqual(told)
    const { id } = await made()
    expect(ids(await organisations.change(id, wrong, 'op'))).toEqual(told)
    expect(ids(await organisations.create({ ...details, name: 'a\u202eb' }, 'op'))).toEqual([
      'organisation-name-not-text',
    ])
  })

  test('is closed, says since when, and opens again', async () => {
    const { id } = await made()
    expect(await organisations.setState(id, 'closed', 'op')).toMatchObject({
      state: 'closed',
      closed: expect.any(Number),
    })
    expect(await organisations.setState(id, 'active', 'op')).toMatchObject({ state: 'active', closed: null })
  })

  test('belongs to one that is there, and never to what belongs to it', async () => {
    const [top, middle] = [await made(), await made()]
    expect(ids(await organisations.create({ ...details, parent: 'nothing' as never }, 'op'))).toEqual([
      'organisation-parent-unknown',
    ])
    const under = (id: string, parent: string) =>
      organisations.change(id, { ...details, parent: parent as never }, 'op')
    expect(await under(middle.id, top.id)).toMatchObject({ parent: top.id })
    const leaf = await made({ name: 'Tổ Toán', parent: middle.id as never })
    expect((await organisations.parts(middle.id, { limit: 10 })).organisations).toEqual([leaf])
    for (const [id, parent] of [
      [top.id, top.id],
      [top.id, middle.id],
      [top.id, leaf.id],
    ] as const)
      expect(ids(await under(id, parent))).toEqual(['organisation-parent-circle'])
  })

  test('two that are put under each other at once make no circle', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await made(), await made()]
      const both = await Promise.all([
        organisations.change(a.id, { ...details, parent: b.id as never }, 'op'),
        organisations.change(b.id, { ...details, parent: a.id as never }, 'op'),
      ])
      expect(both.filter((each) => 'ok' in each).map(ids)).toEqual([['organisation-parent-circle']])
    }
  })

  test('is found by words without diacritics, by state, and by its very name', async () => {
    const centre = await made({
      name: 'Trung tâm học tập cộng đồng xã Đông Hưng',
      kind: 'community-learning-centre',
    })
    const other = await made({ name: 'Trung tâm học tập cộng đồng xã Đông Quan' })
    const found = async (query: string) =>
      (await organisations.list({ query, limit: 50 })).organisations.map(({ id }) => id)
    expect(await found('cong dong')).toEqual(expect.arrayContaining([centre.id, other.id]))
    expect(await found('ĐÔNG hung')).toEqual([centre.id])
    expect(await found('khong-co-dau')).toEqual([])
    await organisations.setState(other.id, 'closed', 'op')
    const closed = await organisations.list({ query: 'dong quan', state: 'closed', limit: 50 })
    expect(closed.organisations.map(({ id }) => id)).toEqual([other.id])
    expect(
      (await organisations.list({ query: 'dong quan', state: 'active', limit: 50 })).organisations,
    ).toEqual([])
    expect(await organisations.named('trung tam hoc tap cong dong xa DONG HUNG')).toEqual([centre])
    const names = (await organisations.list({ limit: 100 })).organisations.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(10)
    const page = await organisations.list({ limit: 1 })
    const next = await organisations.list({ limit: 1, after: page.next! })
    expect([...page.organisations, ...next.organisations].map(({ name }) => name)).toEqual(names.slice(0, 2))
  })
})

describe('a logo', () => {
  const png = (width: number, height = width) => {
    const bytes = Buffer.alloc(64)
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    bytes.write('IHDR', 12, 'latin1')
    bytes.writeUInt32BE(width, 16)
    bytes.writeUInt32BE(height, 20)
    return bytes
  }
  const jpeg = () => {
    const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 90, 0, 120, 1, 1, 0x11, 0])
    return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff]), frame])
  }
  const webp = (kind: string, rest: number[]) =>
    Buffer.concat([
      Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'),
      Buffer.from(kind, 'latin1'),
      Buffer.from(rest),
      Buffer.alloc(20),
    ])

  test('is known by its bytes, kept, replaced and taken away', async () => {
    const { id } = await made()
    for (const [content, type] of [
      [png(300), 'image/png'],
      [jpeg(), 'image/jpeg'],
      [webp('VP8X', [10, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 99, 0, 0]), 'image/webp'],
      [webp('VP8 ', [10, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 100, 0, 100, 0]), 'image/webp'],
      [webp('VP8L', [10, 0, 0, 0, 0x2f, 0x63, 0xc0, 0x18, 0]), 'image/webp'],
    ] as const) {
      expect(await organisations.setLogo(id, content, 'op')).toMatchObject({ logo: { type } })
      const logo = await organisations.logo(id)
      expect(logo).toMatchObject({ type, size: content.length })
      expect(Buffer.concat(await logo!.content.toArray())).toEqual(content)
    }
    const { sha2 } = (await organisations.get(id))!.logo!
    const day = Date.now() + 2 * 86_400_000
    await world.store.blobs.collect(day)
    expect(await world.store.blobs.size(sha2)).not.toBeNull()
    expect(await organisations.setLogo(id, null, 'op')).toMatchObject({ logo: null })
    expect(await organisations.logo(id)).toBeNull()
    await world.store.blobs.collect(day)
    expect(await world.store.blobs.size(sha2)).toBeNull()
  })

  test('that is none, too large or too wide is refused, and the one before stays', async () => {
    const { id } = await made()
    await organisations.setLogo(id, png(20), 'op')
    for (const [content, problem] of [
      [
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        'logo-not-image',
      ],
      [Buffer.from('GIF89a'), 'logo-not-image'],
      [Buffer.alloc(0), 'logo-not-image'],
      [png(0), 'logo-not-image'],
      [png(5000, 10), 'logo-too-wide'],
      [Buffer.concat([png(20), Buffer.alloc(1_000_000)]), 'logo-too-large'],
    ] as const)
      expect(ids(await organisations.setLogo(id, content, 'op'))).toEqual([problem])
    expect((await organisations.get(id))?.logo).toMatchObject({ type: 'image/png' })
    expect(ids(await organisations.setLogo('nothing', png(20), 'op'))).toEqual(['organisation-unknown'])
  })
})
