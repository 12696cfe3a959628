import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { DEFAULT_LIMITS } from '../limits.ts'
import { inspectArchive, unpackArchive } from './archive.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'))
})
afterAll(() => rm(folder, { recursive: true }))

let made = 0
async function zip(files: Record<string, Buffer | string>): Promise<string> {
  const file = join(folder, `${++made}.h5p`)
  const archive = new ZipFile()
  for (const [path, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), path)
  archive.end()
  await pipeline(archive.outputStream, createWriteStream(file))
  return file
}
const limits = (more: Partial<typeof DEFAULT_LIMITS> = {}) => ({ ...DEFAULT_LIMITS, ...more })
const ids = async (file: string, more: Partial<typeof DEFAULT_LIMITS> = {}) =>
  (await inspectArchive(file, limits(more))).problems.map((each) => [each.id, each.values])

describe('a package that is not in order is known by its table of contents', () => {
  test('a good one has no problem and names its files', async () => {
    const file = await zip({
      'h5p.json': '{}',
      'content/content.json': '{}',
      'A-1.0/a.js': '1',
      '__MACOSX/x': '',
    })
    const { entries, problems } = await inspectArchive(file, limits())
    expect(problems).toEqual([])
    expect(entries).toContain('content/content.json')
  })

  test('a file that is no archive', async () => {
    const file = join(folder, 'text.h5p')
    await writeFile(file, 'text')
    expect(await ids(file)).toEqual([['h5p-not-a-package', undefined]])
  })

  test('a damaged table of contents', async () => {
    const file = await zip({ 'h5p.json': '{}', 'content/content.json': '{}' })
    const bytes = await readFile(file)
    const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]))
    bytes.fill(0, central, central + 8)
    await writeFile(file, bytes)
    expect((await ids(file))[0]?.[0]).toBe('h5p-not-a-package')
  })

  test('the package itself is too large', async () => {
    const file = await zip({ 'h5p.json': '{}' })
    expect(await ids(file, { packageBytes: 10 })).toEqual([['h5p-package-too-large', { size: 0, limit: 0 }]])
  })

  test('one file is too large, all together are too large, there are too many', async () => {
    const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 251))
    const file = await zip({ 'h5p.json': '{}', 'content/a.txt': noise, 'content/b.txt': noise })
    expect(await ids(file, { fileBytes: 2_000_000, ratio: 1e9 })).toEqual([
      ['h5p-file-too-large', { file: 'content/a.txt', size: 2.9, limit: 1.9 }],
      ['h5p-file-too-large', { file: 'content/b.txt', size: 2.9, limit: 1.9 }],
    ])
    expect(await ids(file, { unpackedBytes: 5_000_000, ratio: 1e9 })).toEqual([
      ['h5p-unpacked-too-large', { size: 5.7, limit: 4.8 }],
    ])
    expect(await ids(file, { files: 2, ratio: 1e9 })).toEqual([['h5p-too-many-files', { limit: 2 }]])
  })

  test('a bomb: small packed, huge unpacked', async () => {
    const file = await zip({ 'h5p.json': '{}', 'content/b.txt': Buffer.alloc(8_000_000) })
    expect(await ids(file)).toEqual([['h5p-bomb', { file: 'content/b.txt', limit: 100 }]])
    expect(await ids(file, { ratio: 1e9 })).toEqual([])
  })

  test('a name that steps out of the package, plain or with backslashes', async () => {
    for (const [written, meant] of [
      ['content/xx/xx/evil.txt', 'content/../../evil.txt'],
      ['content-xx-xx-evil.txt', 'content\\..\\..\\evil.txt'],
      ['xcontent/xx/evil.txt', '/content/xx/evil.txt'],
    ] as const) {
      const file = await zip({ 'h5p.json': '{}', [written]: 'x' })
      // The library that writes archives refuses such names itself.
      const bytes = Buffer.from((await readFile(file, 'latin1')).replaceAll(written, meant), 'latin1')
      await writeFile(file, bytes)
      const found = await ids(file)
      expect(found.map(([id]) => id)).toEqual(['h5p-path-outside'])
    }
  })

  test.each(['html', 'js', 'exe', 'php'])('content may hold no .%s', async (kind) => {
    const path = `content/x.${kind}`
    expect(await ids(await zip({ [path]: 'x' }))).toEqual([['h5p-file-kind', { file: path, kind }]])
  })

  test('a library may hold scripts and styles, but no pages', async () => {
    expect(await ids(await zip({ 'A-1.0/a.js': '', 'A-1.0/a.css': '' }))).toEqual([])
    expect(await ids(await zip({ 'A-1.0/a.html': '' }))).toEqual([
      ['h5p-file-kind', { file: 'A-1.0/a.html', kind: 'html' }],
    ])
  })
})

describe('unpacking', () => {
  test('leaves out hidden files and writes nothing elsewhere', async () => {
    const into = await mkdtemp(join(folder, 'out-'))
    const file = await zip({
      'h5p.json': '{}',
      'content/.hidden.json': '',
      'content/a.txt': 'a',
      '_x.txt': '',
    })
    expect(await unpackArchive(file, into)).toEqual([])
    expect((await readdir(into, { recursive: true })).sort()).toEqual([
      'content',
      'content/a.txt',
      'h5p.json',
    ])
  })

  test('an entry that unpacks to more than it says is refused', async () => {
    const file = await zip({ 'h5p.json': '{}', 'content/a.txt': 'a'.repeat(5000) })
    const bytes = await readFile(file)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(5000)
    const lie = Buffer.alloc(4)
    lie.writeUInt32LE(50)
    for (let at = bytes.indexOf(size); at >= 0; at = bytes.indexOf(size, at + 4)) lie.copy(bytes, at)
    await writeFile(file, bytes)
    const into = await mkdtemp(join(folder, 'out-'))
    expect((await unpackArchive(file, into)).map((each) => each.id)).toEqual(['h5p-file-unreadable'])
  })
})
