import type { IUser } from '@lumieducation/h5p-server'
import {
  H5PConfig,
  H5PEditor,
  H5PPlayer,
  type IContentStorage,
  type IUrlGenerator,
  LaissezFairePermissionSystem,
} from '@lumieducation/h5p-server'
import type { BlobStore, Collections } from '../lrs/index.ts'
import type { LibraryBuild } from './collections.ts'
import { createKeyValueStorage, createLockProvider } from './content/settings.ts'
import { createContentStorage } from './content/storage.ts'
import { createTemporaryStorage } from './content/temporary.ts'
import { createUserDataStorage } from './content/user-data.ts'
import { ContentStorer } from './internals.ts'
import { libraryKey } from './library/names.ts'
import { createLibraryStorage } from './library/storage.ts'
import type { Limits } from './limits.ts'
import { coreString } from './player/core-strings.ts'

export interface Stores {
  collections: Collections
  blobs: BlobStore
}

/** The core that `h5p-standalone` brings; packages that ask for a newer one are refused. */
const CORE = { major: 1, minor: 28 }

export function h5pConfig(stores: Stores, limits: Limits): H5PConfig {
  const config = new H5PConfig(createKeyValueStorage(stores.collections), {
    coreApiVersion: CORE,
    h5pVersion: `${CORE.major}.${CORE.minor}.0`,
    contentWhitelist: limits.contentKinds.join(' '),
    libraryWhitelist: limits.libraryKinds.join(' '),
    maxFileSize: limits.fileBytes,
    maxTotalSize: limits.unpackedBytes,
    setFinishedEnabled: false,
    contentUserStateSaveInterval: 10_000,
    temporaryFileLifetime: 2 * 60 * 60 * 1000,
  })
  return config
}

/**
 * The H5P server for one upload: it sees the package's new libraries as if they were installed, and whatever content it
 * makes gets the id and owner given here, so that a failed upload can be cleaned up.
 */
export function uploadServer(
  stores: Stores,
  limits: Limits,
  planned: ReadonlyMap<string, LibraryBuild>,
  content: { id: string; owner: string },
) {
  const contentStorage = createContentStorage(stores)
  const fixedId: IContentStorage = {
    ...contentStorage,
    addContent: (metadata, parameters) =>
      contentStorage.addContent(metadata, parameters, asUser(content.owner), content.id),
  }
  const temporaryStorage = createTemporaryStorage(stores)
  const editor = new H5PEditor(
    createKeyValueStorage(stores.collections),
    h5pConfig(stores, limits),
    createLibraryStorage({ ...stores, planned }),
    fixedId,
    temporaryStorage,
    coreString,
    urls,
    {
      lockProvider: createLockProvider(stores.collections),
      // Who may upload is decided before this point, by the person's role.
      permissionSystem: new LaissezFairePermissionSystem(),
    },
    createUserDataStorage(stores.collections),
  )
  const storer = new ContentStorer(
    editor.contentManager,
    editor.libraryManager,
    editor.temporaryFileManager,
    {},
  )
  return { editor, storer, contentStorage, temporaryStorage }
}

/**
 * The player, over the builds that a version pins or, without pins, over the current ones. `builds` tells afterwards
 * which it used, by library.
 */
export function player(
  stores: Stores,
  limits: Limits,
  pins?: readonly string[],
): { player: H5PPlayer; builds: ReadonlyMap<string, string> } {
  const libraries = createLibraryStorage({ ...stores, ...(pins ? { pins } : {}) })
  const player = new H5PPlayer(
    libraries,
    createContentStorage(stores),
    h5pConfig(stores, limits),
    undefined,
    {
      ...urls,
      libraryFile: (library, file) => `/h5p/libraries/${libraries.used.get(libraryKey(library))}/${file}`,
    },
    coreString,
    {},
    createUserDataStorage(stores.collections),
  )
  return { player, builds: libraries.used }
}

/** What the H5P server knows of a person: the id and nothing else. */
export function asUser(person: string): IUser {
  return { id: person, name: '', email: '', type: 'local' }
}

/** Where the frame finds things; the same routes as player/router.ts. */
const urls: IUrlGenerator = {
  baseUrl: () => '/h5p',
  contentFilesUrl: (id) => `/h5p/content/${id}`,
  coreFile: (file) => `/h5p/core/${file}`,
  coreFiles: () => '/h5p/core',
  uniqueContentUrl: (id) => `/h5p/content/${id}`,
  // Nothing behind these is offered: state and results leave the frame by message (player/client/frame.ts).
  ajaxEndpoint: () => '',
  contentUserData: () => '',
  downloadPackage: () => '',
  libraryFile: () => '',
  editorLibraryFile: () => '',
  editorLibraryFiles: () => '',
  parameters: () => '',
  play: () => '',
  setFinished: () => '',
  temporaryFiles: () => '',
}
