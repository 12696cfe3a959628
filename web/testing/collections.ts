import type { Collection, Collections, Doc, Operation } from '../../lrs/index.ts'

type Find = Parameters<Collections['find']>[1]
type Held = Doc<unknown> & { expires: number }

/** As much of the storage port's collections as pages use, in memory. */
export function memoryCollections(): Collections {
  const all = new Map<string, Held>()
  let revision = 0
  const at = (collection: Collection<unknown>, key: string) => `${collection.name}/${key}`
  const fresh = (id: string) => {
    const doc = all.get(id)
    return doc && doc.expires > Date.now() ? doc : null
  }
  const write = (id: string, key: string, value: unknown, expires = Number.POSITIVE_INFINITY) => {
    revision += 1
    all.set(id, { key, value: structuredClone(value), revision, expires })
  }
  const fits = (operation: Operation) => {
    const doc = fresh(at(operation.collection, operation.key))
    if (operation.op === 'insert') return doc === null
    if (operation.op === 'replace') return doc?.revision === operation.revision
    if (operation.op === 'check') return (doc?.revision ?? null) === operation.revision
    return operation.op === 'put' || operation.revision === undefined || doc?.revision === operation.revision
  }
  const apply = (operation: Operation) => {
    const id = at(operation.collection, operation.key)
    if (operation.op === 'delete') all.delete(id)
    else if (operation.op !== 'check') write(id, operation.key, operation.value, operation.expires)
  }
  const batch = (operations: readonly Operation[]) => {
    const failed = operations.findIndex((operation) => !fits(operation))
    if (failed >= 0) return { ok: false as const, failed }
    for (const operation of operations) apply(operation)
    return { ok: true as const }
  }
  const find = (collection: Collection<unknown>, { index, equals = {}, descending, after, limit }: Find) => {
    const fields = collection.indexes[index] ?? []
    const docs = [...all.entries()]
      .filter(([id]) => id.startsWith(at(collection, '')) && fresh(id))
      .map(([, doc]) => ({ doc, order: fields.map((field) => read(doc.value, field)) }))
      .filter(({ doc }) =>
        Object.entries(equals).every(([field, value]) => [read(doc.value, field)].flat().includes(value)),
      )
      .sort((a, b) => (descending ? -1 : 1) * compare([...a.order, a.doc.key], [...b.order, b.doc.key]))
      .map(({ doc }) => structuredClone({ key: doc.key, value: doc.value, revision: doc.revision }))
    const start = Number(after ?? 0)
    const next = start + limit < docs.length ? String(start + limit) : null
    return { docs: docs.slice(start, start + limit), next }
  }
  const unused = () => {
    throw new Error('not used by pages')
  }
  return {
    async get(collection, key) {
      return structuredClone(fresh(at(collection, key))) as never
    },
    async put(collection, key, value, options) {
      write(at(collection, key), key, value, options?.expires)
    },
    async delete(collection, key) {
      return all.delete(at(collection, key))
    },
    insert: async (collection, key, value, options) =>
      batch([{ op: 'insert', collection, key, value, ...options }]).ok,
    replace: async (collection, key, value, held, options) =>
      batch([{ op: 'replace', collection, key, value, revision: held, ...options }]).ok,
    batch: async (operations) => batch(operations),
    find: async (collection, asked) => find(collection, asked) as never,
    async getMany(collection, keys) {
      const found = keys.flatMap((key) => fresh(at(collection, key)) ?? [])
      return new Map(found.map(({ expires: _, ...doc }) => [doc.key, structuredClone(doc)])) as never
    },
    count: async (collection, asked) =>
      find(collection, { index: '', ...asked, limit: Number.POSITIVE_INFINITY }).docs.length,
    scan: unused,
  }
}

function read(value: unknown, path: string): unknown {
  let at = value
  for (const name of path.split('.')) at = (at as Record<string, unknown> | undefined)?.[name]
  return at ?? null
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at]
    if (left === right) continue
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return String(left) < String(right) ? -1 : 1
  }
  return 0
}
