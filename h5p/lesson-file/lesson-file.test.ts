import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import schema from '../../schemas/lesson.json' with { type: 'json' }
import { lessonFile } from '../../web/i18n/messages/lesson-file.ts'
import { gatherLesson, lessonNames, packLesson } from '../pack.ts'
import { compileLesson } from './compile.ts'
import { htmlOf } from './markdown.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lesson-file-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const TOPICS = [{ id: 'https://w3id.org/suotdoi/topics/y-te', vi: 'Y tế', en: 'Health' }]
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
let made = 0
async function compile(text: string, pictures: Record<string, string> | null = null) {
  made += 1
  const beside = pictures && join(folder, `beside-${made}`)
  for (const [path, bytes] of Object.entries(pictures ?? {})) {
    await mkdir(dirname(join(beside!, path)), { recursive: true })
    await writeFile(join(beside!, path), bytes)
  }
  const into = join(folder, `into-${made}`)
  const compiled = await compileLesson(text, beside, into, TOPICS)
  return { compiled, read: async (path: string) => JSON.parse(await readFile(join(into, path), 'utf8')) }
}
/** Ids and lines of what is wrong; each has words in both languages. */
async function wrong(text: string, pictures?: Record<string, string>) {
  const { compiled } = await compile(text, pictures ?? null)
  if (!('problems' in compiled)) return []
  return compiled.problems.map(({ id, values }) => {
    const key = id.replace('lesson-file-', '')
    expect(Object.keys(lessonFile.vi)).toContain(key)
    expect(Object.keys(lessonFile.en)).toContain(key)
    return [key, values?.line]
  })
}
const lesson = (content: string) => `title: T\nlanguage: vi\npages:\n  - title: P\n    content:\n${content}`

describe('a lesson file', () => {
  test('the example of the documentation becomes a lesson with every kind of part', async () => {
    const docs = await readFile(join(import.meta.dirname, '../../docs/lesson-file.md'), 'utf8')
    const example = /```yaml\n([\s\S]*?)```/.exec(docs)![1]!
    const { compiled, read } = await compile(example)
    expect(compiled).toMatchObject({
      change: {
        title: 'Rửa tay đúng cách',
        topics: [TOPICS[0]!.id],
        audience: ['everyone'],
        minutes: 6,
        licence: { code: 'CC BY-SA', version: '4.0' },
        authors: [{ name: 'Trạm y tế xã', role: 'Author' }],
        completion: { by: 'answered' },
      },
    })
    const content = await read('content/content.json')
    const libraries = content.pages.flatMap((page: { content: { library: string }[] }) =>
      page.content.map((part) => part.library.split(' ')[0]),
    )
    expect(new Set(libraries)).toEqual(
      new Set(
        ['Text', 'TrueFalse', 'MultiChoice', 'Ordering', 'Blanks', 'QuestionSet'].map(
          (name) => `SuotDoi.${name}`,
        ),
      ),
    )
    const gaps = content.pages[1].content[3].params
    expect(gaps.text).toBe('<p>Rửa tay bằng nước và [[1]] trong ít nhất [[2]] giây.</p>')
    expect(gaps.blanks).toEqual([
      { id: '1', answers: ['xà phòng', 'xà bông'] },
      { id: '2', answers: ['20', 'hai mươi'], hint: 'một con số' },
    ])
    // The ids of an order do not tell the places.
    expect(content.pages[1].content[2].params.items.map((item: { id: string }) => item.id)).toEqual([
      'b',
      'd',
      'a',
      'c',
    ])
    const manifest = await read('h5p.json')
    expect(manifest).toMatchObject({
      mainLibrary: 'SuotDoi.Lesson',
      license: 'CC BY-SA',
      licenseVersion: '4.0',
    })
    expect(manifest.preloadedDependencies).toHaveLength(8)
  })

  test('takes its pictures from beside it, each once, and tells their size', async () => {
    const part = '      - {picture: hình/một.svg, alt: A}\n'
    const { compiled, read } = await compile(lesson(part + part), { 'hình/một.svg': SVG })
    expect(compiled).toHaveProperty('change')
    const [held, ...more] = (await read('content/content.json')).pages[0].content
    expect(more).toEqual([])
    const picture = { path: 'images/1.svg', mime: 'image/svg+xml', width: 40, height: 30 }
    expect(held.params.parts).toEqual([
      { picture, pictureText: 'A' },
      { picture, pictureText: 'A' },
    ])
  })

  test('an assessed one says how often one may try, and from what share on it is passed', async () => {
    const { compiled } = await compile(
      'title: T\nlanguage: vi\npass: 80\nassessed: {attempts: 3}\nquestions:\n  - true-false: A\n    right: true\n',
    )
    expect(compiled).toMatchObject({
      change: { mode: { kind: 'assessed', attempts: 3, passPercent: 80, shuffle: false } },
    })
  })

  test('a question keeps its id as long as its words, whatever stands around it', async () => {
    const question = '      - {true-false: A, right: true}\n'
    const id = async (content: string) => {
      const { read } = await compile(lesson(content))
      return (await read('content/content.json')).pages[0].content.at(-1).subContentId
    }
    expect(await id(question)).toMatch(/^q-[0-9a-f]{8}$/)
    expect(await id(`      - {text: B}\n${question}`)).toBe(await id(question))
    expect(await id('      - {true-false: B, right: true}\n')).not.toBe(await id(question))
  })
})

