import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BlobStore, StorageUnavailable } from '../port.ts'
import { isOutage } from './connection.ts'
import type { Database } from './database.ts'
import { blobPath } from './operations/blobs.ts'
import type { Turns } from './turns.ts'

/** Blobs of one tenant: bytes go through files here, what is known of them through the database. */
export function createBlobs(database: Database, folder: string, takeTurns: Turns): BlobStore {
  const incoming = join(folder, 'incoming')
  const underWay = new Set<string>()

  async function put(content: AsyncIterable<Uint8Array>) {
    const temporary = join(incoming, randomUUID())
    underWay.add(basename(temporary))
    try {
      const written = await spool(content, temporary)
      await database.write('blobs.adopt', { temporary, ...written })
      return written
    } catch (error) {
      await rm(temporary, { force: true })
      throw isOutage(error) ? new StorageUnavailable((error as Error).message) : error
    } finally {
      underWay.delete(basename(temporary))
    }
  }

  async function spool(content: AsyncIterable<Uint8Array>, path: string) {
    await mkdir(incoming, { recursive: true })
    const hash = createHash('sha256')
    let size = 0
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of content) {
        hash.update(chunk)
        size += chunk.byteLength
        await writeAll(file, chunk)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    return { sha2: hash.digest('hex'), size }
  }

  /** What an ended process left; never what is being written now. */
  async function removeStale(olderThan: number): Promise<void> {
    for (const name of await readdir(incoming).catch(() => [])) {
      if (underWay.has(name)) continue
      const path = join(incoming, name)
      const known = await stat(path).catch(() => null)
      if (known && known.mtimeMs < olderThan) await rm(path, { force: true })
    }
  }

  return {
    put,
    async open(sha2, range) {
      const size = await database.read('blobs.size', sha2)
      if (size === null) return null
      const file = await open(blobPath(folder, sha2), 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw new StorageUnavailable(error.message)
      })
      return file && { size, content: file.createReadStream(range ?? {}) }
    },
    size: (sha2) => database.read('blobs.size', sha2),
    hold: (owner, sha2s) => database.write('blobs.hold', { owner, sha2s }),
    async collect(olderThan) {
      await removeStale(olderThan)
      let collected = 0
      // In steps, so that writers in between do not wait. A backup that runs goes before.
      for (let first = 0; first < 256; first++) {
        collected += await takeTurns(() => database.write('blobs.collect', { first, olderThan }))
      }
      return collected
    },
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    done += (await file.write(chunk, done)).bytesWritten
  }
}
