import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from './collections.ts'
import type { Extent } from './holding.ts'
import type { TenantId } from './port.ts'

/** What a backup holds, in `manifest.json`. The digests of all its files are in `SHA256SUMS`, as `sha256sum` writes them. */
export interface Manifest {
  format: 'suotdoi-backup'
  /** 1: copies of databases; 2: `holdings` (hold-in-files.ts), which any store takes in. */
  formatVersion: 1 | 2
  /** Of version 2. */
  extents?: readonly Extent[]
  /** ISO 8601, when it was begun and when it was complete. */
  begun: string
  made: string
  /** What the caller adds: product and version. */
  about: Json
  databases: {
    /** null: the system's own. */
    tenant: TenantId | null
    path: string
    bytes: number
    sha256: string
    schema: number
    statements: number
    position: number
    blobs: number
    blobBytes: number
  }[]
  /** Blobs that a database names and that were not there, or did not have the content that their name says. */
  damaged: { tenant: TenantId; sha2: string; what: 'missing' | 'changed' }[]
  /** SHA-256 of `SHA256SUMS`, and how many files it lists. */
  sums: { sha256: string; files: number }
}

export const MANIFEST = 'manifest.json'
export const SUMS = 'SHA256SUMS'

/** The manifest of a backup; a string says in words why the folder is none. */
export async function readManifest(folder: string): Promise<Manifest | string> {
  let text: string
  try {
    text = await readFile(join(folder, MANIFEST), 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return `The backup cannot be read (${message}).`
    return folder.endsWith('.partial')
      ? 'This is a backup that was cut off. Take an older one.'
      : 'There is no manifest.json in it: it is no backup, or not a complete one.'
  }
  try {
    const manifest = JSON.parse(text) as Manifest
    if (manifest.format !== 'suotdoi-backup' || !Array.isArray(manifest.databases)) return NOT_OURS
    if (manifest.formatVersion !== 1 && manifest.formatVersion !== 2)
      return 'It was made by a newer version of this program. Restore it with that version.'
    return manifest
  } catch {
    return NOT_OURS
  }
}

const NOT_OURS = 'Its manifest.json is damaged or of another program. Take an older backup.'
