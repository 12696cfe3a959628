import { compareFiles, listedFiles } from '../../lrs/storage/backup-files.ts'
import { holdingsInFiles } from '../../lrs/storage/hold-in-files.ts'
import type { Manifest } from '../../lrs/storage/manifest.ts'
import { holdingsOf } from '../../lrs/storage/sqlite/index.ts'
import type { CommandRun } from '../cli/socket.ts'
import { openTarget } from '../open-ends.ts'
import type { StorePlace } from '../open-store.ts'
import { moveHouse } from './move-house.ts'

const MOST_NAMED = 20

/**
 * Puts a backup of one kind of store into an empty one of whatever kind: every file is compared with its digest first, and
 * what was taken in with the files at the end. One that was cut off goes on when it is done again.
 */
export async function restoreByMoving(
  place: StorePlace,
  folder: string,
  manifest: Manifest,
  how: CommandRun,
): Promise<{ files: number; bytes: number; statements: number; ms: number } | { message: string }> {
  const begun = Date.now()
  const files = await listedFiles(folder, manifest)
  if (typeof files === 'string') return { message: files }
  const { damaged, bytes } = await compareFiles(folder, files, (done, total) =>
    how.tell({ what: 'Checked', done, total }),
  )
  if (damaged.length > 0) {
    const names = damaged.slice(0, MOST_NAMED).map((name) => `\n  ${name}`)
    return {
      message: `${damaged.length} of ${files.length} files of this backup are damaged or missing. Nothing was restored. Take another copy of it, or an older backup.${names.join('')}`,
    }
  }
  const target = await openTarget(place)
  if (!target.ok) return target
  try {
    const now = async () =>
      manifest.formatVersion === 2 ? holdingsInFiles(folder, manifest) : holdingsOf(folder)
    const holdings = await now()
    try {
      const moved = await moveHouse(
        { holdings, now, name: `backup ${manifest.sums.sha256}` },
        target.storage,
        how,
      )
      if (typeof moved === 'string') return { message: moved }
      if (!moved.ok)
        return { message: `What was restored is not what the backup has: ${moved.differences.join(' ')}` }
      return { files: files.length, bytes, statements: moved.statements, ms: Date.now() - begun }
    } finally {
      await holdings.close()
    }
  } finally {
    await target.close()
  }
}
