import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, TOPIC, taken } from '../../tests/support/host-world.ts'
import { attempts, contents, lessons, settings, versions } from '../collections.ts'
import { gatherLesson } from '../pack.ts'

let world: HostWorld
let quiz: Map<string, Buffer>
beforeEach(async () => {
  await world?.close()
  world = await openHostWorld()
  quiz = await gatherLesson('phan-loai-rac')
})
afterAll(() => world.close())

const frameOf = async (lesson: string, person: string) => {
  const { frameUrl } = taken(await world.host.play(lesson, person))
  return (await fetch(world.url + frameUrl)).text()
}
const withKit = (patch: number) => {
  const files = new Map(quiz)
  const kit = JSON.parse(files.get('SuotDoi.Kit-1.0/library.json')!.toString()) as object
  files.set('SuotDoi.Kit-1.0/library.json', Buffer.from(JSON.stringify({ ...kit, patchVersion: patch })))
  return files
}

describe('a version', () => {
  test('stays as it was published; the draft is changed beside it until it is the next version', async () => {
    const { lessons: of } = world.host
    const { id } = await world.publish(await world.zip(quiz))
    const first = (await of.version(id, 1))!
    expect(first).toMatchObject({ number: 1, by: 'an', details: { topics: [TOPIC] } })

    const edited = taken(await of.describe(id, { title: 'Tên mới', completion: { by: 'learner' } }))
    expect(edited).toMatchObject({ changed: true, current: 1, title: first.details.title })
    expect(await of.version(id, 1)).toEqual(first)
    // Said as it was before, nothing is left to publish.
    const back = { title: first.details.title, completion: first.completion }
    expect(taken(await of.describe(id, back))).toMatchObject({ changed: false })
    expect(taken(await of.publish(id, { by: 'an' })).latest).toBe(1)

    taken(await of.describe(id, { title: 'Tên mới' }))
    const published = taken(await of.publish(id, { by: 'binh', note: ' Sửa tên ' }))
    expect(published).toMatchObject({ current: 2, latest: 2, changed: false, title: 'Tên mới' })
    expect(await of.version(id, 1)).toEqual(first)
    const { versions: all } = await of.versions(id, { limit: 9 })
    expect(all).toMatchObject([{ number: 2, by: 'binh', note: 'Sửa tên' }, { number: 1 }])
  })

  test('pins the library builds that it was published with; an update of them changes drafts only', async () => {
    const { id, author } = await world.publish(await world.zip(withKit(0)))
    const kitOf = (html: string) => /SuotDoi\.Kit-1\.0\.\d+-[\da-f]{16}/.exec(html)?.[0]
    const before = kitOf(await frameOf(id, 'p-1'))!
    expect((await world.host.lessons.version(id, 1))!.libraries).toContain(before)
    taken(await world.upload(await world.zip(withKit(1))))
    expect(kitOf(await frameOf(id, 'p-2'))).toBe(before)
    const preview = taken(await world.host.play(id, author, { draft: true }))
    const drafted = kitOf(await (await fetch(world.url + preview.frameUrl)).text())
    expect(drafted).toMatch(/^SuotDoi\.Kit-1\.0\.1-/)
  })

  test('is the one that an attempt at it goes on with; the next attempt gets the newest', async () => {
    const { id } = await world.publish(await world.zip(quiz))
    const first = taken(await world.host.play(id, 'p-1')).attempt
    taken(await world.host.lessons.describe(id, { title: 'Tên mới' }))
    taken(await world.host.lessons.publish(id, { by: 'an' }))
    expect(taken(await world.host.play(id, 'p-1')).attempt).toEqual(first)
    expect(await frameOf(id, 'p-1')).not.toContain('<title>Tên mới</title>')
    expect(taken(await world.host.play(id, 'p-1', { afresh: true })).attempt.version).toBe(2)
    expect(await frameOf(id, 'p-1')).toContain('<title>Tên mới</title>')
  })

  test('is made once of one draft, however many publish it at once', async () => {
    const { lessons: of } = world.host
    const { id } = taken(await world.upload(await world.zip(quiz)))
    await Promise.all([1, 2, 3, 4].map(async () => taken(await of.publish(id, { by: 'an' }))))
    expect((await of.get(id))?.latest).toBe(1)
    expect((await of.versions(id, { limit: 9 })).versions).toHaveLength(1)
  })
})

describe('lessons from before there were versions', () => {
  const OLD = 'd0a4d4f6-3c9a-4b7a-9c2e-0b6f7b2f7c11'
  /** As such a lesson, and an attempt at it, were kept. */
  async function before(id: string, more: object) {
    const { collections } = world.store
    const { draft } = taken(await world.upload(await world.zip(quiz)))
    const content = (await collections.get(contents, draft.content))!.value
    await collections.put(contents, id, content)
    const lesson = {
      id,
      title: 'Bài cũ',
      description: '',
      language: 'vi',
      topic: TOPIC,
      author: 'an',
      library: draft.library,
      created: 1,
      words: ['bai', 'cu'],
      ...more,
    }
    await collections.put(lessons, id, lesson as never)
  }

  test('get a draft, and version 1 where they were ever published, once, also by two processes', async () => {
    const { collections } = world.store
    await before('cu-dang', { status: 'published', published: 5 })
    await before('cu-rut', { status: 'draft', published: 5, withdrawn: 9 })
    await before('cu-nhap', { status: 'draft', published: null })
    const old = {
      id: OLD,
      lesson: 'cu-dang',
      person: 'p-1',
      started: Date.now(),
      preview: false,
      finished: null,
    }
    await collections.put(attempts, OLD, old as never)
    await collections.delete(settings, 'lessons-have-versions')
    await Promise.all([world.again(), world.again()])
    await world.again()

    const { lessons: of } = world.host
    const shared = { topics: [TOPIC], changed: false, licence: { code: 'CC BY-SA', version: '4.0' } }
    expect(await of.get('cu-dang')).toMatchObject({
      ...shared,
      status: 'published',
      current: 1,
      published: 5,
    })
    expect(await of.get('cu-rut')).toMatchObject({ ...shared, status: 'withdrawn', current: null, latest: 1 })
    expect(await of.get('cu-nhap')).toMatchObject({ ...shared, status: 'draft', current: null, latest: 0 })
    const made = await of.version('cu-dang', 1)
    expect(made).toMatchObject({ content: 'cu-dang', by: 'an', published: 5, completion: { by: 'answered' } })
    expect(made!.libraries).toHaveLength(3)
    expect(await collections.count(versions)).toBe(2)
    expect((await of.published({ topic: TOPIC, limit: 9 })).lessons.map(({ id }) => id)).toEqual(['cu-dang'])
    const renewed = taken(await world.host.renew(OLD, 'p-1'))
    const events = await fetch(`${world.url}/h5p/attempts/${OLD}/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${renewed.token}` },
      body: '{"events":[]}',
    })
    expect(events.status).toBe(200)
  })
})
