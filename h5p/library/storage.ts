import type { ILibraryMetadata, ILibraryName, ILibraryStorage } from '@lumieducation/h5p-server'
import { H5pError, InstalledLibrary } from '@lumieducation/h5p-server'
import type { BlobStore, Collections } from '../../lrs/index.ts'
import { type FileRecord, type LibraryRecord, libraries } from '../collections.ts'
import { openBlob, readBlob } from '../content/files.ts'
import { libraryKey } from './names.ts'

/**
 * Installed libraries as the H5P server reads them. It can only read: code comes in through `install.ts` alone, all
 * libraries of a package in one batch, so nothing the server does on an author's behalf can change what others run.
 * `planned` are libraries of a package that is still being checked; they are seen as if they were installed.
 */
export function createLibraryStorage({
  collections,
  blobs,
  planned = new Map(),
}: {
  collections: Collections
  blobs: BlobStore
  planned?: ReadonlyMap<string, LibraryRecord>
}): ILibraryStorage {
  async function find(library: ILibraryName): Promise<LibraryRecord | null> {
    const key = libraryKey(library)
    return planned.get(key) ?? (await collections.get(libraries, key))?.value ?? null
  }
  async function record(library: ILibraryName): Promise<LibraryRecord> {
    const found = await find(library)
    if (!found) throw new H5pError('library-missing', { library: libraryKey(library) }, 404)
    return found
  }
  async function file(library: ILibraryName, path: string): Promise<FileRecord> {
    const files = (await record(library)).files
    if (!Object.hasOwn(files, path))
      throw new H5pError('library-file-missing', { filename: path, library: libraryKey(library) }, 404)
    return files[path]!
  }
  async function all(machineName?: string): Promise<LibraryRecord[]> {
    const found = new Map<string, LibraryRecord>()
    let after: string | undefined
    do {
      const options = { limit: 500, ...(after === undefined ? {} : { after }) }
      const page = machineName
        ? await collections.find(libraries, { index: 'name', equals: { machineName }, ...options })
        : await collections.scan(libraries, options)
      for (const doc of page.docs) found.set(doc.key, doc.value)
      after = page.next ?? undefined
    } while (after !== undefined)
    for (const [key, value] of planned)
      if (!machineName || value.machineName === machineName) found.set(key, value)
    return [...found.values()]
  }
  const readOnly = async (): Promise<never> => {
    throw new Error('libraries are installed by h5p/library/install.ts only')
  }
  async function dependents(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    const metadata = (await all()).map((each) => JSON.parse(each.metadata) as ILibraryMetadata)
    const byKey = new Map(metadata.map((each) => [libraryKey(each), each]))
    for (const each of metadata) {
      const own = libraryKey(each)
      const named = [
        ...(each.preloadedDependencies ?? []),
        ...(each.dynamicDependencies ?? []),
        ...(each.editorDependencies ?? []),
      ].map(libraryKey)
      for (const name of named) {
        // A type and its editor widget name each other; only the widget counts as the dependent.
        const circular =
          byKey.get(name)?.editorDependencies?.some((back) => libraryKey(back) === own) ?? false
        if (!circular) counts[name] = (counts[name] ?? 0) + 1
      }
    }
    return counts
  }

  return {
    addFile: readOnly,
    addLibrary: readOnly,
    clearFiles: readOnly,
    deleteLibrary: readOnly,
    updateLibrary: readOnly,
    updateAdditionalMetadata: readOnly,
    async fileExists(library, path) {
      return Object.hasOwn((await find(library))?.files ?? {}, path)
    },
    getAllDependentsCount: dependents,
    async getDependentsCount(library) {
      return (await dependents())[libraryKey(library)] ?? 0
    },
    async getFileAsJson(library, path) {
      return JSON.parse(await readBlob(blobs, (await file(library, path)).sha2))
    },
    async getFileAsString(library, path) {
      return readBlob(blobs, (await file(library, path)).sha2)
    },
    async getFileStats(library, path) {
      return { size: (await file(library, path)).size, birthtime: new Date(0) }
    },
    async getFileStream(library, path) {
      return openBlob(blobs, (await file(library, path)).sha2)
    },
    async getInstalledLibraryNames(machineName) {
      return (await all(machineName)).map(({ machineName, majorVersion, minorVersion }) => ({
        machineName,
        majorVersion,
        minorVersion,
      }))
    },
    async getLanguages(library) {
      return Object.keys((await record(library)).files).flatMap(
        (path) => /^language\/(.+)\.json$/.exec(path)?.[1] ?? [],
      )
    },
    async getLibrary(library) {
      const found = await record(library)
      return InstalledLibrary.fromMetadata({
        ...(JSON.parse(found.metadata) as ILibraryMetadata),
        restricted: found.restricted,
      } as InstalledLibrary)
    },
    async isInstalled(library) {
      return (await find(library)) !== null
    },
    async listAddons() {
      const installed = (
        await collections.find(libraries, { index: 'addon', equals: { addon: true }, limit: 100 })
      ).docs.map((doc) => doc.value)
      const coming = [...planned.values()].filter((each) => each.addon)
      return [...installed, ...coming].map((each) => JSON.parse(each.metadata) as ILibraryMetadata)
    },
    async listFiles(library) {
      return Object.keys((await record(library)).files).sort()
    },
  }
}
