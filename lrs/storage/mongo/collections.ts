import type { Collections } from '../collections.ts'
import { collectionsOf, type TextDoc, type TextPage } from '../text-collections.ts'
import { createBatch } from './batch.ts'
import type { Connection } from './connect.ts'
import { createDeclaredIndexes } from './declared-indexes.ts'
import { aliveAt, docKeyOf, docName } from './doc-names.ts'
import { AS_OF_ONE_MOMENT, createFindDocs, type DocPage } from './find-docs.ts'
import type { Names } from './names.ts'
import type { DocDocument, Schema } from './schema.ts'

/** The collections of one tenant, or of the system. `end` waits for what was begun apart from calls. */
export function createCollections(
  connection: Connection,
  schema: Schema,
  names: Names,
  clock: () => number,
): Collections & { end(): Promise<void> } {
  const { ask } = connection
  const declared = createDeclaredIndexes(connection, schema, names, clock)
  const read = createFindDocs(connection, schema, names, clock, declared)

  const collections = collectionsOf({
    async get(collection, key) {
      const _id = docName(names, collection, key)
      const found = await ask(() => schema.doc.findOne({ _id, ...aliveAt(clock()) }))
      return found && textDoc(found)
    },
    async getMany(collection, keys) {
      const _id = { $in: keys.map((key) => docName(names, collection, key)) }
      const found = await ask(() =>
        schema.doc.find({ _id, ...aliveAt(clock()) }, { ...AS_OF_ONE_MOMENT, hint: { _id: 1 } }).toArray(),
      )
      return found.map(textDoc)
    },
    batch: createBatch(connection, schema, names, clock, declared),
    find: async (collection, find) => textPage(await read.find(collection, find)),
    scan: async (collection, options) => textPage(await read.scan(collection, options)),
    count: read.count,
  })
  return { ...collections, end: declared.end }
}

const textDoc = ({ _id, value, revision }: DocDocument): TextDoc => ({
  key: docKeyOf(_id),
  text: value,
  revision,
})

const textPage = ({ docs, next }: DocPage): TextPage => ({ docs: docs.map(textDoc), next })
