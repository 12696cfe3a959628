import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of all files below a folder, one after another so that nobody waits for it; 0 when it is not there (yet). */
export async function folderSize(folder: string): Promise<number> {
  const entries = await opendir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (!entries) return 0
  let bytes = 0
  for await (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await folderSize(path)
    // One that is removed meanwhile is no part of the sum.
    else if (entry.isFile()) bytes += (await stat(path).catch(() => null))?.size ?? 0
  }
  return bytes
}
