import type { Collections } from '../../lrs/index.ts'
import { libraries } from '../collections.ts'
import type { PackageLibrary } from '../package/read.ts'
import { type LibraryVersion, libraryKey, libraryLabel } from './names.ts'

export interface LibraryPlan {
  /** Not installed under this major and minor version. */
  missing: PackageLibrary[]
  /** Installed with a lower patch version. */
  newer: PackageLibrary[]
  /** Needed by the package, neither in it nor installed. */
  absent: LibraryVersion[]
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
  const plan: LibraryPlan = { missing: [], newer: [], absent: [] }
  const known = new Set<string>()
  for (const library of inPackage) {
    const key = libraryKey(library)
    known.add(key)
    const installed = await collections.get(libraries, key)
    if (!installed) plan.missing.push(library)
    else if (installed.value.patchVersion < library.patchVersion) plan.newer.push(library)
  }
  const wanted = [...required, ...[...plan.missing, ...plan.newer].flatMap((library) => library.preloaded)]
  for (const library of wanted) {
    const key = libraryKey(library)
    if (known.has(key)) continue
    known.add(key)
    if (!(await collections.get(libraries, key))) plan.absent.push(library)
  }
  return plan
}

export function listed(these: readonly (LibraryVersion & { patchVersion?: number })[]): string {
  return these
    .map((each) =>
      each.patchVersion === undefined ? libraryLabel(each) : `${libraryLabel(each)}.${each.patchVersion}`,
    )
    .sort()
    .join(', ')
}