describe('what is wrong is told with its line', () => {
  test.each([
    ['a tab', 'title: T\nlanguage: vi\npages:\n\t- title: P\n', [['tab', 4]]],
    ['a word twice', 'title: T\ntitle: U\nlanguage: vi\nquestions: []\n', [['twice', 2]]],
    ['a colon without quotes', lesson('      - text: Nhớ: rửa tay\n'), [['colon', 6]]],
    ['a reference', 'title: &a T\nlanguage: *a\nquestions: []\n', [['reference', undefined]]],
    ['nothing to learn', 'title: T\nlanguage: vi\n', [['empty', 1]]],
    ['a part of no kind', lesson('      - {tekst: A}\n'), [['kind', 6]]],
    ['a missing word', lesson('      - text: A\n      - {picture: a.png}\n'), [['missing', 7]]],
    [
      'an unknown word',
      lesson('      - {text: A}\n      - text: B\n        colour: red\n'),
      [['unknown', 8]],
    ],
    ['a number for a text', lesson('      - {text: 114}\n'), [['type', 6]]],
    [
      'a wrong licence',
      'title: T\nlanguage: vi\nlicence: free\nquestions:\n  - {true-false: A, right: true}\n',
      [['value', 3]],
    ],
    [
      'a topic that is not there',
      'title: T\nlanguage: vi\ntopics:\n  - y-te\n  - khac\nquestions:\n  - {true-false: A, right: true}\n',
      [['topic', 5]],
    ],
    [
      'one answer alone',
      lesson('      - choice: A\n        answers:\n          - {text: B, right: true}\n'),
      [['size', 7]],
    ],
    [
      'no right answer',
      lesson('      - choice: A\n        answers:\n          - {text: B}\n          - {text: C}\n'),
      [['no-right', 7]],
    ],
    [
      'two right answers',
      lesson(
        '      - choice: A\n        answers:\n          - {text: B, right: true}\n          - {text: C, right: true}\n',
      ),
      [['many-right', 7]],
    ],
    ['no gap', lesson('      - gaps: A\n'), [['no-gap', 6]]],
    [
      'answers without a question',
      `completion: answered\n${lesson('      - text: A\n')}`,
      [['no-question', 1]],
    ],
    ['an order of the same', lesson('      - order: A\n        items: [B, B]\n'), [['same', 7]]],
    [
      'an id twice',
      lesson('      - {true-false: A, right: true, id: x}\n      - {true-false: B, right: true, id: x}\n'),
      [['id-twice', 7]],
    ],
    [
      'a picture elsewhere',
      lesson('      - {picture: "https://example.org/a.png", alt: A}\n'),
      [['picture-elsewhere', 6]],
    ],
    ['a picture that is not there', lesson('      - {picture: a.png, alt: A}\n'), [['picture-missing', 6]]],
    [
      'a picture above the archive',
      lesson('      - {picture: ../a.png, alt: A}\n'),
      [['picture-missing', 6]],
    ],
    ['a picture of no kind', lesson('      - {picture: a.exe, alt: A}\n'), [['picture-kind', 6]]],
  ] as [string, string, unknown][])('%s', async (_name, text, expected) => {
    expect(await wrong(text)).toEqual(expected)
  })

  test('a picture that is none, and several things at once, in the order of the file', async () => {
    expect(await wrong(lesson('      - {picture: a.png, alt: A}\n'), { 'a.png': 'none' })).toEqual([
      ['picture-broken', 6],
    ])
    expect(
      await wrong(
        'language: vi\nminutes: a\ntopics: [none]\npages:\n  - title: P\n    content:\n      - {text: ""}\n',
      ),
    ).toEqual([
      ['missing', 1],
      ['type', 2],
      ['topic', 3],
      ['size', 7],
    ])
  })

  test('the schema is one', () => {
    expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true)
  })
})

test('a text holds no HTML, no links and no pictures, whatever is written', () => {
  expect(htmlOf('<b onclick="x">A</b> [B](javascript:x) ![C](d.png)')).toBe(
    '<p>&lt;b onclick=&quot;x&quot;&gt;A&lt;/b&gt; [B](javascript:x) ![C](d.png)</p>',
  )
  expect(htmlOf('# A\n\n- **B**\n- *C*')).toBe(
    '<h3>A</h3>\n<ul>\n<li><strong>B</strong></li>\n<li><em>C</em></li>\n</ul>',
  )
})

test('packages of the lessons that come with the program are the same bytes twice, with all they need', async () => {
  for (const name of await lessonNames()) {
    const files = await Promise.all(
      ['a', 'b'].map(async (each) => {
        const file = join(folder, `${name}-${each}.h5p`)
        await packLesson(name, file)
        return readFile(file)
      }),
    )
    expect(files[0]!.equals(files[1]!)).toBe(true)
    const paths = [...(await gatherLesson(name)).keys()]
    expect(paths).toContain('SuotDoi.Kit-1.0/kit.js')
    expect(paths).toContain('content/content.json')
  }
})
