import { extname } from 'node:path'
import type { BlobStore, Collections } from '../../lrs/index.ts'
import type { FileRecord, LibraryBuild } from '../collections.ts'
import { readBlob } from '../content/files.ts'
import { currentBuilds } from './builds.ts'
import { type DiffLine, diffLines, withContext } from './line-diff.ts'
import { libraryKey } from './names.ts'
import { type LibraryRequest, proposalsOf } from './requests.ts'

export interface FileDifference {
  path: string
  change: 'added' | 'changed' | 'removed'
  /** Bytes; null: it is not there. */
  before: number | null
  after: number | null
  /** It is text and small enough to be shown. */
  readable: boolean
}

/** A proposed library beside the installed one. */
export interface LibraryDifference {
  /** Key of the proposed build. */
  build: string
  title: string
  machineName: string
  majorVersion: number
  minorVersion: number
  patchVersion: number
  /** Patch that is installed now; null: none. */
  installed: number | null
  /** The installed one is as new or newer: this one is not used any more. */
  settled: boolean
  files: FileDifference[]
  /** How many files are the same. */
  same: number
  /** Bytes of all files together. */
  size: number
}

const TEXT = new Set(['.js', '.css', '.json', '.svg', '.txt', '.md', '.xml', '.html', '.map', '.csv'])
/** Bytes of a file that is shown. */
const SHOWN = 256 * 1024
/** What is shown of `library.json`, which is kept apart from the files. */
const DESCRIPTION = 'library.json'
const AROUND = 3

/** What approving a request would bring, file by file, library by library. */
export async function differencesOf(
  collections: Collections,
  request: LibraryRequest,
): Promise<LibraryDifference[]> {
  const proposals = await proposalsOf(collections, request)
  const found: LibraryDifference[] = []
  for (const [key, build] of proposals) {
    const installed = (await currentBuilds(collections, [build])).get(libraryKey(build))?.build ?? null
    found.push(compare(key, build, installed))
  }
  return found.sort((a, b) => (a.build < b.build ? -1 : 1))
}

function compare(key: string, build: LibraryBuild, installed: LibraryBuild | null): LibraryDifference {
  const { machineName, majorVersion, minorVersion, patchVersion, metadata } = build
  const before = installed ? listed(installed) : {}
  const after = listed(build)
  const files: FileDifference[] = []
  let same = 0
  for (const path of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const [old, now] = [before[path], after[path]]
    if (old && now && old.sha2 === now.sha2) same++
    else
      files.push({
        path,
        change: old && now ? 'changed' : old ? 'removed' : 'added',
        before: old?.size ?? null,
        after: now?.size ?? null,
        readable: TEXT.has(extname(path).toLowerCase()) && Math.max(old?.size ?? 0, now?.size ?? 0) <= SHOWN,
      })
  }
  return {
    build: key,
    title: (JSON.parse(metadata) as { title?: string }).title ?? machineName,
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    installed: installed?.patchVersion ?? null,
    settled: installed !== null && installed.patchVersion >= patchVersion,
    files,
    same,
    size: Object.values(after).reduce((sum, file) => sum + file.size, 0),
  }
}

/** One file of a proposed library beside the installed one's; null stands for lines left out. */
export async function fileLines(
  { collections, blobs }: { collections: Collections; blobs: BlobStore },
  request: LibraryRequest,
  key: string,
  path: string,
): Promise<(DiffLine | null)[] | null> {
  const build = (await proposalsOf(collections, request)).get(key)
  if (!build) return null
  const installed = (await currentBuilds(collections, [build])).get(libraryKey(build))?.build ?? null
  const file = compare(key, build, installed).files.find((each) => each.path === path)
  if (!file?.readable) return null
  const before = installed ? await read(blobs, installed, path) : ''
  return withContext(diffLines(before, await read(blobs, build, path)), AROUND)
}

async function read(blobs: BlobStore, build: LibraryBuild, path: string): Promise<string> {
  if (path === DESCRIPTION) return description(build)
  const file = Object.hasOwn(build.files, path) ? build.files[path] : undefined
  return file ? readBlob(blobs, file.sha2) : ''
}

/** The files, with the description as one of them. */
function listed(build: LibraryBuild): Record<string, FileRecord> {
  const text = description(build)
  return { ...build.files, [DESCRIPTION]: { sha2: text, size: Buffer.byteLength(text) } }
}

function description({ metadata }: LibraryBuild): string {
  return `${JSON.stringify(JSON.parse(metadata), null, 2)}\n`
}
