import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineCollection } from '../../lrs/index.ts'
import type { Services } from '../services.ts'

/** Key: what tries. */
const TRIES = defineCollection<{ at: number }>('write-tries')
const BYTES = Buffer.alloc(4_096)

/**
 * Writes a document, durably, and beside it a file: on a full disk the store may still find room in what it holds, and
 * lessons and attachments do not. Rejects with what the disk said.
 */
export async function tryToWrite({ storage, folder }: Pick<Services, 'storage' | 'folder'>): Promise<void> {
  const file = join(folder, 'write-try')
  await Promise.all([
    storage.system.put(TRIES, 'health', { at: Date.now() }),
    writeFile(file, BYTES, { mode: 0o600 }).finally(() => rm(file, { force: true })),
  ])
}
