import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, TOPICS, taken } from '../../tests/support/host-world.ts'
import { contents, libraries, libraryBuilds, libraryProposals, libraryRequests } from '../collections.ts'
import { gatherLesson } from '../pack.ts'
import { currentBuilds } from './builds.ts'
import { parseLibrary } from './names.ts'
import { knownFolders } from './plan.ts'
import { settleRequests } from './settle.ts'

let world: HostWorld
let quiz: Map<string, Buffer>
beforeAll(async () => {
  quiz = await gatherLesson('phan-loai-rac')
})
beforeEach(async () => {
  await world?.close()
  world = await openHostWorld()
})
afterAll(() => world.close())

const KIT = 'SuotDoi.Kit-1.0'
const DAY = 24 * 60 * 60 * 1000
const inADay = () => Date.now() + 25 * 60 * 60 * 1000

/** The quiz with another patch of the kit, in which `kit.js` is this script. */
function withKit(patch: number, script?: string): Map<string, Buffer> {
  const files = new Map(quiz)
  const description = JSON.parse(files.get(`${KIT}/library.json`)!.toString()) as object
  files.set(`${KIT}/library.json`, Buffer.from(JSON.stringify({ ...description, patchVersion: patch })))
  if (script !== undefined) files.set(`${KIT}/kit.js`, Buffer.from(script))
  return files
}
async function sent(files: Map<string, Buffer>, { install = false, person = 'an' } = {}) {
  return taken(await world.upload(await world.zip(files), { install, person }))
}
const kit = async () => (await currentBuilds(world.store.collections, [parseLibrary(KIT)!])).get(KIT)
const lesson = async (id: string) => (await world.host.lessons.get(id))!
const requestOf = async (id: string) =>
  (await world.host.libraries.request((await lesson(id)).draft.content))!
const notes = async () => {
  const { docs } = await world.store.collections.scan<{ action: string; detail: unknown }>(
    { name: 'audit', indexes: {} },
    { limit: 50 },
  )
  return docs.map(({ value }) => value.action).filter((action) => action.startsWith('library-'))
}

