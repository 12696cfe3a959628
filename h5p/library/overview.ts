import type { ILibraryMetadata } from '@lumieducation/h5p-server'
import type { Collections } from '../../lrs/index.ts'
import {
  contents,
  type LibraryBuildRecord,
  type LibraryRecord,
  lessons,
  libraries,
  libraryBuilds,
  versions,
} from '../collections.ts'
import { getBuilds } from './builds.ts'
import { libraryKey, libraryLabel } from './names.ts'

/** A library as the administrator's list shows it. */
export interface LibrarySummary {
  /** `H5P.TrueFalse-1.8` */
  key: string
  title: string
  machineName: string
  majorVersion: number
  minorVersion: number
  patchVersion: number
  /** A content type by itself. */
  runnable: boolean
  addon: boolean
  restricted: boolean
  /** When this patch came in. */
  since: number
  files: number
  /** Bytes. */
  size: number
  /** Contents of drafts and versions that name it, and those whose main library it is. */
  contents: number
  asMain: number
  /** A newer minor version that is installed, `1.9`. */
  newer: string | null
}

export interface LibraryUse {
  lesson: string
  title: string
  author: string
  /** Versions that learners may still have, by number; 0: the draft. */
  versions: number[]
}
export interface LibraryDetails extends LibrarySummary {
  build: string
  paths: { path: string; size: number }[]
  /** Libraries that it loads, and those that load it. */
  needs: string[]
  neededBy: string[]
  /** Older builds that versions still run with, and how many do. */
  older: { build: string; patchVersion: number; versions: number }[]
  /** Lessons that use it, as far as are shown. */
  uses: LibraryUse[]
  /** There are more. */
  more: boolean
}
const SHOWN = 100

/** Every installed library, by name; `runnable` first is left to who shows it. */
export async function listLibraries(collections: Collections): Promise<LibrarySummary[]> {
  const pointers = await allPointers(collections)
  const builds = new Map<string, LibraryBuildRecord>()
  for (let at = 0; at < pointers.length; at += 100) {
    const keys = pointers.slice(at, at + 100).map((each) => each.build)
    for (const [key, build] of await getBuilds(collections, keys)) builds.set(key, build)
  }
  return Promise.all(
    pointers.flatMap((pointer) => {
      const build = builds.get(pointer.build)
      return build ? [summarise(collections, pointer, build, pointers)] : []
    }),
  )
}

/** One library with who uses it; null: it is not installed. */
export async function libraryDetails(collections: Collections, key: string): Promise<LibraryDetails | null> {
  const pointer = (await collections.get(libraries, key))?.value
  const build = pointer && (await getBuilds(collections, [pointer.build])).get(pointer.build)
  if (!pointer || !build) return null
  const pointers = await allPointers(collections)
  const summary = await summarise(collections, pointer, build, pointers)
  const { docs } = await collections.scan(libraryBuilds, { prefix: `${key}.`, limit: SHOWN })
  const older = await Promise.all(
    docs
      .filter((doc) => doc.key !== pointer.build)
      .map(async (doc) => ({
        build: doc.key,
        patchVersion: doc.value.patchVersion,
        versions: await collections.count(versions, { index: 'libraries', equals: { libraries: doc.key } }),
      })),
  )
  const { uses, more } = await usesOf(
    collections,
    docs.map((doc) => doc.key),
    libraryLabel(pointer),
  )
  const needed = (JSON.parse(build.metadata) as ILibraryMetadata).preloadedDependencies ?? []
  return {
    ...summary,
    build: pointer.build,
    paths: Object.entries(build.files)
      .map(([path, { size }]) => ({ path, size }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    needs: needed.map(libraryKey).sort(),
    neededBy: await dependentsOf(collections, key, pointers),
    older: older.filter((each) => each.versions > 0),
    uses,
    more,
  }
}

async function usesOf(
  collections: Collections,
  builds: readonly string[],
  label: string,
): Promise<{ uses: LibraryUse[]; more: boolean }> {
  const uses = new Map<string, LibraryUse>()
  let more = false
  const add = (lesson: string, version: number) => {
    const use = uses.get(lesson)
    if (use) use.versions.push(version)
    else if (uses.size < SHOWN) uses.set(lesson, { lesson, title: '', author: '', versions: [version] })
    else more = true
  }
  const named = await collections.find(contents, {
    index: 'library',
    equals: { libraries: label },
    limit: SHOWN,
  })
  if (named.next !== null) more = true
  for (const doc of named.docs) {
    const drafts = await collections.find(lessons, {
      index: 'content',
      equals: { 'draft.content': doc.key },
      limit: SHOWN,
    })
    for (const { key } of drafts.docs) add(key, 0)
  }
  for (const build of builds) {
    const pinned = await collections.find(versions, {
      index: 'libraries',
      equals: { libraries: build },
      limit: SHOWN,
    })
    if (pinned.next !== null) more = true
    for (const { value } of pinned.docs) add(value.lesson, value.number)
  }
  const told = await collections.getMany(lessons, [...uses.keys()])
  for (const use of uses.values()) {
    const lesson = told.get(use.lesson)?.value
    use.title = lesson?.title ?? ''
    use.author = lesson?.author ?? ''
    use.versions.sort((a, b) => a - b)
  }
  return { uses: [...uses.values()].sort((a, b) => a.title.localeCompare(b.title)), more }
}

async function dependentsOf(
  collections: Collections,
  key: string,
  pointers: readonly LibraryRecord[],
): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < pointers.length; at += 100) {
    const keys = pointers.slice(at, at + 100).map((each) => each.build)
    for (const build of (await getBuilds(collections, keys)).values()) {
      const { preloadedDependencies = [] } = JSON.parse(build.metadata) as ILibraryMetadata
      if (preloadedDependencies.some((each) => libraryKey(each) === key)) found.push(libraryKey(build))
    }
  }
  return found.sort()
}

async function summarise(
  collections: Collections,
  pointer: LibraryRecord,
  build: LibraryBuildRecord,
  all: readonly LibraryRecord[],
): Promise<LibrarySummary> {
  const metadata = JSON.parse(build.metadata) as ILibraryMetadata
  const { machineName, majorVersion, minorVersion, patchVersion, addon, restricted } = pointer
  const newer = all
    .filter(
      (each) =>
        each.machineName === machineName &&
        (each.majorVersion - majorVersion || each.minorVersion - minorVersion) > 0,
    )
    .sort((a, b) => b.majorVersion - a.majorVersion || b.minorVersion - a.minorVersion)[0]
  const label = libraryLabel(pointer)
  return {
    key: libraryKey(pointer),
    title: metadata.title,
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    runnable: Boolean(metadata.runnable),
    addon,
    restricted,
    since: build.changed,
    files: Object.keys(build.files).length,
    size: Object.values(build.files).reduce((sum, file) => sum + file.size, 0),
    contents: await collections.count(contents, { index: 'library', equals: { libraries: label } }),
    asMain: await collections.count(contents, { index: 'main', equals: { mainLibrary: label } }),
    newer: newer ? `${newer.majorVersion}.${newer.minorVersion}` : null,
  }
}

async function allPointers(collections: Collections): Promise<LibraryRecord[]> {
  const found: LibraryRecord[] = []
  let after: string | undefined
  do {
    const page = await collections.scan(libraries, { limit: 500, ...(after === undefined ? {} : { after }) })
    found.push(...page.docs.map((doc) => doc.value))
    after = page.next ?? undefined
  } while (after !== undefined)
  return found
}
