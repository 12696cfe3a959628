/**
 * Builds the packages of the lessons that come with the program, from source: `node h5p/pack.ts [folder]`.
 * The same sources make the same bytes. `gatherLesson` is also what puts the lessons into an empty store.
 */
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { ILibraryMetadata } from '@lumieducation/h5p-server'
import { ZipFile } from 'yazl'
import { type LibraryVersion, libraryKey, parseLibrary } from './library/names.ts'

export interface LessonSource {
  title: string
  description: string
  language: string
  topic: string
  minutes: number
  library: string
  license: string
  licenseVersion: string
}

const LESSONS = join(import.meta.dirname, 'lessons')
const LIBRARIES = join(import.meta.dirname, 'libraries')

export async function lessonNames(): Promise<string[]> {
  return (await readdir(LESSONS)).sort()
}

export async function lessonSource(name: string): Promise<LessonSource> {
  return readJson(join(LESSONS, name, 'lesson.json'))
}

/** Every file of a lesson's package, by its path in the package, in order. */
export async function gatherLesson(name: string): Promise<Map<string, Buffer>> {
  const source = await lessonSource(name)
  const main = parseLibrary(source.library)
  if (!main) throw new Error(`${name}: ${source.library} is not the name of a library`)
  const libraries = await withDependencies(main)
  const files = new Map<string, Buffer>()
  files.set('h5p.json', json(manifest(source, main, libraries)))
  for (const path of await filesOf(join(LESSONS, name)))
    if (path !== 'lesson.json') files.set(`content/${path}`, await readFile(join(LESSONS, name, path)))
  files.set('content/content.json', json(await withWords(name, source, main)))
  for (const library of libraries)
    for (const path of await filesOf(join(LIBRARIES, libraryKey(library))))
      files.set(`${libraryKey(library)}/${path}`, await readFile(join(LIBRARIES, libraryKey(library), path)))
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Writes a lesson's package. */
export async function packLesson(name: string, file: string): Promise<void> {
  const zip = new ZipFile()
  for (const [path, bytes] of await gatherLesson(name))
    zip.addBuffer(bytes, path, {
      // DOS time has no zone: these local fields are the same bytes everywhere.
      mtime: new Date(2026, 0, 1),
      mode: 0o100644,
      forceDosTimestamp: true,
    })
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}

function manifest(source: LessonSource, main: LibraryVersion, libraries: readonly LibraryVersion[]) {
  return {
    title: source.title,
    language: source.language,
    defaultLanguage: source.language,
    mainLibrary: main.machineName,
    embedTypes: ['div'],
    license: source.license,
    licenseVersion: source.licenseVersion,
    authors: [{ name: 'Suốt Đời', role: 'Author' }],
    preloadedDependencies: libraries,
  }
}

/** What the library needs first, then the library. */
async function withDependencies(
  library: LibraryVersion,
  seen = new Set<string>(),
): Promise<LibraryVersion[]> {
  if (seen.has(libraryKey(library))) return []
  seen.add(libraryKey(library))
  const metadata = await readJson<ILibraryMetadata>(join(LIBRARIES, libraryKey(library), 'library.json'))
  const found: LibraryVersion[] = []
  for (const dependency of metadata.preloadedDependencies ?? [])
    found.push(...(await withDependencies(dependency, seen)))
  const { machineName, majorVersion, minorVersion } = metadata
  return [...found, { machineName, majorVersion, minorVersion }]
}

/** The lesson's parameters with the learner's words of the lesson's language, as an editor would have filled them in. */
async function withWords(name: string, source: LessonSource, main: LibraryVersion): Promise<object> {
  const content = await readJson<object>(join(LESSONS, name, 'content.json'))
  const folder = join(LIBRARIES, libraryKey(main))
  const semantics = await readJson<Field[]>(join(folder, 'semantics.json'))
  const language = await readJson<{ semantics: Field[] }>(join(folder, 'language', `${source.language}.json`))
  const words: Record<string, Record<string, string>> = {}
  semantics.forEach((field, index) => {
    if (!field.common || !field.name) return
    const group: Record<string, string> = {}
    field.fields?.forEach((each, at) => {
      group[each.name!] = language.semantics[index]?.fields?.[at]?.default ?? each.default ?? ''
    })
    words[field.name] = group
  })
  return { ...content, ...words }
}
interface Field {
  name?: string
  common?: boolean
  default?: string
  fields?: Field[]
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value))
}

if (import.meta.main) {
  const folder = parseArgs({ allowPositionals: true }).positionals[0] ?? 'data/packages'
  await mkdir(folder, { recursive: true })
  for (const name of await lessonNames()) {
    const file = join(folder, `${name}.h5p`)
    await packLesson(name, file)
    console.log(file)
  }
}