describe('an upload whose libraries are not installed, or older', () => {
  test('is kept, waits, and can be neither played nor published', async () => {
    const { id, status } = await sent(quiz)
    expect(status).toBe('waiting')
    expect(await kit()).toBeUndefined()
    expect(await world.store.collections.count(libraryBuilds)).toBe(0)
    for (const outcome of [
      await world.host.play(id, 'an'),
      await world.host.lessons.publish(id, { by: 'an' }),
    ])
      expect(outcome).toMatchObject({ problems: [{ id: 'lesson-waiting' }] })
    const request = await requestOf(id)
    expect(request).toMatchObject({ by: 'an', state: 'open', lesson: id, title: quizTitle() })
    const { requests } = await world.host.libraries.waiting({ limit: 10 })
    expect(requests.map((each) => each.id)).toEqual([request.id])
    // Nothing of it is served, whoever knows its name.
    for (const build of request.libraries)
      expect((await fetch(`${world.url}/h5p/libraries/${build}/kit.js`)).status).toBe(404)
    await world.store.blobs.collect(inADay())
    const { build } = (await world.host.libraries.differences(request))[0]!
    const lines = (await world.host.libraries.lines(request, build, 'kit.js'))!
    expect(new Set(lines.map((line) => line?.kind))).toEqual(new Set(['added']))
  })

  test('is shown file by file beside what is installed', async () => {
    await sent(withKit(0, 'const a = 1\nconst b = 2\nconst c = 3\n'), { install: true })
    const files = withKit(1, 'const a = 1\nconst b = "<b>"\nconst c = 3\n')
    files.delete(`${KIT}/kit.css`)
    const description = JSON.parse(files.get(`${KIT}/library.json`)!.toString()) as object
    files.set(`${KIT}/library.json`, Buffer.from(JSON.stringify({ ...description, preloadedCss: [] })))
    files.set(`${KIT}/new.js`, Buffer.from('window.hostile = 1'))
    const request = await requestOf((await sent(files)).id)
    const [difference, ...others] = await world.host.libraries.differences(request)
    expect(others).toEqual([])
    expect(difference).toMatchObject({ machineName: 'SuotDoi.Kit', patchVersion: 1, installed: 0 })
    expect(difference!.files.map(({ path, change }) => [path, change])).toEqual([
      ['kit.css', 'removed'],
      ['kit.js', 'changed'],
      ['library.json', 'changed'],
      ['new.js', 'added'],
    ])
    expect(await world.host.libraries.lines(request, difference!.build, 'kit.js')).toEqual([
      { kind: 'same', text: 'const a = 1' },
      { kind: 'removed', text: 'const b = 2' },
      { kind: 'added', text: 'const b = "<b>"' },
      { kind: 'same', text: 'const c = 3' },
    ])
    expect(await world.host.libraries.lines(request, difference!.build, '../../x')).toBeNull()
    expect((await kit())!.build.patchVersion).toBe(0)
  })

  test('is released with all that wait for the same by one approval; what needs more goes on waiting', async () => {
    const first = await sent(quiz)
    const second = await sent(quiz, { person: 'binh' })
    const third = await sent(withKit(2))
    const { released } = taken(await world.host.libraries.approve((await requestOf(first.id)).id, 'op'))
    expect(released.map((each) => [each.lesson, each.author]).sort()).toEqual(
      [
        [first.id, 'an'],
        [second.id, 'binh'],
      ].sort(),
    )
    for (const { id } of [first, second]) {
      expect((await lesson(id)).status).toBe('draft')
      expect(taken(await world.host.play(id, 'an', { mayPreview: true })).frameUrl).toBeTruthy()
    }
    expect((await lesson(third.id)).status).toBe('waiting')
    expect(await requestOf(second.id)).toMatchObject({ state: 'done', decidedBy: 'op' })
    expect(await notes()).toEqual(['library-approve'])
    expect(await world.store.collections.count(libraryProposals)).toBe(3)

    taken(await world.host.libraries.approve((await requestOf(third.id)).id, 'op'))
    expect((await kit())!.build.patchVersion).toBe(2)
    expect((await lesson(third.id)).status).toBe('draft')
    expect(await world.store.collections.count(libraryProposals)).toBe(0)
    // The files live on by the builds alone, and the first kit goes when nothing pins it.
    await world.store.blobs.collect(inADay())
    const page = await (await fetch(world.url + taken(await world.host.play(third.id, 'an')).frameUrl)).text()
    for (const [, source] of page.matchAll(/(?:src|href)="(\/h5p\/[^"]+)"/g))
      expect((await fetch(world.url + source)).status, source).toBe(200)
  })

  test('is released by an approval that comes while it is under way', async () => {
    const first = await sent(quiz)
    const request = (await requestOf(first.id)).id
    let isUnderWay = false
    const host = await world.again({
      topics: async () => {
        const all = await world.store.collections.count(contents)
        if (isUnderWay && all === 2) taken(await world.host.libraries.approve(request, 'op'))
        return TOPICS
      },
    })
    isUnderWay = true
    const by = { person: 'binh', mayInstallLibraries: false }
    expect(taken(await host.lessons.upload(await world.zip(quiz), by)).status).toBe('draft')
    expect((await lesson(first.id)).status).toBe('draft')
    expect(await world.host.libraries.countWaiting()).toBe(0)
  })

  test('that two approve at once is installed once; a refusal comes too late', async () => {
    const { id } = await sent(quiz)
    const request = (await requestOf(id)).id
    const outcomes = await Promise.all(
      ['op', 'op-2', 'op-3'].map((by) => world.host.libraries.approve(request, by)),
    )
    for (const outcome of outcomes) expect('released' in outcome).toBe(true)
    expect((await lesson(id)).status).toBe('draft')
    expect(await world.host.libraries.refuse(request, { by: 'op', reason: 'late' })).toMatchObject({
      problems: [{ id: 'library-request-decided' }],
    })
    expect(await world.store.collections.count(libraries)).toBe(3)
  })

  test('whose approval was cut off behind the installation is released at the next start', async () => {
    const { id } = await sent(quiz)
    const request = await requestOf(id)
    const { id: _, ...record } = request
    taken(await world.host.libraries.approve(request.id, 'op'))
    const { collections } = world.store
    // As it stood between the two steps.
    const doc = (await collections.get({ name: 'h5p-lessons', indexes: {} }, id))!
    await collections.put({ name: 'h5p-lessons', indexes: {} }, id, {
      ...(doc.value as object),
      status: 'waiting',
    })
    await collections.put(libraryRequests, request.id, { ...record, approvedBy: 'op' })
    await Promise.all([world.again(), world.again()])
    expect((await lesson(id)).status).toBe('draft')
    expect(await requestOf(id)).toMatchObject({ state: 'done', decidedBy: 'op', kept: false })
  })

  test('is released when what it waits for comes in otherwise, as new or newer', async () => {
    const { id } = await sent(withKit(1))
    await sent(withKit(4), { install: true })
    await settleRequests(world.store, Date.now())
    expect((await lesson(id)).status).toBe('draft')
    expect((await kit())!.build.patchVersion).toBe(4)
  })

  test('is told why it was refused; nothing of it is installed, and its files go', async () => {
    const { id } = await sent(quiz)
    const request = await requestOf(id)
    const [proposal] = (await world.store.collections.scan(libraryProposals, { limit: 1 })).docs
    const { sha2 } = Object.values(proposal!.value.files)[0]!
    expect(await world.host.libraries.refuse(request.id, { by: 'op', reason: 'Không rõ nguồn' })).toBeNull()
    expect(await requestOf(id)).toMatchObject({ state: 'refused', reason: 'Không rõ nguồn' })
    expect(await world.host.libraries.approve(request.id, 'op')).toMatchObject({
      problems: [{ id: 'library-request-decided' }],
    })
    expect(await world.host.play(id, 'an')).toMatchObject({ problems: [{ id: 'lesson-waiting' }] })
    expect(await world.store.collections.count(libraries)).toBe(0)
    await world.store.blobs.collect(inADay())
    expect(await world.store.blobs.size(sha2)).toBeNull()
    expect(await notes()).toEqual(['library-refuse'])

    await world.host.lessons.remove(id)
    expect(await world.store.collections.count(libraryRequests)).toBe(0)
    expect(await world.store.collections.count(contents)).toBe(0)
  })

  test('that was taken in and not laid before anybody is so later', async () => {
    const { id } = await sent(quiz)
    const request = await requestOf(id)
    const { id: _, ...record } = request
    await world.store.collections.put(libraryRequests, request.id, {
      ...record,
      state: 'coming',
      lesson: null,
    })
    expect(await world.host.libraries.countWaiting()).toBe(0)
    await settleRequests(world.store, Date.now())
    expect(await requestOf(id)).toMatchObject({ state: 'open', lesson: id })
  })

  test('that was cut off leaves nothing after a day', async () => {
    await sent(quiz)
    const [doc] = (await world.store.collections.scan(libraryRequests, { limit: 1 })).docs
    const { collections } = world.store
    await collections.put(libraryRequests, doc!.key, { ...doc!.value, state: 'coming' })
    const content = (await collections.get(contents, doc!.key))!
    await collections.put(contents, doc!.key, { ...content.value, pending: true })
    await settleRequests(world.store, Date.now() + DAY / 2)
    expect(await world.store.collections.count(libraryRequests)).toBe(1)
    await settleRequests(world.store, Date.now() + 2 * DAY)
    expect(await world.store.collections.count(libraryRequests)).toBe(0)
    expect(await world.store.collections.count(libraryProposals)).toBe(0)
  })

  test('with a changed library of the same patch changes nothing that others run', async () => {
    const good = await sent(quiz, { install: true })
    const page = async () =>
      (await fetch(world.url + taken(await world.host.play(good.id, 'an')).frameUrl)).text()
    const scripts = async () =>
      [...(await page()).matchAll(/src="(\/h5p\/libraries\/[^"]+)"/g)].map(([, source]) => source!)
    const before = await scripts()
    const hostile = await sent(withKit(0, 'window.hostile = 1'))
    expect(hostile.status).toBe('draft')
    expect(await scripts()).toEqual(before)
    for (const source of before)
      expect(await (await fetch(world.url + source)).text()).not.toContain('hostile')
    expect(await world.store.collections.count(libraryRequests)).toBe(0)
  })
})

