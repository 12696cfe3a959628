import { ownLibraryFolder, ownLibraryFolders } from '../own-libraries.ts'
import { readLibrary } from '../package/read.ts'
import type { Stores } from '../server.ts'
import { currentBuilds } from './builds.ts'
import { installLibraries, prepareLibrary } from './install.ts'
import { libraryKey } from './names.ts'

/** Installs our own content types where they are missing or a lower patch is there. They come with the program. */
export async function installOwnLibraries(stores: Stores, now: number): Promise<void> {
  const ours = await Promise.all((await ownLibraryFolders()).map((key) => readLibrary(ownLibraryFolder(key))))
  const installed = await currentBuilds(stores.collections, ours)
  const coming = ours.filter((library) => {
    const there = installed.get(libraryKey(library))
    return !there || there.build.patchVersion < library.patchVersion
  })
  const builds = await Promise.all(coming.map((library) => prepareLibrary(stores.blobs, library)))
  await installLibraries(stores, builds, now)
}
