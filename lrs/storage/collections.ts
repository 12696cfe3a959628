/**
 * The port's collections: documents under keys, for everything that is not a statement. Each is declared where it is used,
 * with the indexes that it is found by; no store knows what is in one.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Declared once as a module constant; `indexes` maps a name to the fields (dot paths) it orders by. */
export interface Collection<T> {
  readonly name: string
  /** At most one field of an index may be an array (one entry per element). */
  readonly indexes: Readonly<Record<string, readonly string[]>>
  readonly _type?: T
}
export function defineCollection<T>(
  name: string,
  indexes: Record<string, readonly string[]> = {},
): Collection<T> {
  return { name, indexes }
}

export interface Doc<T> {
  key: string
  value: T
  /** Changes with every write of the document. */
  revision: number
}
/** Refused with an error: values over 4 MB as JSON, or nested deeper than 50. */
export const COLLECTION_LIMITS = { bytes: 4_000_000, depth: 50 } as const

export type Operation = { collection: Collection<unknown>; key: string } & (
  | { op: 'put'; value: unknown; expires?: number }
  /** Fails when the key is there. */
  | { op: 'insert'; value: unknown; expires?: number }
  /** Fails when the revision is another. */
  | { op: 'replace'; value: unknown; revision: number; expires?: number }
  | { op: 'delete'; revision?: number }
  /** Changes nothing; fails when the revision is another (null: must be absent). */
  | { op: 'check'; revision: number | null }
)
export type BatchOutcome = { ok: true } | { ok: false; failed: number }

export interface Find {
  index: string
  /** Leading fields of the index, in order. */
  equals?: Readonly<Record<string, string | number | boolean | null>>
  /** On the field behind those. `prefix` for strings. */
  range?: {
    gt?: string | number
    gte?: string | number
    lt?: string | number
    lte?: string | number
    prefix?: string
  }
  descending?: boolean
  /** `next` of an earlier page. */
  after?: string
  limit: number
}
export interface Found<T> {
  docs: Doc<T>[]
  /** Where to go on, null at the end. */
  next: string | null
}

export interface Collections {
  get<T>(collection: Collection<T>, key: string): Promise<Doc<T> | null>
  /** Those of the keys that are there, all as of one moment. At most 1,000 keys. */
  getMany<T>(collection: Collection<T>, keys: readonly string[]): Promise<Map<string, Doc<T>>>
  put<T>(collection: Collection<T>, key: string, value: T, options?: { expires?: number }): Promise<void>
  /** `false`: the key is there. */
  insert<T>(
    collection: Collection<T>,
    key: string,
    value: T,
    options?: { expires?: number },
  ): Promise<boolean>
  /** `false`: the revision is another. */
  replace<T>(
    collection: Collection<T>,
    key: string,
    value: T,
    revision: number,
    options?: { expires?: number },
  ): Promise<boolean>
  delete(collection: Collection<unknown>, key: string): Promise<boolean>
  /** All or none; each operation carries its own precondition. At most 1,000 operations on distinct keys. */
  batch(operations: readonly Operation[]): Promise<BatchOutcome>
  find<T>(collection: Collection<T>, find: Find): Promise<Found<T>>
  /** In key order. */
  scan<T>(
    collection: Collection<T>,
    options: { prefix?: string; after?: string; limit: number },
  ): Promise<Found<T>>
  count(collection: Collection<unknown>, find?: Pick<Find, 'index' | 'equals' | 'range'>): Promise<number>
}
