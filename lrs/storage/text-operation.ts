import { COLLECTION_LIMITS, type Collection, type Operation } from './collections.ts'

/** A collection's declaration without its type. */
export interface Declaration {
  name: string
  indexes: Readonly<Record<string, readonly string[]>>
}

/** An operation of the port, its value as JSON text already. */
export type TextOperation = { collection: Declaration; key: string } & (
  | { op: 'put' | 'insert'; text: string; expires: number | null }
  | { op: 'replace'; text: string; revision: number; expires: number | null }
  | { op: 'delete'; revision: number | null }
  | { op: 'check'; revision: number | null }
)

const MOST_OPERATIONS = 1_000

export const declarationOf = ({ name, indexes }: Collection<unknown>): Declaration => ({ name, indexes })

/** The fields of a declared index; throws when there is none of this name. */
export function fieldsOf({ name, indexes }: Declaration, index: string): readonly string[] {
  const fields = Object.hasOwn(indexes, index) ? indexes[index] : undefined
  if (!fields) throw new Error(`The collection ${name} declares no index ${index}`)
  return fields
}

/** Throws for more operations than a batch may have, and for two on one key. */
export function mustBeBatch(operations: readonly Operation[]): void {
  if (operations.length > MOST_OPERATIONS)
    throw new Error(`A batch has at most ${MOST_OPERATIONS} operations`)
  const keys = new Set(operations.map(({ collection, key }) => JSON.stringify([collection.name, key])))
  if (keys.size < operations.length) throw new Error('The keys of a batch must be distinct')
}

/** Throws for what no store takes: keys that are not well-formed, values beyond COLLECTION_LIMITS. */
export function textOperation(operation: Operation): TextOperation {
  const { op, key } = operation
  if (!key.isWellFormed()) throw new Error('A key must be well-formed Unicode')
  const collection = declarationOf(operation.collection)
  switch (op) {
    case 'put':
    case 'insert':
      return { op, collection, key, text: textOf(operation.value), expires: operation.expires ?? null }
    case 'replace': {
      const { revision, value, expires } = operation
      return { op, collection, key, text: textOf(value), revision, expires: expires ?? null }
    }
    case 'delete':
      return { op, collection, key, revision: operation.revision ?? null }
    case 'check':
      return { op, collection, key, revision: operation.revision }
  }
}

/** Judges an operation's precondition against the revision that is there, null for none. */
export function mayHappen(operation: TextOperation, revision: number | null): boolean {
  switch (operation.op) {
    case 'put':
      return true
    case 'insert':
      return revision === null
    case 'delete':
      return operation.revision === null || revision === operation.revision
    case 'replace':
    case 'check':
      return revision === operation.revision
  }
}

function textOf(value: unknown): string {
  if (depth(value) > COLLECTION_LIMITS.depth)
    throw new Error(`A value is nested deeper than ${COLLECTION_LIMITS.depth}`)
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new Error('A value must be JSON')
  if (Buffer.byteLength(text) > COLLECTION_LIMITS.bytes) {
    throw new Error(`A value has more than ${COLLECTION_LIMITS.bytes} bytes as JSON`)
  }
  return text
}

function depth(value: unknown, above = 0): number {
  if (value === null || typeof value !== 'object' || above > COLLECTION_LIMITS.depth) return above
  let deepest = above + 1
  for (const member of Object.values(value)) deepest = Math.max(deepest, depth(member, above + 1))
  return deepest
}
