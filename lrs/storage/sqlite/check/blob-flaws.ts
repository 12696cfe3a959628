import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../backup/copy-files.ts'
import { hexText, sha2Bytes } from '../bytes.ts'
import type { Connection } from '../connection.ts'
import { blobPath } from '../operations/blobs.ts'
import type { Flaw } from './flaw.ts'

/** One step reads so many bytes at most, with one blob at least. */
const MOST_BYTES = 64_000_000
/** Collection runs daily; what it had twice the time for is not its own. */
const UNKNOWN_FOR = 2 * 86_400_000

/** Rows whose file is not there or has another content; `quick` looks at sizes alone. */
export function blobFlaws(
  db: Connection,
  { folder, after, limit, quick }: { folder: string; after: string; limit: number; quick: boolean },
): { flaws: Flaw[]; next: string | null; looked: number } {
  const rows = db.rows<{ sha2: Uint8Array; size: number }>(
    'SELECT sha2, size FROM blob WHERE sha2 > ? ORDER BY sha2 LIMIT ?',
    Buffer.from(after, 'hex'),
    limit,
  )
  const flaws: Flaw[] = []
  let bytes = 0
  let looked = 0
  for (const row of rows) {
    bytes += row.size
    if (looked > 0 && !quick && bytes > MOST_BYTES) break
    looked++
    const sha2 = hexText(row.sha2)
    const path = blobPath(folder, sha2)
    const size = sizeOf(path)
    const place = `${sha2.slice(0, 2)}/${sha2}`
    if (size === null)
      flaws.push({ kind: 'blob-missing', what: `The file ${place} of an attachment or lesson is missing.` })
    else if (size !== row.size || (!quick && digestOf(path).digest !== sha2))
      flaws.push({ kind: 'blob-changed', what: `The file ${place} has not the content that its name says.` })
  }
  const last = rows[looked - 1]
  return {
    flaws,
    next: last && (looked < rows.length || rows.length === limit) ? hexText(last.sha2) : null,
    looked,
  }
}

/** Files of one folder (first byte of the hash) that no row knows. A kill leaves some; collection takes those away. */
export function fileFlaws(db: Connection, folder: string, first: number, now: number): Flaw[] {
  const name = first.toString(16).padStart(2, '0')
  const here = join(folder, name)
  return namesIn(here)
    .filter((file) => {
      const bytes = sha2Bytes(file)
      return !(bytes && db.row('SELECT 1 FROM blob WHERE sha2 = ?', bytes))
    })
    .filter(
      (file) => now - (statSync(join(here, file), { throwIfNoEntry: false })?.mtimeMs ?? now) > UNKNOWN_FOR,
    )
    .map((file) => ({ kind: 'file-unknown', what: `Nothing in the store names the file ${name}/${file}.` }))
}

const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
