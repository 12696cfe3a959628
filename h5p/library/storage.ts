import type { ILibraryMetadata, ILibraryName, ILibraryStorage } from '@lumieducation/h5p-server'
import { H5pError, InstalledLibrary } from '@lumieducation/h5p-server'
import type { BlobStore, Collections } from '../../lrs/index.ts'
import { type FileRecord, type LibraryBuild, libraries } from '../collections.ts'
import { openBlob, readBlob } from '../content/files.ts'
import { currentBuilds, getBuilds } from './builds.ts'
import { libraryKey, libraryOfBuild } from './names.ts'

interface State {
  build: LibraryBuild
  restricted: boolean
}

export interface LibraryStorage extends ILibraryStorage {
  /** The keys of the builds that were read so far, by library (`H5P.TrueFalse-1.8`). */
  used: ReadonlyMap<string, string>
}

/**
 * Libraries as the H5P server reads them. It can only read: code comes in through `install.ts` alone, all libraries of
 * a package in one batch, so nothing the server does on an author's behalf can change what others run. `planned` are
 * libraries of a package that is still being checked, by library; they are seen as if they were installed. With `pins`,
 * the keys of builds, these are all that there is; without, the current builds are. One storage reads one state:
 * what it read once it reads no second time.
 */
export function createLibraryStorage({
  collections,
  blobs,
  planned = new Map(),
  pins,
}: {
  collections: Collections
  blobs: BlobStore
  planned?: ReadonlyMap<string, LibraryBuild>
  pins?: readonly string[]
}): LibraryStorage {
  const used = new Map<string, string>()
  const read = new Map<string, Promise<State | null>>()
  let pinned: Promise<Map<string, State>> | undefined

  async function readPinned(keys: readonly string[]): Promise<Map<string, State>> {
    const builds = await getBuilds(collections, keys)
    for (const key of keys) if (!builds.has(key)) throw new Error(`build ${key} is pinned but is not there`)
    for (const key of keys) used.set(libraryOfBuild(key)!, key)
    return new Map([...builds].map(([key, build]) => [libraryOfBuild(key)!, { build, restricted: false }]))
  }
  async function lookUp(library: ILibraryName): Promise<State | null> {
    if (pins) {
      pinned ??= readPinned(pins)
      return (await pinned).get(libraryKey(library)) ?? null
    }
    const found = (await currentBuilds(collections, [library])).get(libraryKey(library))
    if (!found) return null
    used.set(libraryKey(library), found.key)
    return found
  }
  async function find(library: ILibraryName): Promise<State | null> {
    const key = libraryKey(library)
    const coming = planned.get(key)
    if (coming) return { build: coming, restricted: false }
    const known = read.get(key) ?? lookUp(library)
    read.set(key, known)
    return known
  }
  async function record(library: ILibraryName): Promise<State> {
    const found = await find(library)
    if (!found) throw new H5pError('library-missing', { library: libraryKey(library) }, 404)
    return found
  }
  async function file(library: ILibraryName, path: string): Promise<FileRecord> {
    const { files } = (await record(library)).build
    if (!Object.hasOwn(files, path))
      throw new H5pError('library-file-missing', { filename: path, library: libraryKey(library) }, 404)
    return files[path]!
  }
  async function all(machineName?: string): Promise<ILibraryName[]> {
    if (pins) {
      pinned ??= readPinned(pins)
      return [...(await pinned).values()]
        .map(({ build }) => build)
        .filter((each) => !machineName || each.machineName === machineName)
    }
    const found = new Map<string, ILibraryName>()
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
  async function metadataOf(library: ILibraryName): Promise<ILibraryMetadata> {
    return JSON.parse((await record(library)).build.metadata) as ILibraryMetadata
  }
  const readOnly = async (): Promise<never> => {
    throw new Error('libraries are installed by h5p/library/install.ts only')
  }
  async function dependents(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    const metadata = await Promise.all((await all()).map(metadataOf))
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
    used,
    addFile: readOnly,
    addLibrary: readOnly,
    clearFiles: readOnly,
    deleteLibrary: readOnly,
    updateLibrary: readOnly,
    updateAdditionalMetadata: readOnly,
    async fileExists(library, path) {
      return Object.hasOwn((await find(library))?.build.files ?? {}, path)
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
      return Object.keys((await record(library)).build.files).flatMap(
        (path) => /^language\/(.+)\.json$/.exec(path)?.[1] ?? [],
      )
    },
    async getLibrary(library) {
      return InstalledLibrary.fromMetadata({
        ...(await metadataOf(library)),
        restricted: (await record(library)).restricted,
      } as InstalledLibrary)
    },
    async isInstalled(library) {
      return (await find(library)) !== null
    },
    async listAddons() {
      const addons = pins
        ? (await Promise.all((await all()).map(record)))
            .map(({ build }) => build)
            .filter((each) => each.addon)
        : [
            ...(
              await collections.find(libraries, { index: 'addon', equals: { addon: true }, limit: 100 })
            ).docs.map((doc) => doc.value),
            ...[...planned.values()].filter((each) => each.addon),
          ]
      return Promise.all(addons.map(metadataOf))
    },
    async listFiles(library) {
      return Object.keys((await record(library)).build.files).sort()
    },
  }
}
