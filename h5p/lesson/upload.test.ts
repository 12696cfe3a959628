import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, TOPIC, taken } from '../../tests/support/host-world.ts'
import { contentFiles, contents, lessons, libraries, temporaryFiles, versions } from '../collections.ts'
import { readBlob } from '../content/files.ts'
import { currentBuilds } from '../library/builds.ts'
import { parseLibrary } from '../library/names.ts'
import { gatherLesson } from '../pack.ts'
import type { PackageProblem } from '../types.ts'

let world: HostWorld
let quiz: Map<string, Buffer>
let reading: Map<string, Buffer>
beforeAll(async () => {
  quiz = await gatherLesson('phan-loai-rac')
  reading = await gatherLesson('phong-duoi-nuoc')
})
beforeEach(async () => {
  await world?.close()
  world = await openHostWorld()
})
afterAll(() => world.close())

type Files = Map<string, Buffer | string>
/** The quiz with some files changed; `null` takes one away. */
function changed(changes: Record<string, Buffer | string | null>, base = quiz): Files {
  const files: Files = new Map(base)
  for (const [path, content] of Object.entries(changes))
    if (content === null) files.delete(path)
    else files.set(path, content)
  return files
}
function edited(
  path: string,
  edit: (value: Record<string, unknown>) => void,
  base = quiz,
): Record<string, string> {
  const value = JSON.parse(base.get(path)!.toString()) as Record<string, unknown>
  edit(value)
  return { [path]: JSON.stringify(value) }
}
async function problems(files: Files, install = true) {
  const outcome = await world.upload(await world.zip(files), { install })
  return 'ok' in outcome
    ? (outcome.problems as PackageProblem[]).map(({ id, values }) => ({ id, values }))
    : 'taken'
}
async function stored() {
  const { collections } = world.store
  const counts: Record<string, number> = {}
  for (const collection of [lessons, versions, contents, contentFiles, libraries, temporaryFiles])
    counts[collection.name] = await collections.count(collection)
  return counts
}
const NOTHING = {
  'h5p-lessons': 0,
  'h5p-versions': 0,
  'h5p-contents': 0,
  'h5p-content-files': 0,
  'h5p-libraries': 0,
  'h5p-temporary-files': 0,
}
const inADay = () => Date.now() + 25 * 60 * 60 * 1000
const KIT = 'SuotDoi.Kit-1.0'

/** The pictures of the lesson's pages. */
const picturesOf = (content: Record<string, unknown>) =>
  (content.pages as { content: { params: { parts?: { picture?: { path: string } }[] } }[] }[]).flatMap(
    (page) =>
      page.content.flatMap(({ params }) => (params.parts ?? []).flatMap((part) => part.picture ?? [])),
  )

