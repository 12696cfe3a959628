import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, rmdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compareFiles, listedFiles } from '../../backup-files.ts'
import { type Manifest, readManifest } from '../../manifest.ts'
import { fsyncFolder } from '../operations/blobs.ts'
import { copyFileDurably, digestOf } from './copy-files.ts'

export type RestoreOutcome =
  | { ok: true; manifest: Manifest; files: number; bytes: number; ms: number }
  /** Why nothing was restored, in words, and each file that is not as it was when the backup was made. */
  | { ok: false; message: string; damaged: string[] }

/** Where it is copied to first; its rename is the moment from which the backup counts as restored. */
const COPYING = 'restoring'
const COPIED = 'restored'
/** What may lie in a folder that counts as empty. */
const NOTHING = new Set(['lock', 'lock-journal', 'suotdoi.sock', 'uploads', COPYING])

/**
 * Puts a backup into an empty folder, which the caller has locked. Every file is compared with its digest before
 * anything is copied, and again as it was copied. A kill leaves `restoring`, which the next restore removes, or
 * `restored`, which `finishRestore` completes.
 */
export async function restore(
  folder: string,
  directory: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<RestoreOutcome> {
  const begun = Date.now()
  const refuse = (message: string, damaged: string[] = []) => ({ ok: false as const, message, damaged })
  const manifest = await readManifest(folder)
  if (typeof manifest === 'string') return refuse(manifest)
  if (manifest.formatVersion !== 1) throw new Error('Holdings are taken in, not copied')
  const inTheWay = (await readdir(directory).catch(() => [])).filter((name) => !NOTHING.has(name))
  if (inTheWay.length > 0)
    return refuse(
      `${directory} is not empty (${inTheWay.slice(0, 5).join(', ')}). Move what is in it aside, or set DATA_DIR to an empty folder.`,
    )
  const files = await listedFiles(folder, manifest)
  if (typeof files === 'string') return refuse(files)

  const { damaged, bytes } = await compareFiles(folder, files, (done, all) => progress(done, all * 2))
  if (damaged.length > 0)
    return refuse(
      `${damaged.length} of ${files.length} files of this backup are damaged or missing. Nothing was restored. Take another copy of it, or an older backup.`,
      damaged,
    )
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize < bytes) return refuse(tooLittleRoom(directory, bytes, bavail * bsize))

  const copying = join(directory, COPYING)
  await rm(copying, { recursive: true, force: true })
  const folders = new Set([copying])
  let done = bytes
  for (const { name, digest } of files) {
    const to = join(copying, name)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    copyFileDurably(join(folder, name), to)
    for (let above = dirname(to); above !== copying; above = dirname(above)) folders.add(above)
    const copied = digestOf(to)
    if (copied.digest !== digest) {
      await rm(copying, { recursive: true, force: true })
      return refuse(
        `${name} was damaged while it was copied into ${directory}. Check that disk, and restore again.`,
        [name],
      )
    }
    done += copied.size
    progress(done, bytes * 2)
  }
  for (const each of folders) fsyncFolder(each)
  await rename(copying, join(directory, COPIED))
  fsyncFolder(directory)
  await finishRestore(directory)
  return { ok: true, manifest, files: files.length, bytes, ms: Date.now() - begun }
}

/**
 * Completes a restore that was killed after all was copied; to be called with the folder locked, before its store is
 * opened. A string says in words that one was killed before.
 */
export async function finishRestore(directory: string): Promise<string | null> {
  if (existsSync(join(directory, COPYING)))
    return `A restore into ${directory} was cut off, and nothing is in it yet. Run it again: suotdoi restore FOLDER. To begin with an empty store instead, remove ${join(directory, COPYING)}.`
  const copied = join(directory, COPIED)
  if (!existsSync(copied)) return null
  // The one that says that there is a store comes last.
  const names = (await readdir(copied)).sort((a, b) => Number(a === 'system.db') - Number(b === 'system.db'))
  for (const name of names) await rename(join(copied, name), join(directory, name))
  fsyncFolder(directory)
  await rmdir(copied)
  return null
}

const tooLittleRoom = (directory: string, needed: number, free: number) =>
  `The disk of ${directory} has ${megabytes(free)} free; this backup needs ${megabytes(needed)}. Make room, or set DATA_DIR to a folder on another disk.`

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
