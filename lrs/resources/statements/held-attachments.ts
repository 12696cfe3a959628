import { createHash } from 'node:crypto'
import { findAttachments } from '../../statement/attachments.ts'
import { scanStored } from '../../statement/json.ts'
import { sha2Algorithm } from '../../statement/sha2.ts'
import type { BlobStore, StoredStatement } from '../../storage/port.ts'

export interface HeldAttachment {
  /** The SHA-2 that the statement names, in lower case. */
  sha2: string
  /** SHA-256 of the blob that holds its data. */
  blob: string
  contentType: string
}

/**
 * The attachments of a statement whose data is held, in its order and each name once, without those in `known`. Blobs lie
 * under their SHA-256; an attachment named by another SHA-2 is found by hashing what the statement holds, so that nothing
 * but the data itself says which is which, and nothing of it is left when it is erased.
 */
export async function heldAttachments(
  statement: Pick<StoredStatement, 'text' | 'attachments'>,
  blobs: Pick<BlobStore, 'open'>,
  known: { has(sha2: string): boolean } = new Set(),
): Promise<HeldAttachment[]> {
  const held = statement.attachments
  if (held.length === 0) return []
  const named = new Map<string, string>()
  for (const { sha2, contentType } of findAttachments(statement.text, scanStored(statement.text), '')) {
    if (!named.has(sha2)) named.set(sha2, contentType)
  }
  const wanted = [...named.keys()].filter((sha2) => !known.has(sha2))
  const blobOf = new Map(wanted.filter((sha2) => held.includes(sha2)).map((sha2) => [sha2, sha2]))
  const others = wanted.filter((sha2) => !isSha256(sha2))
  const [only] = held
  // Data is held only for what the statement names.
  if (named.size === 1 && others[0] && only) blobOf.set(others[0], only)
  else if (others.length > 0) {
    for (const blob of held) for (const sha2 of await namesAmong(others, blob, blobs)) blobOf.set(sha2, blob)
  }
  return wanted.flatMap((sha2) => {
    const blob = blobOf.get(sha2)
    return blob ? [{ sha2, blob, contentType: named.get(sha2) ?? '' }] : []
  })
}

const isSha256 = (sha2: string) => sha2Algorithm(sha2) === 'sha256'

/** Which of these names are the blob's. */
async function namesAmong(
  names: readonly string[],
  blob: string,
  blobs: Pick<BlobStore, 'open'>,
): Promise<string[]> {
  const opened = await blobs.open(blob)
  if (!opened) return []
  const hashes = names.map((sha2) => ({ sha2, hash: createHash(sha2Algorithm(sha2) ?? 'sha256') }))
  for await (const chunk of opened.content) for (const { hash } of hashes) hash.update(chunk)
  return hashes.filter(({ sha2, hash }) => hash.digest('hex') === sha2).map(({ sha2 }) => sha2)
}
