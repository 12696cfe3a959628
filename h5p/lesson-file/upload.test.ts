import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import { contentFiles, contents, lessons, temporaryFiles } from '../collections.ts'

let world: HostWorld
beforeEach(async () => {
  await world?.close()
  world = await openHostWorld()
})
afterAll(() => world.close())

async function counts() {
  const { collections } = world.store
  return Promise.all([lessons, contents, contentFiles, temporaryFiles].map((each) => collections.count(each)))
}

describe('a lesson file', () => {
  const file = async (name: string, text: string) => {
    const path = join(world.directory, name)
    await writeFile(path, text)
    return path
  }
  const TEXT = 'title: Rửa tay\nlanguage: vi\nminutes: 4\npages:\n  - title: Trang\n    content:\n'
  const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'

  test('alone or in an archive with its pictures becomes a draft of all that it says', async () => {
    await world.host.seed()
    const alone = await file('a', `${TEXT}      - {text: Xà phòng}\n`)
    expect(taken(await world.upload(alone, { install: false }))).toMatchObject({
      title: 'Rửa tay',
      status: 'draft',
      minutes: 4,
      library: 'SuotDoi.Lesson 1.0',
      draft: { completion: { by: 'last-page' } },
    })
    const packed = { 'bai/lesson.yaml': `${TEXT}      - {picture: a.svg, alt: A}\n`, 'bai/a.svg': PICTURE }
    const lesson = taken(await world.upload(await world.zip(packed), { install: false }))
    const kept = (
      await world.store.collections.scan(contentFiles, { prefix: `${lesson.draft.content}/`, limit: 9 })
    ).docs
    expect(kept.map((each) => each.value.size)).toEqual([PICTURE.length])
    const { draft } = taken(
      await world.host.lessons.replaceContent(lesson.id, alone, {
        person: 'an',
        mayInstallLibraries: false,
      }),
    )
    expect(draft.content).not.toBe(lesson.draft.content)
  })

  test('that is wrong is refused with all its reasons, and leaves nothing behind', async () => {
    await world.host.seed()
    const before = await counts()
    for (const [path, ids] of [
      [
        await file('b', `${TEXT}      - {tekst: A}\n      - {picture: a.png}\n`),
        ['lesson-file-kind', 'lesson-file-missing'],
      ],
      [await file('c', '- hello: a\n'), ['lesson-file-type']],
      [await file('d', 'hello'), ['h5p-not-a-package']],
      [await world.zip({ 'a.yaml': TEXT, 'b.yaml': TEXT }), ['lesson-file-several']],
      [await world.zip({ 'a.yaml': Buffer.from([0x74, 0xff, 0xfe]) }), ['lesson-file-encoding']],
    ] as const) {
      const outcome = await world.upload(path, { install: false })
      expect('ok' in outcome && outcome.problems.map((each) => each.id)).toEqual(ids)
    }
    expect(await counts()).toEqual(before)
  })
})
