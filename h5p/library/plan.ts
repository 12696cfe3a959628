import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ILibraryMetadata } from '@lumieducation/h5p-server'
import type { Collections } from '../../lrs/index.ts'
import { libraries } from '../collections.ts'
import type { PackageLibrary } from '../package/read.ts'
import { problem } from '../problems.ts'
import type { PackageProblem } from '../types.ts'
import { currentBuilds } from './builds.ts'
import { type LibraryVersion, libraryKey, libraryLabel, parseLibrary } from './names.ts'

/** Of one package; they are installed in one batch. */
const MOST_LIBRARIES = 300

export interface LibraryPlan {
  /** Not installed under this major and minor version. */
  missing: PackageLibrary[]
  /** Installed with a lower patch version. */
  newer: PackageLibrary[]
  /** Needed to play, neither in the package nor installed. */
  absent: LibraryVersion[]
  /** Keys of everything that playing needs; a package also carries what only an editor needs. */
  needed: ReadonlySet<string>
}

/**
 * Compares a package's libraries with what is installed. Where the installed patch is equal or newer the installed one
 * is used and the package's copy ignored, even if its bytes differ: under one version number, other files are no update.
 */
export async function planLibraries(
  collections: Collections,
  inPackage: readonly PackageLibrary[],
  required: readonly LibraryVersion[],
): Promise<LibraryPlan> {
  const missing: PackageLibrary[] = []
  const newer: PackageLibrary[] = []
  const coming = new Map<string, PackageLibrary>()
  for (const library of inPackage) {
    const installed = await collections.get(libraries, libraryKey(library))
    if (installed && installed.value.patchVersion >= library.patchVersion) continue
    ;(installed ? newer : missing).push(library)
    coming.set(libraryKey(library), library)
  }
  const absent: LibraryVersion[] = []
  const needed = new Set<string>()
  const waiting = [...required]
  for (let library = waiting.pop(); library; library = waiting.pop()) {
    const key = libraryKey(library)
    if (needed.has(key)) continue
    needed.add(key)
    const metadata = coming.get(key)?.metadata ?? (await installedMetadata(collections, library))
    if (!metadata) absent.push(library)
    else waiting.push(...(metadata.preloadedDependencies ?? []))
  }
  return { missing, newer, absent, needed }
}

/** Too many libraries to be installed at once; null: they are not. */
export function tooMany(coming: readonly PackageLibrary[]): PackageProblem | null {
  if (coming.length <= MOST_LIBRARIES) return null
  const message = `The package brings ${coming.length} libraries, ${MOST_LIBRARIES} are allowed`
  return problem('h5p-too-many-libraries', 400, message, { limit: MOST_LIBRARIES })
}

/** The folders of an unpacked package whose libraries are installed, as new or newer: their copies are not used. */
export async function knownFolders(
  collections: Collections,
  directory: string,
): Promise<ReadonlySet<string>> {
  const folders = (await readdir(directory, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && parseLibrary(entry.name) !== null,
  )
  const installed = await collections.getMany(
    libraries,
    folders.slice(0, MOST_LIBRARIES).map(({ name }) => name),
  )
  const known = new Set<string>()
  for (const [name, { value }] of installed) {
    const text = await readFile(join(directory, name, 'library.json'), 'utf8').catch(() => '')
    const { machineName, majorVersion, minorVersion, patchVersion } = descriptionIn(text)
    const same = `${machineName}-${majorVersion}.${minorVersion}` === name
    if (same && Number(patchVersion) <= value.patchVersion) known.add(name)
  }
  return known
}

/** What is broken is known to nobody, and found by the checks. */
function descriptionIn(text: string): Partial<ILibraryMetadata> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<ILibraryMetadata>
  } catch {
    return {}
  }
}

async function installedMetadata(
  collections: Collections,
  library: LibraryVersion,
): Promise<ILibraryMetadata | null> {
  const found = (await currentBuilds(collections, [library])).get(libraryKey(library))
  return found ? (JSON.parse(found.build.metadata) as ILibraryMetadata) : null
}

export function listed(these: readonly (LibraryVersion & { patchVersion?: number })[]): string {
  return these
    .map((each) =>
      each.patchVersion === undefined ? libraryLabel(each) : `${libraryLabel(each)}.${each.patchVersion}`,
    )
    .sort()
    .join(', ')
}
