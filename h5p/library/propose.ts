import { randomUUID } from 'node:crypto'
import type { LibraryBuild } from '../collections.ts'
import { type Intake, openPackage } from '../package/open.ts'
import { readLibraries } from '../package/read.ts'
import { validateLibraries } from '../package/validate.ts'
import { problem, refusal } from '../problems.ts'
import { h5pConfig, type Stores, uploadServer } from '../server.ts'
import { prepareLibrary } from './install.ts'
import { libraryKey } from './names.ts'
import { knownFolders, listed, planLibraries, tooMany } from './plan.ts'
import { beginRequest, removeRequest, requestOpened } from './requests.ts'

/**
 * Lays the libraries of a package before the administrator; whatever content it holds is not looked at. Problem ids
 * besides those of an upload: `h5p-libraries-none`, `h5p-libraries-known`.
 */
export async function proposePackage(
  stores: Stores,
  intake: Intake,
  file: string,
  { by, title, now }: { by: string; title: string; now: number },
): Promise<{ id: string } | ReturnType<typeof refusal>> {
  return openPackage(
    intake,
    file,
    async (directory) => {
      const checker = uploadServer(stores, intake.limits, new Map(), { id: '', owner: by }).editor
        .libraryManager
      const [first, ...others] = await validateLibraries(directory, h5pConfig(stores, intake.limits), checker)
      if (first) return refusal(first, ...others)
      const inPackage = await readLibraries(directory)
      if (inPackage.length === 0)
        return refusal(problem('h5p-libraries-none', 400, 'The package holds no library'))
      const { missing, newer, absent } = await planLibraries(stores.collections, inPackage, inPackage)
      if (absent.length > 0)
        return refusal(
          problem(
            'h5p-libraries-absent',
            400,
            `The libraries need others that are neither in the package nor installed: ${listed(absent)}`,
            { libraries: listed(absent) },
          ),
        )
      const many = tooMany([...missing, ...newer])
      if (many) return refusal(many)
      if (missing.length + newer.length === 0)
        return refusal(
          problem('h5p-libraries-known', 409, 'All libraries of the package are installed, as new or newer'),
        )
      const builds = new Map<string, LibraryBuild>()
      for (const library of [...missing, ...newer])
        builds.set(libraryKey(library), await prepareLibrary(stores.blobs, library))
      const id = randomUUID()
      await beginRequest(stores, id, { by, title, builds: [...builds.values()], now })
      const opened = await stores.collections.batch([await requestOpened(stores.collections, id, null)])
      if (opened.ok) return { id }
      await removeRequest(stores, id)
      throw new Error(`the request ${id} changed while it was being taken in`)
    },
    (directory) => knownFolders(stores.collections, directory),
  )
}