test('of a library that is installed the package’s copy is not even unpacked; of any other all is', async () => {
  await sent(quiz, { install: true })
  const { collections } = world.store
  const unpacked = join(world.directory, 'unpacked')
  const lay = async (files: Map<string, Buffer>) => {
    await rm(unpacked, { recursive: true, force: true })
    for (const [path, bytes] of files)
      if (path.endsWith('/library.json')) {
        await mkdir(dirname(join(unpacked, path)), { recursive: true })
        await writeFile(join(unpacked, path), bytes)
      }
    return [...(await knownFolders(collections, unpacked))].sort()
  }
  const all = [...quiz.keys()].flatMap((path) => /^(.+)\/library\.json$/.exec(path)?.[1] ?? []).sort()
  expect(all).toContain(KIT)
  expect(await lay(quiz)).toEqual(all)
  expect(await lay(withKit(0, 'other'))).toEqual(all)
  expect(await lay(withKit(1))).toEqual(all.filter((each) => each !== KIT))
  for (const broken of ['{', 'null', '{"machineName":"SuotDoi.Other"}']) {
    const files = new Map(quiz).set(`${KIT}/library.json`, Buffer.from(broken))
    expect(await lay(files)).toEqual(all.filter((each) => each !== KIT))
  }
})

describe('libraries alone', () => {
  const onlyKit = () => new Map([...withKit(0)].filter(([path]) => path.startsWith(KIT)))

  test('are laid before the administrator and installed once approved', async () => {
    const { id } = taken(
      await world.host.libraries.propose(await world.zip(onlyKit()), { by: 'op', title: 'kit.h5p' }),
    )
    expect(await kit()).toBeUndefined()
    expect(await world.host.libraries.approve(id, 'op')).toEqual({ released: [] })
    expect((await kit())!.build.patchVersion).toBe(0)
    expect(
      await world.host.libraries.propose(await world.zip(onlyKit()), { by: 'op', title: 'kit.h5p' }),
    ).toMatchObject({ problems: [{ id: 'h5p-libraries-known' }] })
  })

  test('that lack what they need, or are none, are refused', async () => {
    const set = new Map([...quiz].filter(([path]) => path.startsWith('SuotDoi.TrueFalse')))
    const refused = async (files: Map<string, Buffer>) => {
      const outcome = await world.host.libraries.propose(await world.zip(files), { by: 'op', title: 'x' })
      return 'problems' in outcome ? outcome.problems.map((each) => each.id) : []
    }
    expect(await refused(set)).toEqual(['h5p-libraries-absent'])
    expect(await refused(new Map([['h5p.json', Buffer.from('{}')]]))).toEqual(['h5p-libraries-none'])
    expect(await world.store.collections.count(libraryRequests)).toBe(0)
  })
})

