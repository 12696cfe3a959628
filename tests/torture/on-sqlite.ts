import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { knownBlobs, nothingSealed, recordsOf } from './folder.ts'
import type { Place } from './place.ts'

/** The collection of attachments runs as it does a day later. */
const A_DAY_LATER = 1_000

/** A data folder: one process, which is what is killed. */
export function onSqlite(dataDir: string): Place & { dataDir: string } {
  return {
    processes: 1,
    moments: ['load', 'large batch', 'start', 'migration', 'sealing', 'backup', 'rebuild', 'link', 'stop'],
    environment: { DATA_DIR: dataDir },
    dataDir,
    everyPosition: true,
    prepare: async () => nothingSealed(dataDir),
    startStore: async () => {},
    killStore: async () => {},
    victims: () => ({ name: 'the process', processes: [0], store: false, commands: false }),
    awayMs: () => 0,
    // A start does that before anything else.
    finished: async () => {},
    records: async () => recordsOf(dataDir),
    async orphans({ tenantStorage }) {
      await tenantStorage.blobs.collect(Date.now() + A_DAY_LATER)
      return orphans(dataDir)
    },
    followed: async () => null,
    remove: () => rm(dataDir, { recursive: true, force: true }),
  }
}

/** Files that nothing names, after a collection. */
function orphans(dataDir: string): string[] {
  const folder = join(dataDir, 'blobs/main')
  const { all, unheld } = knownBlobs(dataDir)
  const known = new Set(all)
  const names = (of: string) => {
    try {
      return readdirSync(join(folder, of))
    } catch {
      return []
    }
  }
  const files = names('.')
    .filter((name) => name.length === 2)
    .flatMap(names)
  return [
    ...unheld.map((sha2) => `blob ${sha2}: nothing holds it, and it was not collected`),
    ...files.filter((name) => !known.has(name)).map((name) => `file ${name}: nothing names it`),
    ...['incoming', 'batches'].flatMap((of) => names(of).map((name) => `file ${of}/${name} was left`)),
  ]
}
