import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Holdings } from '../lrs/storage/holding.ts'
import { type Storage, StorageUnavailable } from '../lrs/storage/port.ts'
import { finishRestore, holdingsOf, openSqlite } from '../lrs/storage/sqlite/index.ts'
import { takeDataFolder } from './data-folder.ts'
import { isMongo, type StorePlace, storeName } from './open-store.ts'
import { makeWorkFolder } from './work-folder.ts'

/** The two ends of moving house: one store that is only read, and one that nobody uses yet. Nobody else may use either. */

export type Opened<T> = ({ ok: true; close(): Promise<void> } & T) | { ok: false; message: string }

/** `sqlite:` with the path of a data folder, or DATA_DIR without; `mongodb://…`. */
export function placeOf(url: string, dataDir: string): StorePlace | null {
  if (/^mongodb(\+srv)?:\/\/./.test(url)) return { storeUrl: url, dataDir }
  if (!url.startsWith('sqlite:')) return null
  const path = url.slice('sqlite:'.length)
  return { storeUrl: 'sqlite:', dataDir: path === '' ? dataDir : resolve(path) }
}

/** What is moved. `now` looks again, after a long time. */
export async function openSource(
  place: StorePlace,
): Promise<Opened<{ holdings: Holdings; now(): Promise<Holdings> }>> {
  return isMongo(place) ? openMongoSource(place) : openFolderSource(place)
}

async function openFolderSource({
  dataDir,
}: StorePlace): Promise<Opened<{ holdings: Holdings; now(): Promise<Holdings> }>> {
  if (!existsSync(join(dataDir, 'system.db')))
    return { ok: false, message: `There is no data of suotdoi in ${dataDir}. Name its folder: sqlite:/path` }
  const folder = takeDataFolder(dataDir)
  if (!folder.ok) return folder
  try {
    const now = () => holdingsOf(dataDir)
    const holdings = await now()
    const close = async () => {
      await holdings.close()
      folder.release()
    }
    return { ok: true, holdings, now, close }
  } catch (error) {
    folder.release()
    return inWords(error, `The data in ${dataDir} cannot be read`)
  }
}

async function openMongoSource(
  place: StorePlace,
): Promise<Opened<{ holdings: Holdings; now(): Promise<Holdings> }>> {
  const opened = await openMongoAt(place)
  if (!opened.ok) return opened
  const { storage, close } = opened
  try {
    const now = () => storage.holdings({ still: true })
    const holdings = await now()
    return {
      ok: true,
      holdings,
      now,
      async close() {
        await holdings.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    return inWords(error, `The store at ${storeName(place)} cannot be read`)
  }
}

/** What becomes the same as the source; it is not asked for being whole yet. */
export async function openTarget(place: StorePlace): Promise<Opened<{ storage: Storage }>> {
  if (isMongo(place)) return openMongoAt(place)
  const { dataDir } = place
  const folder = takeDataFolder(dataDir)
  if (!folder.ok) return folder
  try {
    const refused = await finishRestore(dataDir)
    if (refused !== null) {
      folder.release()
      return { ok: false, message: refused }
    }
    const storage = await openSqlite({ directory: dataDir })
    const close = async () => {
      await storage.close()
      folder.release()
    }
    return { ok: true, storage, close }
  } catch (error) {
    folder.release()
    return inWords(error, `The data in ${dataDir} cannot be opened`)
  }
}

async function openMongoAt(place: StorePlace): Promise<Opened<{ storage: Storage }>> {
  const { folder, remove } = await makeWorkFolder()
  try {
    const { openMongo } = await import('../lrs/storage/mongo/index.ts')
    const storage = await openMongo({ url: place.storeUrl, spool: join(folder, 'spool') })
    const close = async () => {
      await storage.close()
      await remove()
    }
    return { ok: true, storage, close }
  } catch (error) {
    await remove()
    return inWords(error, `The store at ${storeName(place)} cannot be opened`)
  }
}

function inWords(error: unknown, what: string): { ok: false; message: string } {
  if (!(error instanceof StorageUnavailable)) throw error
  return { ok: false, message: `${what}: ${error.message.replace(/\.$/, '')}.` }
}
