import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ILibraryMetadata } from '@lumieducation/h5p-server'
import { type LibraryVersion, libraryKey, parseLibrary } from './library/names.ts'

/** Our own content types, as source. */
const LIBRARIES = join(import.meta.dirname, 'libraries')

/** Folders of all of them, `SuotDoi.Kit-1.0`, in order. */
export async function ownLibraryFolders(): Promise<string[]> {
  return (await readdir(LIBRARIES)).sort()
}

export function ownLibraryFolder(key: string): string {
  return join(LIBRARIES, key)
}

/** Libraries, given as content names them, and what they need, each after what it needs. */
export async function libraryClosure(names: readonly string[]): Promise<LibraryVersion[]> {
  const found = new Map<string, LibraryVersion>()
  async function add(library: LibraryVersion): Promise<void> {
    const key = libraryKey(library)
    if (found.has(key)) return
    const metadata = await readOwn(key)
    for (const dependency of metadata.preloadedDependencies ?? []) await add(dependency)
    const { machineName, majorVersion, minorVersion } = metadata
    found.set(key, { machineName, majorVersion, minorVersion })
  }
  for (const name of names) {
    const library = parseLibrary(name)
    if (!library) throw new Error(`${name} is not the name of a library`)
    await add(library)
  }
  return [...found.values()]
}

async function readOwn(key: string): Promise<ILibraryMetadata> {
  return JSON.parse(await readFile(join(ownLibraryFolder(key), 'library.json'), 'utf8')) as ILibraryMetadata
}