describe('the list of libraries', () => {
  test('tells who uses each, which builds versions still run with, and what is on an older minor version', async () => {
    const published = await world.publish(await world.zip(quiz))
    await sent(withKit(1), { install: true })
    const newer = new Map(withKit(0))
    for (const path of [...newer.keys()])
      if (path.startsWith(KIT)) {
        newer.set(path.replace(KIT, 'SuotDoi.Kit-1.1'), newer.get(path)!)
        newer.delete(path)
      }
    const description = JSON.parse(newer.get('SuotDoi.Kit-1.1/library.json')!.toString()) as object
    newer.set(
      'SuotDoi.Kit-1.1/library.json',
      Buffer.from(JSON.stringify({ ...description, minorVersion: 1 })),
    )
    const only = new Map([...newer].filter(([path]) => path.startsWith('SuotDoi.Kit-1.1')))
    const { id } = taken(
      await world.host.libraries.propose(await world.zip(only), { by: 'op', title: 'kit.h5p' }),
    )
    await world.host.libraries.approve(id, 'op')

    const list = await world.host.libraries.list()
    expect(
      list.map(({ key, patchVersion, newer, contents }) => [key, patchVersion, newer, contents]),
    ).toEqual([
      ['SuotDoi.Kit-1.0', 1, '1.1', 2],
      ['SuotDoi.Kit-1.1', 0, null, 0],
      ['SuotDoi.QuestionSet-1.0', 0, null, 2],
      ['SuotDoi.TrueFalse-1.0', 0, null, 2],
    ])
    const details = (await world.host.libraries.get(KIT))!
    expect(details.neededBy).toEqual(['SuotDoi.QuestionSet-1.0', 'SuotDoi.TrueFalse-1.0'])
    expect(details.older).toMatchObject([{ patchVersion: 0, versions: 1 }])
    expect(details.uses.find((use) => use.lesson === published.id)).toMatchObject({ versions: [0, 1] })
    expect(details.uses).toHaveLength(2)
    expect(await world.host.libraries.get('H5P.None-1.0')).toBeNull()

    // The old build goes when the version that pins it is gone, and not before.
    const held = Object.values((await kit())!.build.files)[0]!.sha2
    world.pass(2 * DAY)
    await world.again()
    expect(await world.store.collections.count(libraryBuilds)).toBe(5)
    await world.host.lessons.remove(published.id)
    await sent(quiz)
    const left = (await world.store.collections.scan(libraryBuilds, { limit: 9 })).docs.map((doc) => doc.key)
    expect(left.filter((key) => key.startsWith('SuotDoi.Kit-1.0'))).toHaveLength(1)
    await world.store.blobs.collect(Date.now() + 5 * DAY)
    expect(await world.store.blobs.size(held)).not.toBeNull()
  })
})

const quizTitle = () => (JSON.parse(quiz.get('h5p.json')!.toString()) as { title: string }).title
