import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockDirectory } from '../lrs/storage/sqlite/index.ts'

const BEGINNING = 'suotdoi-process-'
/** One that is younger may not be locked by its owner yet. */
const YOUNG_MS = 60_000

/**
 * A folder of this process alone in the system's temporary one, for what passes through it: where nothing is kept on this
 * machine. What killed processes left is removed.
 */
export async function makeWorkFolder(
  parent: string = tmpdir(),
): Promise<{ folder: string; remove: () => Promise<void> }> {
  // What passes is for this account alone.
  process.umask(0o077)
  const folder = await mkdtemp(join(parent, BEGINNING))
  const unlock = lockDirectory(folder)
  await removeLeftOver(parent)
  return {
    folder,
    async remove() {
      unlock?.()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function removeLeftOver(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(BEGINNING)) continue
    const folder = join(parent, name)
    try {
      if (Date.now() - (await stat(folder)).mtimeMs < YOUNG_MS) continue
      // A living process holds its own.
      const unlock = lockDirectory(folder)
      unlock?.()
      if (unlock) await rm(folder, { recursive: true, force: true })
    } catch {
      // Another account's, or another process was faster.
    }
  }
}
