import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readAudit } from '../../lrs/index.ts'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import { contentFiles, contents, libraryBuilds, versions } from '../collections.ts'
import { gatherLesson } from '../pack.ts'
import { NOBODY } from '../report/counts.ts'
import { REPORT_VERSIONS } from '../report/documents.ts'
import { canAssess } from './assess.ts'

let world: HostWorld
const reading = await gatherLesson('phong-duoi-nuoc')
const quiz = await gatherLesson('phan-loai-rac')
beforeEach(async () => {
  await world?.close()
  world = await openHostWorld()
})
afterAll(() => world.close())

const author = { person: 'an', mayInstallLibraries: true }
const inADay = () => Date.now() + 25 * 60 * 60 * 1000
/** Blobs of what the content brought, its parameters included. */
async function blobsOf(content: string): Promise<string[]> {
  const { collections } = world.store
  const files = await collections.scan(contentFiles, { prefix: `${content}/`, limit: 99 })
  const record = await collections.get(contents, content)
  return [...files.docs.map(({ value }) => value.sha2), ...(record ? [record.value.parameters] : [])]
}
async function kept(blobs: readonly string[]): Promise<number> {
  await world.store.blobs.collect(inADay())
  const sizes = await Promise.all(blobs.map((sha2) => world.store.blobs.size(sha2)))
  return sizes.filter((size) => size !== null).length
}
const withKit = (patch: number) => {
  const files = new Map(quiz)
  const kit = JSON.parse(files.get('SuotDoi.Kit-1.0/library.json')!.toString()) as object
  files.set('SuotDoi.Kit-1.0/library.json', Buffer.from(JSON.stringify({ ...kit, patchVersion: patch })))
  return files
}

describe('content', () => {
  test('of a draft is replaced, and what no version has is gone with its blobs', async () => {
    const { lessons: of } = world.host
    const lesson = taken(await world.upload(await world.zip(reading)))
    taken(await of.describe(lesson.id, { title: 'Tên của tôi' }))
    const old = await blobsOf(lesson.draft.content)
    const replaced = taken(await of.replaceContent(lesson.id, await world.zip(quiz), author))
    expect(replaced.draft).toMatchObject({
      library: expect.not.stringContaining(lesson.draft.library),
      completion: { by: 'answered' },
      details: { title: 'Tên của tôi' },
    })
    expect(await kept(old)).toBe(0)
    expect(await world.store.collections.count(contents)).toBe(1)
    expect(await kept(await blobsOf(replaced.draft.content))).toBeGreaterThan(0)
  })

  test('that a version has stays with it, and comes back as the draft', async () => {
    const { lessons: of } = world.host
    const { id, draft } = await world.publish(await world.zip(reading))
    const old = await blobsOf(draft.content)
    taken(await of.replaceContent(id, await world.zip(quiz), author))
    expect(await kept(old)).toBe(old.length)
    expect(await of.get(id)).toMatchObject({ changed: true, library: draft.library })
    const back = taken(await of.restoreVersion(id, 1))
    expect(back).toMatchObject({ changed: false, draft })
    expect(await world.store.collections.count(contents)).toBe(1)
    expect(await of.restoreVersion(id, 2)).toMatchObject({ problems: [{ id: 'lesson-version-unknown' }] })
  })

  test('is one for a lesson and its duplicate, and goes with the last of them', async () => {
    const { lessons: of } = world.host
    const first = await world.publish(await world.zip(reading))
    const copy = taken(await of.duplicate(first.id, { by: 'binh', title: 'Bản sao', organisation: 'o' }))
    expect(copy).toMatchObject({ status: 'draft', author: 'binh', organisation: 'o', title: 'Bản sao' })
    expect(copy.draft.content).toBe(first.draft.content)
    const held = await blobsOf(first.draft.content)
    await world.store.collections.put(REPORT_VERSIONS, `${first.id}/0`, NOBODY)
    await of.remove(first.id)
    expect(await kept(held)).toBe(held.length)
    expect(await world.store.collections.count(REPORT_VERSIONS)).toBe(0)
    taken(await of.publish(copy.id, { by: 'binh' }))
    await of.remove(copy.id)
    expect(await kept(held)).toBe(0)
    expect(await world.store.collections.count(versions)).toBe(0)
    expect(await world.store.collections.count(contents)).toBe(0)
  })

  test('survives its lesson being deleted and duplicated at once, or goes: never half', async () => {
    const { lessons: of } = world.host
    const { id, draft } = taken(await world.upload(await world.zip(quiz)))
    const held = await blobsOf(draft.content)
    const [copy] = await Promise.all([of.duplicate(id, { by: 'an', title: 'Bản sao' }), of.remove(id)])
    expect(await kept(held)).toBe('ok' in copy ? 0 : held.length)
  })
})