describe('a package is validated before anything is stored', () => {
  const cases: [string, () => Files, string][] = [
    ['without h5p.json', () => changed({ 'h5p.json': null }), 'h5p-manifest-missing'],
    ['with broken h5p.json', () => changed({ 'h5p.json': '{' }), 'h5p-manifest-unreadable'],
    [
      'whose h5p.json breaks its schema',
      () => changed(edited('h5p.json', (value) => delete value.title)),
      'h5p-manifest-invalid',
    ],
    ['without content', () => changed({ 'content/content.json': null }), 'h5p-content-missing'],
    ['with broken content', () => changed({ 'content/content.json': '{"a":}' }), 'h5p-content-unreadable'],
    [
      'with a broken library description',
      () => changed({ [`${KIT}/library.json`]: '{' }),
      'h5p-library-description-unreadable',
    ],
    [
      'whose library lacks a name',
      () => changed(edited(`${KIT}/library.json`, (value) => delete value.machineName)),
      'h5p-library-description-invalid',
    ],
    ['whose library lacks a script', () => changed({ [`${KIT}/kit.js`]: null }), 'h5p-library-file-missing'],
    [
      'whose library lies in another folder',
      () =>
        changed(
          edited(`${KIT}/library.json`, (value) => {
            value.minorVersion = 7
          }),
        ),
      'h5p-library-folder-mismatch',
    ],
    [
      'with a folder of no library',
      () => changed({ 'no!library/library.json': '{}' }),
      'h5p-library-folder-name',
    ],
    [
      'with a broken language file',
      () => changed({ 'SuotDoi.TrueFalse-1.0/language/vi.json': '{' }),
      'h5p-language-file-unreadable',
    ],
    [
      'with a language file of no language',
      () => changed({ 'SuotDoi.TrueFalse-1.0/language/x!.json': '{}' }),
      'h5p-language-file-name',
    ],
    [
      'that needs a newer core',
      () =>
        changed(
          edited(`${KIT}/library.json`, (value) => {
            value.coreApi = { majorVersion: 1, minorVersion: 99 }
          }),
        ),
      'h5p-core-too-old',
    ],
    [
      'whose main library is not among those it needs',
      () =>
        changed(
          edited('h5p.json', (value) => {
            value.mainLibrary = 'H5P.Other'
          }),
        ),
      'h5p-main-library-unnamed',
    ],
    [
      'whose main library cannot be played',
      () =>
        changed(
          edited('h5p.json', (value) => {
            value.mainLibrary = 'SuotDoi.Kit'
          }),
        ),
      'h5p-main-library-not-playable',
    ],
    [
      'that lacks a library',
      () => new Map([...quiz].filter(([path]) => !path.startsWith(KIT))),
      'h5p-libraries-absent',
    ],
  ]
  test.each(cases)(
    'one %s is refused with its own reason and leaves nothing behind',
    async (_name, files, id) => {
      const found = await problems(files())
      expect(Array.isArray(found) ? found[0]?.id : found).toBe(id)
      expect(await stored()).toEqual(NOTHING)
    },
  )

  /** A content type that holds content of another, which the package names but does not bring. */
  function holder(sub: unknown): Files {
    const named = { machineName: 'Test.Holder', majorVersion: 1, minorVersion: 0 }
    return new Map(
      Object.entries({
        'h5p.json': {
          title: 'Holder',
          language: 'vi',
          mainLibrary: named.machineName,
          embedTypes: ['div'],
          preloadedDependencies: [named],
        },
        'content/content.json': { sub },
        'Test.Holder-1.0/library.json': { ...named, title: 'Holder', patchVersion: 0, runnable: 1 },
        'Test.Holder-1.0/semantics.json': [
          { name: 'sub', type: 'library', label: 'Sub', options: ['Test.Absent 1.0'] },
        ],
      }).map(([path, value]) => [path, JSON.stringify(value)]),
    )
  }

  test('content that names a library which is not there is refused after all, and installs nothing', async () => {
    const found = await problems(holder({ library: 'Test.Absent 1.0', params: {}, subContentId: 'x' }))
    expect(found).toMatchObject([{ id: 'h5p-content-malformed' }])
    expect(await stored()).toEqual(NOTHING)
  })

  test.each(['null', '[]', '"text"'])('content that is no object is refused: %s', async (content) => {
    expect(await problems(changed({ 'content/content.json': content }))).toMatchObject([
      { id: 'h5p-content-malformed' },
    ])
    expect(await stored()).toEqual(NOTHING)
  })

  test('a file name in the parameters cannot reach a file of this machine', async () => {
    const secret = join(world.directory, 'secret.png')
    await writeFile(secret, 'secret of the machine')
    const path = `../../${relative(tmpdir(), secret)}`
    for (const outside of [path, '/etc/passwd', '..\\..\\x.png', `images/../../../${path}`]) {
      const found = await problems(
        changed(
          edited(
            'content/content.json',
            (value) => {
              picturesOf(value)[0]!.path = outside
            },
            reading,
          ),
          reading,
        ),
      )
      expect(found).toEqual([{ id: 'h5p-path-outside', values: { file: outside } }])
    }
  })

  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
  const picture = 'content/images/1.svg'
  test.each([
    `${SVG}<image href="https://example.org/x.png"/></svg>`,
    `${SVG}<style>@import "https://example.org/x.css"</style></svg>`,
    'no drawing <script>alert(1)</script>',
  ])('a picture that loads from elsewhere, or is none, is refused: %s', async (svg) => {
    expect(await problems(changed({ [picture]: svg }, reading))).toEqual([
      { id: 'h5p-picture-active', values: { file: picture } },
    ])
    expect(await stored()).toEqual(NOTHING)
  })

  test.each([
    `${SVG}<script>alert(1)</script><path d="M0 0h9"/></svg>`,
    `${SVG}<path d="M0 0h9" onclick="alert(1)"/></svg>`,
    `${SVG}<path d="M0 0h9"/><foreignObject><iframe src="x"/></foreignObject></svg>`,
    `${SVG}<a href="javascript:alert(1)"><path d="M0 0h9"/></a></svg>`,
    `${SVG}<a href="java&#115;cript:alert(1)"><path d="M0 0h9"/></a></svg>`,
    `${SVG}<a><set attributeName="href" to="java&#115;cript:alert(1)"/></a><path d="M0 0h9"/></svg>`,
  ])('what could run in a picture is taken out, and the drawing stays: %s', async (svg) => {
    const lesson = taken(await world.upload(await world.zip(changed({ [picture]: svg }, reading))))
    const { docs } = await world.store.collections.scan(contentFiles, {
      prefix: `${lesson.draft.content}/images/`,
      limit: 9,
    })
    const texts = await Promise.all(docs.map(({ value }) => readBlob(world.store.blobs, value.sha2)))
    const clean = texts.find((text) => text.length < 500)!
    expect(clean).toContain('d="M0 0h9"')
    expect(clean).toContain('xmlns="http://www.w3.org/2000/svg"')
    expect(clean).not.toMatch(/script|onclick|foreignObject|iframe|<set/i)
  })

  test('what could run in the text of a question is taken out', async () => {
    const path = 'content/content.json'
    const text = quiz.get(path)!.toString()
    const hostile = text.replace(
      '"question":"<p>',
      '"question":"<p><img src=x onerror=alert(1)><script>alert(2)</script>',
    )
    expect(hostile).not.toBe(text)
    const lesson = taken(await world.upload(await world.zip(changed({ [path]: hostile }))))
    const content = (await world.store.collections.get(contents, lesson.draft.content))!
    const parameters = await readBlob(world.store.blobs, content.value.parameters)
    expect(parameters).not.toMatch(/onerror|<script/)
  })
})

