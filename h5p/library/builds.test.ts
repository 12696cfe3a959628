import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import { libraries, libraryBuilds, settings } from '../collections.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { gatherLesson } from '../pack.ts'
import { asUser, player } from '../server.ts'
import { currentBuilds, getBuilds } from './builds.ts'
import { installLibraries } from './install.ts'
import { parseLibrary } from './names.ts'
import { pinsOf } from './pins.ts'
import { createLibraryStorage } from './storage.ts'

let world: HostWorld
beforeEach(async () => {
  await world?.close()
  world = await openHostWorld()
})
afterAll(() => world.close())

const KIT = 'SuotDoi.Kit-1.0'
const kit = parseLibrary(KIT)!
const inADay = () => Date.now() + 25 * 60 * 60 * 1000

async function upload(patch: number, script?: string) {
  const files = new Map(await gatherLesson('phan-loai-rac'))
  const description = JSON.parse(files.get(`${KIT}/library.json`)!.toString()) as object
  files.set(`${KIT}/library.json`, Buffer.from(JSON.stringify({ ...description, patchVersion: patch })))
  if (script) files.set(`${KIT}/kit.js`, Buffer.from(script))
  const { draft } = taken(await world.upload(await world.zip(files)))
  return { id: draft.content }
}
const current = async () => (await currentBuilds(world.store.collections, [kit])).get(KIT)!
/** The addresses of the scripts that a page of this content loads. */
async function scripts(content: string, pins?: readonly string[]) {
  const made = player(world.store, DEFAULT_LIMITS, pins)
  made.player.setRenderer((model) => model)
  const model = (await made.player.render(content, asUser(''), 'vi')) as { scripts: string[] }
  return model.scripts.filter((each) => each.startsWith('/h5p/libraries/'))
}

describe('a library', () => {
  test('is kept as builds: what content pins stays as it was when the library is updated', async () => {
    const { collections } = world.store
    const { id } = await upload(0)
    const pins = (await pinsOf(collections, id))!
    expect(pins.missing).toEqual([])
    expect(pins.builds.map((each) => each.replace(/-[\da-f]{16}$/, ''))).toEqual([
      'SuotDoi.Kit-1.0.0',
      'SuotDoi.QuestionSet-1.0.0',
      'SuotDoi.TrueFalse-1.0.0',
    ])
    const before = await scripts(id)
    expect(before).toHaveLength(7)

    await upload(1, 'window.newer = 1')
    await world.store.blobs.collect(inADay())
    const now = await scripts(id)
    expect(now).not.toEqual(before)
    expect(await (await fetch(world.url + now.find((each) => each.endsWith('/kit.js')))).text()).toBe(
      'window.newer = 1',
    )
    expect(await scripts(id, pins.builds)).toEqual(before)
    for (const script of before) expect((await fetch(world.url + script)).status).toBe(200)
    expect((await pinsOf(collections, id))!.builds).not.toEqual(pins.builds)
  })

  test('whose files are the same is the same build, with any other it is another', async () => {
    await upload(0)
    const first = await current()
    await installLibraries(world.store, [{ ...first.build, patchVersion: 1 }], Date.now())
    const second = await current()
    expect(second.key).toBe(first.key.replace('1.0.0-', '1.0.1-'))
    const files = { ...first.build.files, 'kit.css': first.build.files['kit.js']! }
    await installLibraries(world.store, [{ ...first.build, patchVersion: 2, files }], Date.now())
    expect((await current()).key.slice(-16)).not.toBe(second.key.slice(-16))
  })

  test('pins only: a storage over pins knows nothing that came later', async () => {
    const { id } = await upload(0)
    const pins = (await pinsOf(world.store.collections, id))!.builds.filter((each) => !each.startsWith(KIT))
    const storage = createLibraryStorage({ ...world.store, pins })
    expect(await storage.isInstalled(kit)).toBe(false)
    expect((await storage.getInstalledLibraryNames()).map((each) => each.machineName)).toEqual([
      'SuotDoi.QuestionSet',
      'SuotDoi.TrueFalse',
    ])
    expect(await createLibraryStorage(world.store).isInstalled(kit)).toBe(true)
  })

  test('that several processes update at once ends with the highest patch, whole', async () => {
    await upload(0)
    const { build } = await current()
    const patches = [3, 1, 4, 2, 5]
    await Promise.all(
      patches.map((patchVersion) => installLibraries(world.store, [{ ...build, patchVersion }], Date.now())),
    )
    expect((await current()).build.patchVersion).toBe(5)
    const builds = (await world.store.collections.scan(libraryBuilds, { prefix: KIT, limit: 20 })).docs
    expect(builds.filter((doc) => doc.value.current).map((doc) => doc.value.patchVersion)).toEqual([5])
  })

  test('that was installed before builds were kept becomes one, once, also by two processes', async () => {
    const { id } = await upload(0)
    const { collections, blobs } = world.store
    const { key, build } = await current()
    const whole = { ...build, restricted: true }
    await blobs.hold(
      `h5p-library:${KIT}`,
      Object.values(build.files).map((file) => file.sha2),
    )
    await collections.put(libraries, KIT, whole as never)
    await collections.delete(libraryBuilds, key)
    await blobs.hold(`h5p-library-build:${key}`, [])
    await collections.delete(settings, 'libraries-are-builds')

    await Promise.all([world.again(), world.again()])
    await world.again()
    expect((await collections.get(libraries, KIT))!.value).toMatchObject({ build: key, restricted: true })
    expect((await getBuilds(collections, [key])).get(key)?.current).toBe(true)
    await blobs.collect(inADay())
    for (const script of await scripts(id)) expect((await fetch(world.url + script)).status).toBe(200)
  })
})
