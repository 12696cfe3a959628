import type { ITemporaryFile, ITemporaryFileStorage, IUser } from '@lumieducation/h5p-server'
import { H5pError } from '@lumieducation/h5p-server'
import type { BlobStore, Collections } from '../../lrs/index.ts'
import { type TemporaryRecord, temporaryFiles } from '../collections.ts'
import { fileMissing, isSafePath, openBlob } from './files.ts'

/**
 * Files on their way into a lesson. Their blobs are held by nobody: a blob is safe from collection for a day after it
 * was put, which is longer than a temporary file lives, so that what is abandoned goes by itself.
 */
export function createTemporaryStorage({
  collections,
  blobs,
}: {
  collections: Collections
  blobs: BlobStore
}): ITemporaryFileStorage {
  const keyOf = (owner: string, path: string) => `${encodeURIComponent(owner)}/${path}`
  async function file(path: string, user: IUser): Promise<TemporaryRecord> {
    const found = await collections.get(temporaryFiles, keyOf(user.id, path))
    if (!found) throw fileMissing(path, 'temporary files')
    return found.value
  }
  return {
    async deleteFile(path, owner) {
      await collections.delete(temporaryFiles, keyOf(owner, path))
    },
    async fileExists(path, user) {
      return (await collections.get(temporaryFiles, keyOf(user.id, path))) !== null
    },
    async getFileStats(path, user) {
      const { size, created } = await file(path, user)
      return { size, birthtime: new Date(created) }
    },
    async getFileStream(path, user, start, end) {
      const { sha2, size } = await file(path, user)
      if (start === undefined) return openBlob(blobs, sha2)
      return openBlob(blobs, sha2, { start, end: Math.min(end ?? size - 1, size - 1) })
    },
    async listFiles(user) {
      const found: ITemporaryFile[] = []
      let after: string | undefined
      do {
        const page = await collections.scan(temporaryFiles, {
          limit: 500,
          ...(user ? { prefix: `${encodeURIComponent(user.id)}/` } : {}),
          ...(after === undefined ? {} : { after }),
        })
        found.push(...page.docs.map(({ value }) => exposed(value)))
        after = page.next ?? undefined
      } while (after !== undefined)
      return found
    },
    sanitizeFilename: (filename) => filename.replace(/[^\w\-./]/g, '_').slice(-200),
    async saveFile(path, stream, user, expirationTime) {
      if (!isSafePath(path)) throw new H5pError('illegal-filename', {}, 400)
      const blob = await blobs.put(stream as AsyncIterable<Uint8Array>)
      const expires = expirationTime.getTime()
      const record = { ...blob, owner: user.id, path, expires, created: Date.now() }
      await collections.put(temporaryFiles, keyOf(user.id, path), record, { expires })
      return exposed(record)
    },
  }
}

function exposed(value: TemporaryRecord): ITemporaryFile {
  return { filename: value.path, ownedByUserId: value.owner, expiresAt: new Date(value.expires) }
}