describe('malware', () => {
  const scanned = async (found: { found: string | null } | 'failed') => {
    await world.close()
    let asked = 0
    world = await openHostWorld(
      {},
      {
        scan: async (file) => {
          asked += (await readFile(file)).length > 0 ? 1 : 0
          return found
        },
      },
    )
    const outcome = await problems(quiz)
    expect(asked).toBe(1)
    expect(await stored()).toEqual(outcome === 'taken' ? expect.anything() : NOTHING)
    return outcome
  }

  test('is refused with its name', async () => {
    expect(await scanned({ found: 'Win.Test.EICAR_HDB-1' })).toEqual([
      { id: 'h5p-malware', values: { name: 'Win.Test.EICAR_HDB-1' } },
    ])
  })
  test('cannot come in while nothing can be scanned', async () => {
    expect(await scanned('failed')).toEqual([{ id: 'h5p-not-scanned', values: undefined }])
  })
  test('that is not there keeps nobody away', async () => {
    expect(await scanned({ found: null })).toBe('taken')
  })
})

describe('who may bring code', () => {
  const withKit = (patch: number, script: string) =>
    changed({
      ...edited(`${KIT}/library.json`, (value) => {
        value.patchVersion = patch
      }),
      [`${KIT}/kit.js`]: script,
    })
  const installedKit = async () =>
    (await currentBuilds(world.store.collections, [parseLibrary(KIT)!])).get(KIT)?.build

  test('under the same patch the installed library is used, whatever the package’s copy holds', async () => {
    taken(await world.upload(await world.zip(quiz)))
    const before = await installedKit()
    for (const install of [false, true])
      taken(await world.upload(await world.zip(withKit(0, 'window.hostile = 1')), { install }))
    expect(await installedKit()).toEqual(before)
  })

  test('an administrator’s package updates a library as a whole', async () => {
    taken(await world.upload(await world.zip(quiz)))
    const old = (await installedKit())!.files['kit.js']!.sha2
    taken(await world.upload(await world.zip(withKit(1, 'window.newer = 1'))))
    const now = (await installedKit())!
    expect(now.patchVersion).toBe(1)
    expect(now.files['kit.js']!.sha2).not.toBe(old)
    await world.store.blobs.collect(inADay())
    expect(await world.store.blobs.size(now.files['kit.js']!.sha2)).toBe('window.newer = 1'.length)
  })

  test('libraries that only an editor needs keep no author away', async () => {
    taken(await world.upload(await world.zip(quiz)))
    const files = changed({
      'H5PEditor.Other-1.0/library.json': JSON.stringify({
        title: 'Other',
        machineName: 'H5PEditor.Other',
        majorVersion: 1,
        minorVersion: 0,
        patchVersion: 1,
        runnable: 0,
      }),
    })
    expect(await problems(files, false)).toBe('taken')
    expect(await world.store.collections.get(libraries, 'H5PEditor.Other-1.0')).toBeNull()
  })
})

