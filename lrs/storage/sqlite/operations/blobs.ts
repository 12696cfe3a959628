import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hexText, sha2Bytes } from '../bytes.ts'
import type { ReadContext, WriteContext } from './context.ts'

/** Where a blob lies in its tenant's folder. */
export function blobPath(folder: string, sha2: string): string {
  return join(folder, sha2.slice(0, 2), sha2)
}

/**
 * Takes a complete, fsynced temporary file over as a blob. This and collection both run on the writer's thread, one
 * after another, so a blob that is just put again is never collected under the one who puts it.
 */
export function adoptBlob(
  { db, blobs, now }: WriteContext,
  { temporary, sha2, size }: { temporary: string; sha2: string; size: number },
): void {
  const path = blobPath(blobs, sha2)
  const folder = join(path, '..')
  if (mkdirSync(folder, { recursive: true }) !== undefined) {
    // With the first blob of all, the tenant's folder and the one of all tenants are new too.
    for (const above of [blobs, join(blobs, '..'), join(blobs, '..', '..')]) fsyncFolder(above)
  }
  renameSync(temporary, path)
  fsyncFolder(folder)
  db.run(
    `INSERT INTO blob (sha2, size, touched) VALUES (?, ?, ?)
     ON CONFLICT (sha2) DO UPDATE SET touched = max(touched, excluded.touched)`,
    sha2Bytes(sha2),
    size,
    now,
  )
}

/** The rename is durable when the folder is; Windows neither needs nor allows it. */
export function fsyncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

export function blobSize({ db }: ReadContext, sha2: string): number | null {
  const bytes = sha2Bytes(sha2)
  if (!bytes) return null
  return db.row<{ size: number }>('SELECT size FROM blob WHERE sha2 = ?', bytes)?.size ?? null
}

export function holdBlobs(
  { db }: WriteContext,
  { owner, sha2s }: { owner: string; sha2s: readonly string[] },
): boolean {
  const wanted = sha2s.map(sha2Bytes)
  if (!wanted.every((sha2) => sha2 && db.row('SELECT 1 FROM blob WHERE sha2 = ?', sha2))) return false
  db.run('DELETE FROM hold WHERE owner = ?', owner)
  for (const sha2 of wanted) db.run('INSERT OR IGNORE INTO hold (owner, sha2) VALUES (?, ?)', owner, sha2)
  return true
}

const UNHELD = `NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha2 = blob.sha2)
  AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.sha2 = blob.sha2)`

/**
 * One step of collection: the blobs whose hash begins with this byte, and files there that no row knows (a kill
 * between rename and commit leaves them). A file goes only after the commit that forgets it.
 */
export function collectBlobs(
  { db, blobs, afterCommit }: WriteContext,
  { first, olderThan }: { first: number; olderThan: number },
): number {
  const low = Buffer.alloc(32)
  low[0] = first
  const high = Buffer.alloc(33, 0xff)
  high[0] = first
  const gone = db.rows<{ sha2: Uint8Array }>(
    `DELETE FROM blob WHERE sha2 >= ? AND sha2 < ? AND touched < ? AND ${UNHELD} RETURNING sha2`,
    low,
    high,
    olderThan,
  )
  const forgotten = gone.map(({ sha2 }) => hexText(sha2))
  afterCommit(() => {
    const folder = join(blobs, first.toString(16).padStart(2, '0'))
    for (const sha2 of [...forgotten, ...unknownFiles(folder, olderThan)]) {
      // It may have been put again within the same commit.
      const bytes = sha2Bytes(sha2)
      if (bytes && db.row('SELECT 1 FROM blob WHERE sha2 = ?', bytes)) continue
      rmSync(join(folder, sha2), { force: true })
    }
  })
  return gone.length
}

function unknownFiles(folder: string, olderThan: number): string[] {
  try {
    return readdirSync(folder).filter((name) => statSync(join(folder, name)).mtimeMs < olderThan)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
