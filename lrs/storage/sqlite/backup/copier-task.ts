/** What the copier's thread is asked for; each is a bounded piece of work. */
export type CopierTask =
  /** Reads a copied database that nobody else has open. */
  | { kind: 'describe'; database: string }
  /** Copies some of the blobs that a copied database names, behind the hash `after`. */
  | { kind: 'blobs'; database: string; from: string; to: string; after: string }
  | { kind: 'digest'; path: string }

/** What a copied database says of itself. */
export interface Described {
  schema: number
  statements: number
  position: number
  /** Blobs that it names, and their size together. */
  blobs: number
  blobBytes: number
}

export interface CopiedBlobs {
  /** Where to go on; null: that was the last. */
  next: string | null
  /** Of each copied file: SHA-256 of what was copied, and its name, which says what it should be. */
  copied: { digest: string; sha2: string; size: number }[]
  missing: string[]
}