describe('libraries that were updated', () => {
  test('are offered as a new version of what is published, which the draft has no part in', async () => {
    const { lessons: of } = world.host
    const { id } = await world.publish(await world.zip(withKit(0)))
    const now = async () => (await of.get(id))!
    expect(await of.behind([await now()])).toEqual(new Map())
    expect(taken(await of.publishAnew(id, { by: 'an' })).latest).toBe(1)
    taken(await of.describe(id, { title: 'Đang sửa' }))
    taken(await world.upload(await world.zip(withKit(1))))
    expect(await of.behind([await now()])).toEqual(new Map([[id, ['SuotDoi.Kit-1.0']]]))
    const anew = taken(await of.publishAnew(id, { by: 'an' }))
    expect(anew).toMatchObject({ current: 2, changed: true, draft: { details: { title: 'Đang sửa' } } })
    expect(await of.behind([anew])).toEqual(new Map())
    const [first, second] = [(await of.version(id, 1))!, (await of.version(id, 2))!]
    expect(second.details).toEqual(first.details)
    // The first one’s stay: somebody may be at it.
    const { docs } = await world.store.collections.scan(libraryBuilds, { prefix: 'SuotDoi.Kit', limit: 9 })
    expect(docs.map(({ key }) => key)).toEqual(expect.arrayContaining(first.libraries.slice(0, 1)))
  })
})

describe('a lesson', () => {
  test('is put away and taken out again; meanwhile nothing of it is published or played', async () => {
    const { lessons: of } = world.host
    const { id } = await world.publish(await world.zip(quiz))
    taken(await of.archive(id))
    expect((await of.published({ limit: 9 })).lessons).toEqual([])
    expect(await of.publish(id, { by: 'an' })).toMatchObject({ problems: [{ id: 'lesson-archived' }] })
    expect(await world.host.play(id, 'p-1')).toMatchObject({ problems: [{ id: 'lesson-not-published' }] })
    expect(taken(await of.restore(id))).toMatchObject({ status: 'withdrawn', current: null })
    expect(taken(await of.putBack(id))).toMatchObject({ status: 'published', current: 1, latest: 1 })
    const draft = taken(await world.upload(await world.zip(quiz)))
    taken(await of.archive(draft.id))
    expect(taken(await of.restore(draft.id)).status).toBe('draft')
  })

  test('goes to another organisation with its entry in the audit', async () => {
    const { lessons: of } = world.host
    const { id } = await world.publish(await world.zip(quiz))
    expect(taken(await of.move(id, 'o-2', 'op')).organisation).toBe('o-2')
    expect(taken(await of.move(id, null, 'op'))).not.toHaveProperty('organisation')
    const { entries } = await readAudit([world.store.collections], 'province', { who: 'op', limit: 9 })
    expect(entries.map(({ action, detail }) => [action, detail])).toEqual([
      ['lesson-move', { lesson: id, from: 'o-2', organisation: null }],
      ['lesson-move', { lesson: id, from: null, organisation: 'o-2' }],
    ])
  })

  test('leaves as a package with its licence and libraries, which another host takes in as it is', async () => {
    const { lessons: of } = world.host
    const { id } = await world.publish(await world.zip(reading))
    const source = 'https://example.org/bai'
    const authors = [{ name: 'Bùi Thị Em', role: 'Editor' }]
    const licence = { code: 'CC BY', version: '4.0' }
    taken(
      await of.describe(id, {
        title: 'Đuối nước & trẻ em',
        authors,
        source,
        licence,
      }),
    )
    taken(await of.publish(id, { by: 'an' }))
    const { name, content } = taken(await of.export(id, 2))
    expect(name).toBe('duoi-nuoc-tre-em.h5p')
    const file = join(world.directory, name)
    await pipeline(content, createWriteStream(file))
    const other = await openHostWorld()
    try {
      const there = taken(await other.host.lessons.upload(file, author))
      expect(there.draft.details).toMatchObject({ title: 'Đuối nước & trẻ em', authors, source, licence })
      const played = taken(await other.host.play(there.id, 'an'))
      expect((await fetch(other.url + played.frameUrl)).status).toBe(200)
    } finally {
      await other.close()
    }
  })
})

