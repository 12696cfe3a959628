import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { hexText } from '../bytes.ts'
import { blobPath, fsyncFolder } from '../operations/blobs.ts'
import type { CopiedBlobs, Described } from './copier-task.ts'

/** One piece of work: so many blobs or bytes, whatever comes first. */
const MOST_BLOBS = 200
const MOST_BYTES = 64_000_000

/** SHA-256 of a file, in hex, read in pieces. */
export function digestOf(path: string): { digest: string; size: number } {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1_048_576)
  const file = openSync(path, 'r')
  let size = 0
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      hash.update(piece.subarray(0, read))
      size += read
    }
  } finally {
    closeSync(file)
  }
  return { digest: hash.digest('hex'), size }
}

/** Copies a file durably; where the file system can, without taking room twice (and still as a file of its own). */
export function copyFileDurably(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  const file = openSync(to, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Opens a copy that nobody writes, without leaving files beside it. */
function openCopy(path: string): DatabaseSync {
  return new DatabaseSync(new URL(`${pathToFileURL(path)}?immutable=1`), { readOnly: true })
}

export function describe(path: string): Described {
  const db = openCopy(path)
  try {
    const one = <T>(sql: string) => db.prepare(sql).get() as T
    const { user_version: schema } = one<{ user_version: number }>('PRAGMA user_version')
    const { statements, position } = one<Described>('SELECT statements, position FROM meta')
    const isTenant = one("SELECT 1 FROM sqlite_schema WHERE name = 'blob'") !== undefined
    const { blobs, blobBytes } = isTenant
      ? one<Described>('SELECT count(*) AS blobs, coalesce(sum(size), 0) AS blobBytes FROM blob')
      : { blobs: 0, blobBytes: 0 }
    return { schema, statements, position, blobs, blobBytes }
  } finally {
    db.close()
  }
}

export function copyBlobs(database: string, from: string, to: string, after: string): CopiedBlobs {
  const result: CopiedBlobs = { next: null, copied: [], missing: [] }
  const folders = new Set<string>()
  let bytes = 0
  for (const { sha2, size } of blobsBehind(database, after)) {
    bytes += size
    if (result.next !== null && bytes > MOST_BYTES) break
    result.next = sha2
    const source = blobPath(from, sha2)
    if (!existsSync(source)) {
      result.missing.push(sha2)
      continue
    }
    const target = blobPath(to, sha2)
    mkdirSync(dirname(target), { recursive: true })
    copyFileDurably(source, target)
    folders.add(dirname(target))
    result.copied.push({ ...digestOf(target), sha2 })
  }
  for (const folder of folders) fsyncFolder(folder)
  return result
}

function blobsBehind(database: string, after: string): { sha2: string; size: number }[] {
  const db = openCopy(database)
  try {
    const rows = db
      .prepare('SELECT sha2, size FROM blob WHERE sha2 > ? ORDER BY sha2 LIMIT ?')
      .all(Buffer.from(after, 'hex'), MOST_BLOBS) as unknown as { sha2: Uint8Array; size: number }[]
    return rows.map(({ sha2, size }) => ({ sha2: hexText(sha2), size }))
  } finally {
    db.close()
  }
}
