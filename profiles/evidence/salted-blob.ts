import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { BlobStore } from '../../lrs/index.ts'

/**
 * The store keeps equal bytes once, under their hash. Of somebody's private photo neither may hold: whoever has the same
 * photo must not learn it, and what one removes must be gone though another keeps it. So random bytes go before each.
 */
const SALT = 32

export async function putSalted(blobs: Pick<BlobStore, 'put'>, content: Buffer): Promise<string> {
  return (await blobs.put(salted(content))).sha2
}

async function* salted(content: Buffer): AsyncIterable<Uint8Array> {
  yield randomBytes(SALT)
  yield content
}

/** @param size Bytes without the salt. */
export async function openSalted(
  blobs: Pick<BlobStore, 'open'>,
  sha2: string,
  size: number,
): Promise<Readable | null> {
  const found = await blobs.open(sha2, { start: SALT, end: SALT + size - 1 })
  return found?.content ?? null
}
