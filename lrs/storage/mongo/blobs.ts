import { ObjectId } from 'mongodb'
import { type BlobStore, StorageUnavailable } from '../port.ts'
import { collectBlobs, collectLoose, removeLoose } from './collect-blobs.ts'
import { type Connection, isDuplicateKey, runAgainOnDuplicate } from './connect.ts'
import { begin, createContent, type Uploaded } from './content.ts'
import type { Names } from './names.ts'
import type { BlobDocument, Schema } from './schema.ts'

/**
 * Blobs of one tenant. Their bytes are files in GridFS, each written whole before one document, named by their hash, says
 * that they are there. A file that none says so of is listed as loose from before its first byte until after its last.
 */
export function createBlobs(
  connection: Connection,
  schema: Schema,
  names: Names,
  clock: () => number,
): BlobStore {
  const { ask, transact } = connection
  const content = createContent(connection, schema, names.tenant)
  const underWay = new Set<string>()
  const known = (sha2: string) => ask(() => schema.blob.findOne({ _id: names.of(sha2) }))

  async function put(source: AsyncIterable<Uint8Array>): Promise<Uploaded> {
    const begun = await begin(source)
    const { sha2 } = begun
    if (sha2 !== null) {
      const there = await touch(sha2)
      if (there && (await content.isWhole(there))) return { sha2, size: there.size }
    }
    const file = new ObjectId()
    const note = { _id: names.of(file.toHexString()), file, since: clock() }
    underWay.add(note._id)
    try {
      await ours(ask(() => schema.loose.insertOne(note)))
      const uploaded = await ours(content.upload(file, begun)).catch(async (error: unknown) => {
        if (!(error instanceof StorageUnavailable)) await removeLoose(schema, content, note).catch(() => {})
        throw error
      })
      for (;;) {
        const there = await touch(uploaded.sha2)
        if (there && (await content.isWhole(there))) break
        const published = await publish(note, uploaded, there)
        if (published === 'kept') return uploaded
        if (published === 'given up') {
          await content.remove(file)
          throw new StorageUnavailable('The upload took longer than a day and was given up')
        }
      }
      // It was there before. What cannot be removed now is collected.
      await removeLoose(schema, content, note).catch(() => {})
      return uploaded
    } finally {
      underWay.delete(note._id)
      await begun.rest.return(undefined).catch(() => {})
    }
  }

  /** Keeps it from being collected for a day. */
  const touch = (sha2: string): Promise<BlobDocument | null> =>
    ask(() =>
      schema.blob.findOneAndUpdate({ _id: names.of(sha2) }, putToUse(clock()), { returnDocument: 'after' }),
    )

  /** In the place of `broken` where there is one. `late`: somebody else was faster. */
  function publish(
    { _id: noted, file, since }: { _id: string; file: ObjectId; since: number },
    { sha2, size }: Uploaded,
    broken: BlobDocument | null,
  ): Promise<'kept' | 'late' | 'given up'> {
    const _id = names.of(sha2)
    return transact(async (session) => {
      const mine = await schema.loose.deleteOne({ _id: noted, since }, { session })
      if (mine.deletedCount === 0) return 'given up'
      if (!broken) {
        await schema.blob.insertOne({ _id, file, size, touched: clock() }, { session })
        return 'kept'
      }
      const replaced = await schema.blob.updateOne(
        { _id, file: broken.file },
        { $set: { file, size } },
        { session },
      )
      if (replaced.matchedCount === 0) {
        await session.abortTransaction()
        return 'late'
      }
      const rest = { _id: names.of(broken.file.toHexString()), file: broken.file, since: 0 }
      await schema.loose.insertOne(rest, { session })
      return 'kept'
    }).catch((error: unknown) => {
      if (isDuplicateKey(error)) return 'late'
      throw error
    })
  }

  async function hold(owner: string, sha2s: readonly string[]): Promise<boolean> {
    const [_id, blobs] = [names.of(owner), [...new Set(sha2s)].map(names.of)]
    // Two who say the first that one owner holds: the later one finds it there.
    return runAgainOnDuplicate(() =>
      transact(async (session) => {
        if (blobs.length === 0) {
          await schema.hold.deleteOne({ _id }, { session })
          return true
        }
        const there = await schema.blob.updateMany({ _id: { $in: blobs } }, putToUse(clock()), { session })
        if (there.matchedCount < blobs.length) {
          await session.abortTransaction()
          return false
        }
        await schema.hold.replaceOne({ _id }, { blobs }, { upsert: true, session })
        return true
      }),
    )
  }

  return {
    put,
    async open(sha2, range) {
      for (let blob = await known(sha2); blob; ) {
        const opened = await content.open(blob, range)
        if (opened) return { size: blob.size, content: opened }
        // It was collected meanwhile, or put anew.
        const now = await known(sha2)
        if (now?.file.equals(blob.file)) throw new StorageUnavailable(`The content of ${blob._id} is missing`)
        blob = now
      }
      return null
    },
    size: async (sha2) => (await known(sha2))?.size ?? null,
    hold,
    async collect(olderThan) {
      await collectLoose(connection, schema, names, content, { underWay, now: clock() })
      return collectBlobs(connection, schema, names, content, olderThan)
    },
  }
}

/**
 * As an update of a blob's document: it is in use now. It always changes something, so that it cannot pass a collection
 * that takes the blob at the same time: one of both is run again.
 */
export const putToUse = (now: number) => [{ $set: { touched: { $max: [now, { $add: ['$touched', 1] }] } } }]

/** Under an id of ours nobody else makes anything: the server has made it, and has forgotten that by when it was asked again. */
const ours = <T>(making: Promise<T>): Promise<T> =>
  making.catch((error: unknown) => {
    throw isDuplicateKey(error)
      ? new StorageUnavailable('what was to be made is there, and was not answered', { cause: error })
      : error
  })
