import type { Collections, Doc } from '../../lrs/index.ts'

/** As much of the storage port's collections as pages use, in memory. */
export function memoryCollections(): Collections {
  const all = new Map<string, Doc<unknown> & { expires: number }>()
  let revision = 0
  const fresh = (id: string) => {
    const doc = all.get(id)
    return doc && doc.expires > Date.now() ? doc : null
  }
  const unused = () => {
    throw new Error('not used by pages')
  }
  return {
    async get(collection, key) {
      return structuredClone(fresh(`${collection.name}/${key}`)) as never
    },
    async put(collection, key, value, options) {
      revision += 1
      all.set(`${collection.name}/${key}`, {
        key,
        value: structuredClone(value),
        revision,
        expires: options?.expires ?? Number.POSITIVE_INFINITY,
      })
    },
    async delete(collection, key) {
      return all.delete(`${collection.name}/${key}`)
    },
    getMany: unused,
    insert: unused,
    replace: unused,
    batch: unused,
    find: unused,
    scan: unused,
    count: unused,
  }
}