describe('a lesson', () => {
  test('keeps its pictures, is a draft, and is found by its author alone', async () => {
    const lesson = taken(await world.upload(await world.zip(reading)))
    expect(lesson).toMatchObject({
      title: 'Phòng chống đuối nước cho trẻ em',
      language: 'vi',
      status: 'draft',
      author: 'an',
      topics: [TOPIC],
      licence: { code: 'CC BY-SA', version: '4.0' },
      authors: [{ name: 'Suốt Đời', role: 'Author' }],
      library: 'SuotDoi.Lesson 1.0',
    })
    expect((await stored())['h5p-content-files']).toBe(2)
    expect((await world.host.lessons.published({ limit: 10 })).lessons).toEqual([])
    expect((await world.host.lessons.by('an', { limit: 10 })).lessons).toEqual([lesson])
  })

  test('is published only with a licence and a topic of the list, and found by it', async () => {
    const { lessons: of } = world.host
    const lesson = taken(
      await of.upload(
        await world.zip(quiz),
        { person: 'an', mayInstallLibraries: true },
        { title: '  Rác ' },
      ),
    )
    expect(lesson.title).toBe('Rác')
    const publish = () => of.publish(lesson.id, { by: 'an' })
    expect(await publish()).toMatchObject({ problems: [{ id: 'lesson-topic-missing' }] })
    expect(await of.describe(lesson.id, { topics: ['https://example.org/other'] })).toMatchObject({
      problems: [{ id: 'lesson-topic-unknown' }],
    })
    taken(
      await of.describe(lesson.id, { topics: [TOPIC], description: 'Ngắn', language: 'en', licence: null }),
    )
    expect(await publish()).toMatchObject({ problems: [{ id: 'lesson-licence-missing' }] })
    taken(await of.describe(lesson.id, { licence: { code: 'CC0 1.0' } }))
    expect(taken(await publish())).toMatchObject({ status: 'published', language: 'en' })
    expect((await of.published({ topic: TOPIC, limit: 10 })).lessons.map((each) => each.id)).toEqual([
      lesson.id,
    ])
    expect(
      (await of.published({ topic: 'https://w3id.org/suotdoi/topics/y-te', limit: 10 })).lessons,
    ).toEqual([])
    taken(await of.unpublish(lesson.id))
    expect((await of.published({ limit: 10 })).lessons).toEqual([])
  })

  test('that is removed leaves no blob, state or attempt behind', async () => {
    const lesson = await world.publish(await world.zip(reading))
    taken(await world.host.play(lesson.id, 'binh'))
    const { collections, blobs } = world.store
    const files = (await collections.scan(contentFiles, { prefix: lesson.draft.content, limit: 9 })).docs
    expect(files).toHaveLength(2)
    await blobs.collect(inADay())
    for (const file of files) expect(await blobs.size(file.value.sha2)).toBe(file.value.size)
    await world.host.lessons.remove(lesson.id)
    await blobs.collect(inADay())
    for (const file of files) expect(await blobs.size(file.value.sha2)).toBeNull()
    expect(await stored()).toMatchObject({ ...NOTHING, 'h5p-libraries': 4 })
    expect(await world.host.play(lesson.id, 'binh')).toMatchObject({ problems: [{ id: 'lesson-not-found' }] })
  })
})

describe('an upload that was cut off', () => {
  test('is removed after a day, one that is under way is left alone', async () => {
    taken(await world.upload(await world.zip(reading)))
    const { collections } = world.store
    const kept = (await collections.scan(contents, { limit: 9 })).docs[0]!
    expect(kept.value.pending).toBe(false)
    const leave = (id: string, created: number) =>
      collections.put(contents, id, { ...kept.value, pending: true, created })
    await leave('cut-off', Date.now() - 25 * 60 * 60 * 1000)
    await leave('under-way', Date.now())
    taken(await world.upload(await world.zip(quiz)))
    const left = (await collections.scan(contents, { limit: 9 })).docs.map((doc) => doc.key)
    expect(left).toHaveLength(3)
    expect(left).toContain('under-way')
    expect(left).toContain(kept.key)
  })
})

describe('the lessons that come with the program', () => {
  test('are there, published, each once, and stay removed when removed', async () => {
    await world.host.seed()
    const titles = async () =>
      (await world.host.lessons.published({ limit: 10 })).lessons.map((each) => each.title).sort()
    expect(await titles()).toEqual([
      'Nhận ra lừa đảo qua điện thoại và mạng',
      'Phân loại rác sinh hoạt tại nhà',
      'Phòng chống đuối nước cho trẻ em',
    ])
    await world.host.lessons.remove('phan-loai-rac')
    await world.host.seed()
    expect(await titles()).toEqual([
      'Nhận ra lừa đảo qua điện thoại và mạng',
      'Phòng chống đuối nước cho trẻ em',
    ])
  })

  test('stay whole when unheld blobs are collected', async () => {
    await world.host.seed()
    await world.store.blobs.collect(inADay())
    const { frameUrl } = taken(await world.host.play('phong-duoi-nuoc', 'binh'))
    const page = await (await fetch(world.url + frameUrl)).text()
    const sources = [...page.matchAll(/(?:src|href)="(\/h5p\/[^"]+)"/g)].map(([, source]) => source!)
    expect(sources.length).toBeGreaterThan(2)
    for (const source of sources) expect((await fetch(world.url + source)).status, source).toBe(200)
  })
})
