import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { IContentMetadata, ILibraryMetadata } from '@lumieducation/h5p-server'
import { type LibraryVersion, libraryKey } from '../library/names.ts'

/** A library inside an unpacked package. */
export interface PackageLibrary extends LibraryVersion {
  patchVersion: number
  metadata: ILibraryMetadata
  directory: string
  /** Relative to the directory; `library.json` is the metadata and not among them. */
  files: string[]
}

export interface Package {
  metadata: IContentMetadata
  parameters: unknown
  libraries: PackageLibrary[]
}

/** Reads an unpacked package that `validate.ts` found in order. */
export async function readPackage(directory: string): Promise<Package> {
  const metadata = JSON.parse(await readFile(join(directory, 'h5p.json'), 'utf8')) as IContentMetadata
  const parameters: unknown = JSON.parse(await readFile(join(directory, 'content', 'content.json'), 'utf8'))
  return { metadata, parameters, libraries: await readLibraries(directory) }
}

/** The libraries of an unpacked package that was found in order. */
export async function readLibraries(directory: string): Promise<PackageLibrary[]> {
  const libraries: PackageLibrary[] = []
  for (const folder of await readdir(directory, { withFileTypes: true }))
    if (folder.isDirectory() && folder.name !== 'content')
      libraries.push(await readLibrary(join(directory, folder.name)))
  return libraries
}

/** Reads a library's folder. */
export async function readLibrary(directory: string): Promise<PackageLibrary> {
  const metadata = JSON.parse(await readFile(join(directory, 'library.json'), 'utf8')) as ILibraryMetadata
  const files = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(directory.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path !== 'library.json')
  return {
    machineName: metadata.machineName,
    majorVersion: metadata.majorVersion,
    minorVersion: metadata.minorVersion,
    patchVersion: metadata.patchVersion,
    metadata,
    directory,
    files,
  }
}

/** Every library that the content says it runs with, versions as numbers, none twice. */
export function requiredLibraries(metadata: IContentMetadata): LibraryVersion[] {
  const named = [...(metadata.preloadedDependencies ?? []), ...(metadata.dynamicDependencies ?? [])].map(
    plain,
  )
  return [...new Map(named.map((library) => [libraryKey(library), library])).values()]
}

/** H5P writes version numbers now as numbers, now as strings. */
function plain(library: LibraryVersion): LibraryVersion {
  return {
    machineName: library.machineName,
    majorVersion: Number(library.majorVersion),
    minorVersion: Number(library.minorVersion),
  }
}
