import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readConfig } from '../../app/config.ts'
import { openServices } from '../../app/services.ts'
import { openSqlite } from '../../lrs/storage/sqlite/index.ts'
import { SHAPE } from '../../profiles/projection/shape.ts'
import { root } from '../process.ts'
import { buildDataSet, type Sample } from './build.ts'
import { GENERATOR } from './statements.ts'

/** A data folder filled through the product's own code, kept between runs. */
export interface DataSet {
  size: number
  /** The data folder: to be read only, or copied. */
  folder: string
  samples: Sample[]
  built: Built
  /** What a server on it must be told of where its store is. */
  env: Readonly<Record<string, string>>
  /** What the store takes on disk, in all. */
  bytes(): Promise<number>
}

export interface Built {
  /** How long filling it took, the transcript's consumer included. */
  seconds: number
  /** Bytes of the statements as stored. */
  textBytes: number
}

/** On the disk that is measured, out of version control. */
export const CACHE = join(root, 'bench', '.data')
export const SEED = 20_260_101

/** The data set of so many statements; made when it is not there, which takes minutes for a million. */
export async function openDataSet(size: number, say: (text: string) => void): Promise<DataSet> {
  const home = join(CACHE, `${size}-seed${SEED}-schema${schema()}-generator${GENERATOR}`)
  if (!existsSync(home)) {
    const unfinished = `${home}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    say(`filling a data folder with ${size.toLocaleString('en')} statements`)
    const place = { folder: join(unfinished, 'data'), env: {} }
    const { samples, built } = await buildDataSet(
      place,
      (clock) => openSqlite({ directory: place.folder, clock }),
      size,
      SEED,
      say,
    )
    await writeFile(join(unfinished, 'samples.json'), JSON.stringify(samples))
    await writeFile(join(unfinished, 'built.json'), JSON.stringify(built))
    await rename(unfinished, home)
    say(`filled in ${built.seconds.toFixed(0)} s`)
  }
  const read = async (name: string) => JSON.parse(await readFile(join(home, name), 'utf8'))
  const folder = join(home, 'data')
  await bringToShape(home, say)
  return {
    size,
    folder,
    env: {},
    bytes: () => databaseBytes(folder),
    samples: await read('samples.json'),
    built: await read('built.json'),
  }
}

/** What a newer program does once with the records of an older one is not to be done again in each copy. */
export async function bringToShape(home: string, say: (text: string) => void): Promise<void> {
  const known = join(home, 'shape')
  if (existsSync(known) && Number(await readFile(known, 'utf8')) === SHAPE) return
  say('its records are brought to the shape of today')
  const read = readConfig({ DATA_DIR: join(home, 'data') })
  if (!read.ok) throw new Error(read.messages.join('\n'))
  const opened = await openServices(read.config)
  if (!opened.ok) throw new Error(opened.message)
  await opened.services.profiles.bringToShape()
  await opened.services.close()
  await writeFile(known, String(SHAPE))
}

/** A copy to write into. Blocks are shared with the original where the file system can. */
export async function copyDataSet({ folder }: DataSet, to: string): Promise<string> {
  // Node's copy asks for FICLONE, and copies where that is not to be had.
  await cp(folder, to, { recursive: true, mode: 2 })
  return to
}

/** Size of all database files of a data folder, logs included. */
async function databaseBytes(folder: string): Promise<number> {
  const files = databaseFiles(folder)
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

export const databaseFiles = (folder: string): string[] =>
  globSync('{*.db,*.db-wal,tenants/*.db,tenants/*.db-wal}', { cwd: folder }).map((file) => join(folder, file))

/** Number of the newest migration, and a digest of all. */
export function schema(): string {
  const files = globSync('lrs/storage/sqlite/migrations/[0-9]*.ts', { cwd: root }).sort()
  const digest = createHash('sha256')
  for (const file of files) digest.update(readFileSync(join(root, file)))
  return `${Number.parseInt(basename(files.at(-1)!), 10)}-${digest.digest('hex').slice(0, 8)}`
}
