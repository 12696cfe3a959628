import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { contentFiles, contents, type FileRecord, lessons } from '../collections.ts'
import { openBlob } from '../content/files.ts'
import { getBuilds } from '../library/builds.ts'
import { libraryKey } from '../library/names.ts'
import { pinsOf } from '../library/pins.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Draft, LessonDetails, Lessons, Version } from '../types.ts'
import { readPlayed } from './versions.ts'

/** Zip needs no dates; the same version is the same bytes. */
const ZIP = { mtime: new Date(2026, 0, 1), forceDosTimestamp: true }

/** A lesson as a package: content, what is said of it, and the libraries that it runs with. */
export function createExport(stores: Stores): Lessons['export'] {
  const { collections } = stores
  return async (id, number) => {
    const lesson = await collections.get(lessons, id)
    const played = lesson && (await readPlayed(collections, lesson.value, number))
    const content = played && (await collections.get(contents, played.content))
    if (!content) return refusal(problem('lesson-version-unknown', 404, 'There is no such version'))
    const { metadata, parameters } = content.value
    const manifest = manifestOf(JSON.parse(metadata) as object, played.details)
    const zip = new ZipFile()
    zip.addBuffer(Buffer.from(JSON.stringify(manifest)), 'h5p.json', ZIP)
    const add = (path: string, sha2: string) =>
      zip.addReadStreamLazy(path, ZIP, (done) => {
        openBlob(stores.blobs, sha2).then(
          (opened) => done(null, opened),
          (error: unknown) => done(error, Readable.from([])),
        )
      })
    add('content/content.json', parameters)
    for (const [path, { sha2 }] of await filesOf(stores, played.content)) add(`content/${path}`, sha2)
    for (const build of (await buildsOf(stores, played)).values()) {
      const folder = libraryKey(build)
      zip.addBuffer(Buffer.from(build.metadata), `${folder}/library.json`, ZIP)
      for (const [path, { sha2 }] of Object.entries(build.files)) add(`${folder}/${path}`, sha2)
    }
    zip.end()
    return { name: fileName(played.details.title), content: errorsOf(zip) }
  }
}

async function filesOf({ collections }: Stores, content: string): Promise<Map<string, FileRecord>> {
  const files = new Map<string, FileRecord>()
  let after: string | undefined
  do {
    const page = await collections.scan(contentFiles, {
      prefix: `${content}/`,
      limit: 500,
      ...(after !== undefined && { after }),
    })
    for (const { key, value } of page.docs) files.set(key.slice(content.length + 1), value)
    after = page.next ?? undefined
  } while (after !== undefined)
  return files
}

async function buildsOf({ collections }: Stores, played: Draft | Version) {
  const keys =
    'libraries' in played ? played.libraries : ((await pinsOf(collections, played.content))?.builds ?? [])
  return getBuilds(collections, keys)
}

/** What the package says of itself, as its author says it now. */
function manifestOf(metadata: object, { title, language, licence, authors, source }: LessonDetails): object {
  return {
    ...metadata,
    title,
    language,
    defaultLanguage: language,
    license: licence?.code ?? 'U',
    ...(licence?.version !== undefined && { licenseVersion: licence.version }),
    authors: authors.map(({ name, role = 'Author' }) => ({ name, role })),
    ...(source !== undefined && { source }),
  }
}

/** `phan-loai-rac.h5p`: names that every system takes. */
function fileName(title: string): string {
  const plain = title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/đ/giu, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${plain.slice(0, 60) || 'bai-hoc'}.h5p`
}

/** The zip's bytes; a file that cannot be read ends them with its error. */
function errorsOf(zip: ZipFile): Readable {
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  return output
}
