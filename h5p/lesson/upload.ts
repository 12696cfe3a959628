import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { H5pError } from '@lumieducation/h5p-server'
import type { LibraryBuild } from '../collections.ts'
import { installLibraries, prepareLibrary } from '../library/install.ts'
import { type LibraryVersion, libraryKey, libraryLabel } from '../library/names.ts'
import { listed, planLibraries } from '../library/plan.ts'
import type { Limits } from '../limits.ts'
import { inspectArchive, unpackArchive } from '../package/archive.ts'
import { type Package, readPackage, requiredLibraries } from '../package/read.ts'
import { validatePackage } from '../package/validate.ts'
import { problem, refusal } from '../problems.ts'
import { asUser, h5pConfig, type Stores, uploadServer } from '../server.ts'
import type { PackageProblem } from '../types.ts'

type Refused = ReturnType<typeof refusal>
export interface Uploaded {
  id: string
  title: string
  language: string
  library: string
}
interface Uploader {
  person: string
  mayInstallLibraries: boolean
}

/**
 * Takes a package in: inspects, unpacks and validates it, decides about its libraries, and only then stores anything.
 * A refusal leaves nothing behind (blobs that nothing holds are collected after a day).
 */
export async function uploadPackage(
  stores: Stores,
  limits: Limits,
  file: string,
  by: Uploader,
): Promise<Uploaded | Refused> {
  const inspected = await inspectArchive(file, limits)
  const first = refused(inspected.problems)
  if (first) return first
  const directory = await mkdtemp(join(tmpdir(), 'h5p-'))
  try {
    const unpacked = refused(await unpackArchive(file, directory))
    return unpacked ?? (await takeIn(stores, limits, directory, by))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
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
  const policy = refused(libraryProblems(plan, by.mayInstallLibraries))
  if (policy) return policy

  const planned = new Map<string, LibraryBuild>()
  // Code comes from those alone who may install it.
  for (const library of by.mayInstallLibraries ? coming : [])
    planned.set(libraryKey(library), await prepareLibrary(stores.blobs, library))
  return store(stores, limits, directory, read, planned, { id, owner: by.person })
}

function libraryProblems(
  plan: Awaited<ReturnType<typeof planLibraries>>,
  mayInstall: boolean,
): PackageProblem[] {
  const found: PackageProblem[] = []
  if (plan.absent.length > 0)
    found.push(
      problem(
        'h5p-libraries-absent',
        400,
        `The package needs libraries that are neither in it nor installed: ${listed(plan.absent)}`,
        { libraries: listed(plan.absent) },
      ),
    )
  if (mayInstall) return found
  const isNeeded = (library: LibraryVersion) => plan.needed.has(libraryKey(library))
  const missing = plan.missing.filter(isNeeded)
  const newer = plan.newer.filter(isNeeded)
  if (missing.length > 0)
    found.push(
      problem(
        'h5p-libraries-missing',
        403,
        `Only an administrator installs libraries; ask for these to be installed: ${listed(missing)}`,
        { libraries: listed(missing) },
      ),
    )
  if (newer.length > 0)
    found.push(
      problem(
        'h5p-libraries-newer',
        403,
        `The package brings newer versions than the installed ones; ask an administrator to update: ${listed(newer)}`,
        { libraries: listed(newer) },
      ),
    )
  return found
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
    await installLibraries(stores, planned.values(), Date.now())
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
  }
}

function refused(problems: PackageProblem[]): Refused | null {
  const [first, ...rest] = problems
  return first ? refusal(first, ...rest) : null
}
