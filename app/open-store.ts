import { join } from 'node:path'
import { type Storage, StorageUnavailable } from '../lrs/storage/port.ts'
import { finishRestore, openSqlite } from '../lrs/storage/sqlite/index.ts'
import type { Config } from './config.ts'
import { takeDataFolder, whyFolderFails } from './data-folder.ts'
import { makeWorkFolder } from './work-folder.ts'

/** What says where a store is: `sqlite:` in `dataDir`, or `mongodb://…`. */
export type StorePlace = Pick<Config, 'storeUrl' | 'dataDir'>

export interface OpenedStore {
  storage: Storage
  /** Where this process puts what passes, such as uploads: the data folder, or with MongoDB one of its own. */
  folder: string
  /** Closes the store, and gives its folder free. */
  close(): Promise<void>
}

export type OpenOutcome = { ok: true; opened: OpenedStore } | { ok: false; message: string }

/** MongoDB keeps everything elsewhere, for any number of processes. */
export const isMongo = ({ storeUrl }: Pick<StorePlace, 'storeUrl'>): boolean => storeUrl.startsWith('mongodb')

/** The store as people are told of it: the folder, or the address without user, password and options. */
export function storeName({ storeUrl, dataDir }: StorePlace): string {
  if (!isMongo({ storeUrl })) return dataDir
  // Whatever stands before the last @ may be a password, however it is written.
  return storeUrl.replace(/\?.*$/s, '').replace(/\/\/.*@/s, '//')
}

/**
 * Opens a store and brings it to the newest schema. A value says in words why that cannot be; so may `taken`, which runs
 * when the folder is this process's and the store is not open yet.
 */
export async function openStore(
  place: StorePlace,
  taken: () => Promise<string | null> = async () => null,
): Promise<OpenOutcome> {
  return isMongo(place) ? openOnMongo(place, taken) : openOnSqlite(place, taken)
}

async function openOnSqlite(
  { dataDir }: StorePlace,
  taken: () => Promise<string | null>,
): Promise<OpenOutcome> {
  const folder = takeDataFolder(dataDir)
  if (!folder.ok) return folder
  const refused = (await finishRestore(dataDir)) ?? (await taken())
  if (refused !== null) {
    folder.release()
    return { ok: false, message: refused }
  }
  return opening(
    () => openSqlite({ directory: dataDir }),
    dataDir,
    async () => folder.release(),
    (said) => whyDataFails(dataDir, said),
  )
}

async function openOnMongo(place: StorePlace, taken: () => Promise<string | null>): Promise<OpenOutcome> {
  const { folder, remove } = await makeWorkFolder()
  const refused = await taken()
  if (refused !== null) {
    await remove()
    return { ok: false, message: refused }
  }
  // Who keeps the data in a folder does not wait for the driver to be loaded.
  const { openMongo } = await import('../lrs/storage/mongo/index.ts')
  const open = () => openMongo({ url: place.storeUrl, spool: join(folder, 'spool') })
  return opening(open, folder, remove, (said) => whyMongoFails(place, said))
}

async function opening(
  open: () => Promise<Storage>,
  folder: string,
  giveFree: () => Promise<void>,
  inWords: (said: string) => string,
): Promise<OpenOutcome> {
  try {
    const storage = await open()
    try {
      await storage.migrate()
    } catch (error) {
      await storage.close()
      throw error
    }
    return {
      ok: true,
      opened: {
        storage,
        folder,
        async close() {
          await storage.close()
          await giveFree()
        },
      },
    }
  } catch (error) {
    await giveFree()
    if (!(error instanceof StorageUnavailable)) throw error
    return { ok: false, message: inWords(error.message) }
  }
}

/** Why an opened store could not be worked on, where that was its own doing; null: a bug. */
export function whyStoreFails(place: StorePlace, error: unknown): string | null {
  if (!(error instanceof StorageUnavailable)) return null
  return isMongo(place) ? whyMongoFails(place, error.message) : whyDataFails(place.dataDir, error.message)
}

/** Why a start failed on the way, where that was the store's doing or the disk's; null: a bug. */
export function whyNotStarted(place: StorePlace, error: unknown): string | null {
  return isMongo(place) ? whyStoreFails(place, error) : whyFolderFails(place.dataDir, error)
}

const whyDataFails = (dataDir: string, said: string) =>
  `The data in ${dataDir} cannot be opened (${said}). Make all its files writable for this account and see that the disk has room; if a file is damaged, put a backup in its place.`

const whyMongoFails = (place: StorePlace, said: string) =>
  `The store at ${storeName(place)} (STORE_URL) cannot be used: ${said.replace(/\.$/, '')}.`
