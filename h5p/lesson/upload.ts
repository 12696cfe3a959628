import { randomUUID } from 'node:crypto'
import { H5pError } from '@lumieducation/h5p-server'
import type { LibraryBuild } from '../collections.ts'
import { compileUnpacked, isPlainText, isUnpackedLessonFile, openLessonFile } from '../lesson-file/open.ts'
import { installLibraries, prepareLibrary } from '../library/install.ts'
import { libraryKey, libraryLabel } from '../library/names.ts'
import { knownFolders, listed, planLibraries, tooMany } from '../library/plan.ts'
import { beginRequest, removeRequest } from '../library/requests.ts'
import type { Limits } from '../limits.ts'
import { type Intake, openPackage } from '../package/open.ts'
import { type Package, readPackage, requiredLibraries } from '../package/read.ts'
import { validatePackage } from '../package/validate.ts'
import { problem, refusal } from '../problems.ts'
import { asUser, h5pConfig, type Stores, uploadServer } from '../server.ts'
import type { DraftChange, PackageProblem, Topic } from '../types.ts'

type Refused = ReturnType<typeof refusal>
export interface Uploaded {
  id: string
  title: string
  language: string
  library: string
  /** Its libraries wait for an administrator (library/requests.ts, under the same id). */
  waits: boolean
  /** What a lesson file says of its lesson. */
  said?: DraftChange
}
interface Uploader {
  person: string
  /** Installs the package's libraries at once; what comes with the program does. */
  mayInstallLibraries: boolean
}

/**
 * Takes a package or a lesson file in: inspects, unpacks and validates it, decides about its libraries, and only then stores anything.
 * A refusal leaves nothing behind (blobs that nothing holds are collected after a day).
 */
export async function uploadPackage(
  stores: Stores,
  intake: Intake,
  file: string,
  by: Uploader,
  topics: readonly Topic[],
): Promise<Uploaded | Refused> {
  const take = (directory: string) => takeIn(stores, intake.limits, directory, by)
  const compiled = async (directory: string, said: DraftChange) => {
    const taken = await take(directory)
    return 'ok' in taken ? taken : { ...taken, said }
  }
  if (await isPlainText(file)) return openLessonFile(intake, file, topics, compiled)
  return openPackage(
    intake,
    file,
    async (directory) =>
      (await isUnpackedLessonFile(directory))
        ? compileUnpacked(directory, topics, compiled)
        : take(directory),
    (directory) => knownFolders(stores.collections, directory),
  )
}

/** The same for a package that lies unpacked in a folder, as the lessons that come with the program do. */
export async function takeIn(
  stores: Stores,
  limits: Limits,
  directory: string,
  by: Uploader,
  id: string = randomUUID(),
): Promise<Uploaded | Refused> {
  const checker = uploadServer(stores, limits, new Map(), { id: '', owner: by.person }).editor.libraryManager
  const invalid = refused(await validatePackage(directory, h5pConfig(stores, limits), checker))
  if (invalid) return invalid

  const read = await readPackage(directory)
  const plan = await planLibraries(stores.collections, read.libraries, requiredLibraries(read.metadata))
  const coming = [...plan.missing, ...plan.newer]
  const many = tooMany(coming)
  if (many) return refusal(many)
  if (plan.absent.length > 0)
    return refusal(
      problem(
        'h5p-libraries-absent',
        400,
        `The package needs libraries that are neither in it nor installed: ${listed(plan.absent)}`,
        { libraries: listed(plan.absent) },
      ),
    )
  const planned = new Map<string, LibraryBuild>()
  // What only an editor needs keeps no author waiting.
  for (const library of coming)
    if (by.mayInstallLibraries || plan.needed.has(libraryKey(library)))
      planned.set(libraryKey(library), await prepareLibrary(stores.blobs, library))
  if (by.mayInstallLibraries || planned.size === 0) {
    const taken = await store(stores, limits, directory, read, planned, { id, owner: by.person })
    if (!('ok' in taken)) await installLibraries(stores, planned.values(), Date.now())
    return taken
  }
  return storeWaiting(stores, limits, directory, read, planned, { id, owner: by.person })
}

/** The content is kept, its libraries are laid before an administrator, and nothing of them runs until then. */
async function storeWaiting(
  stores: Stores,
  limits: Limits,
  directory: string,
  read: Package,
  planned: ReadonlyMap<string, LibraryBuild>,
  content: { id: string; owner: string },
): Promise<Uploaded | Refused> {
  const builds = [...planned.values()]
  const { title } = read.metadata
  await beginRequest(stores, content.id, { by: content.owner, title, builds, now: Date.now() })
  let taken: Uploaded | Refused | undefined
  try {
    taken = await store(stores, limits, directory, read, planned, content)
    return 'ok' in taken ? taken : { ...taken, waits: true }
  } finally {
    if (!taken || 'ok' in taken) await removeRequest(stores, content.id)
  }
}

async function store(
  stores: Stores,
  limits: Limits,
  directory: string,
  read: Package,
  planned: ReadonlyMap<string, LibraryBuild>,
  content: { id: string; owner: string },
): Promise<Uploaded | Refused> {
  const { id } = content
  const { editor, storer, contentStorage, temporaryStorage } = uploadServer(stores, limits, planned, content)
  const main = requiredLibraries(read.metadata).find(
    (library) => library.machineName === read.metadata.mainLibrary,
  )!
  // Temporary files go under a name of this upload alone, so that they can be told from others.
  const upload = asUser(`upload:${id}`)
  let stored = false
  try {
    const { parameters } = await storer.copyFromDirectoryToTemporary(read.metadata, directory, upload)
    await editor.saveOrUpdateContentReturnMetaData(
      undefined as unknown as string,
      parameters,
      read.metadata,
      libraryLabel(main),
      upload,
    )
    stored = true
  } catch (error) {
    if (!(error instanceof H5pError || error instanceof TypeError)) throw error
    return refusal(
      problem('h5p-content-malformed', 400, `The content does not fit its type: ${error.message}`, {
        detail: error.message,
      }),
    )
  } finally {
    for (const file of await temporaryStorage.listFiles(upload))
      await temporaryStorage.deleteFile(file.filename, upload.id)
    if (!stored) await contentStorage.deleteContent(id)
  }
  const { title, language, defaultLanguage } = read.metadata
  return {
    id,
    title,
    language: language && language !== 'und' ? language : (defaultLanguage ?? 'vi'),
    library: libraryLabel(main),
    waits: false,
  }
}

function refused(problems: PackageProblem[]): Refused | null {
  const [first, ...rest] = problems
  return first ? refusal(first, ...rest) : null
}
