/**
 * Builds the packages of the lessons that come with the program, from source: `node h5p/pack.ts [folder]`. The same
 * sources make the same bytes.
 */
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { ZipFile } from 'yazl'
import listed from '../schemas/topics.json' with { type: 'json' }
import { compileLesson } from './lesson-file/compile.ts'
import { type LibraryVersion, libraryKey } from './library/names.ts'
import { ownLibraryFolder } from './own-libraries.ts'
import type { DraftChange } from './types.ts'

const TOPICS = listed.map(({ iri, ...names }) => ({ id: iri, ...names }))
const LESSONS = join(import.meta.dirname, 'lessons')

/** Names of the lessons that come with the program; each is a folder with a lesson file and its pictures. */
export async function lessonNames(): Promise<string[]> {
  return (await readdir(LESSONS)).sort()
}

/** Makes a lesson's unpacked package, without libraries, in a folder; returns what the file says of the lesson. */
export async function makeLesson(name: string, into: string): Promise<DraftChange> {
  const folder = join(LESSONS, name)
  const compiled = await compileLesson(
    await readFile(join(folder, 'lesson.yaml'), 'utf8'),
    folder,
    into,
    TOPICS,
  )
  if ('problems' in compiled)
    throw new Error(`${name}: ${compiled.problems.map(({ message }) => message).join('; ')}`)
  return compiled.change
}

/** Every file of a lesson's package, with its libraries, by its path in the package. */
export async function gatherLesson(name: string): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'h5p-'))
  try {
    await makeLesson(name, folder)
    const files = await filesOf(folder)
    const { preloadedDependencies } = JSON.parse(String(files.get('h5p.json'))) as {
      preloadedDependencies: LibraryVersion[]
    }
    for (const library of preloadedDependencies.map(libraryKey))
      for (const [path, bytes] of await filesOf(ownLibraryFolder(library)))
        files.set(`${library}/${path}`, bytes)
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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

/** Every file of a folder, by its path in it. */
async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      paths.map(
        async (path) =>
          [path.slice(folder.length + 1).replaceAll('\\', '/'), await readFile(path)] as [string, Buffer],
      ),
    ),
  )
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
