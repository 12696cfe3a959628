import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { BlobStore } from '../../lrs/index.ts'
import { H5pError } from '../h5p-error.ts'

/** Opens a blob that a record names; its absence means the store is damaged. */
export async function openBlob(
  blobs: BlobStore,
  sha2: string,
  range?: { start: number; end: number },
): Promise<Readable> {
  const opened = await blobs.open(sha2, range)
  if (!opened) throw new Error(`blob ${sha2} is named by a record but is not there`)
  return opened.content
}

export async function readBlob(blobs: BlobStore, sha2: string): Promise<string> {
  return text(await openBlob(blobs, sha2))
}

/** The error by which the H5P server knows that a file is absent. */
export function fileMissing(filename: string, where: string): H5pError {
  return new H5pError('content-file-missing', { filename, contentId: where }, 404)
}

/** A path inside content or library: relative, forward slashes, no step upwards. */
export function isSafePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length <= 400 &&
    !path.startsWith('/') &&
    !path.includes('\\') &&
    !path.includes('\0') &&
    !path.split('/').some((part) => part === '..' || part === '.' || part === '')
  )
}