test('a cover is drawn anew, small, stays with each version that has it, and goes with the last of them', async () => {
  const { lessons: of } = world.host
  const { default: sharp } = await import('sharp')
  const picture = async (colour: string) => {
    const file = join(world.directory, `${colour}.png`)
    await sharp({
      create: {
        width: 1600,
        height: 900,
        channels: 3,
        background: colour,
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toFile(file)
    return file
  }
  const { id } = await world.publish(await world.zip(quiz))
  expect(await of.setCover(id, { file: await picture('red'), alt: ' ' }, 'an')).toMatchObject({
    problems: [{ id: 'lesson-cover-alt', path: 'alt' }],
  })
  const set = taken(await of.setCover(id, { file: await picture('red'), alt: 'Thùng rác' }, 'an'))
  expect(set).toMatchObject({ changed: true })
  const { large, small } = set.draft.details.cover!
  expect([large.width, small.width]).toEqual([expect.any(Number), 320])
  for (const { size } of [large, small]) expect(size).toBeLessThanOrEqual(40_000)
  const isPublic = async () => {
    const opened = await of.openCover((await of.get(id))!, large.sha2)
    opened?.content.destroy()
    return opened?.isPublic
  }
  expect(await isPublic()).toBe(false)
  taken(await of.publish(id, { by: 'an' }))
  expect(await isPublic()).toBe(true)
  const copy = taken(await of.duplicate(id, { by: 'an', title: 'Bản sao' }))
  taken(await of.setCover(id, { file: await picture('blue'), alt: 'Khác' }, 'an'))
  taken(await of.setCover(id, null, 'an'))
  expect(await kept([large.sha2, small.sha2])).toBe(2)
  await of.remove(id)
  expect(await kept([large.sha2, small.sha2])).toBe(2)
  // A picture that was lost does not keep a lesson from being duplicated.
  await world.store.blobs.hold(`h5p-cover:${copy.id}/${large.sha2}`, [])
  expect(await kept([large.sha2, small.sha2])).toBe(0)
  const third = taken(await of.duplicate(copy.id, { by: 'an', title: 'Bản sao nữa' }))
  expect(third.draft.details.cover).toBeUndefined()
  await of.remove(copy.id)
})

test('what is to be assessed is published only where something is asked', async () => {
  const { lessons: of } = world.host
  const mode = { kind: 'assessed', attempts: 2, passPercent: 80, shuffle: true } as const
  const asks = taken(await world.upload(await world.zip(quiz)))
  taken(await of.describe(asks.id, { mode }))
  expect(taken(await of.publish(asks.id, { by: 'an' })).current).toBe(1)
  const silent = new Map(reading)
  silent.set('content/content.json', Buffer.from(JSON.stringify({ pages: [] })))
  const { id } = taken(await world.upload(await world.zip(silent)))
  taken(await of.describe(id, { mode }))
  expect(await of.publish(id, { by: 'an' })).toMatchObject({
    problems: [{ id: 'lesson-cannot-assess', path: 'mode' }],
  })
})

test('only what the server scores can be assessed', () => {
  expect(['SuotDoi.QuestionSet 1.0', 'SuotDoi.MultiChoice 1.0', 'SuotDoi.Lesson 1.0'].every(canAssess)).toBe(
    true,
  )
  expect(['H5P.MultiChoice 1.16', 'SuotDoi.Text 1.0', 'SuotDoi.None 1.0', 'x'].some(canAssess)).toBe(false)
})
