import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Db, GridFSBucket, type GridFSBucketWriteStream, type ObjectId } from 'mongodb'
import { StorageUnavailable, type TenantId } from '../port.ts'
import type { Connection } from './connect.ts'
import type { BlobDocument, Schema } from './schema.ts'

/** One insert. What is no longer is known by its hash before anything is sent. */
export const CHUNK = 1 << 20

export interface Uploaded {
  sha2: string
  size: number
}

/** Files in GridFS, which takes no part in transactions: blobs.ts says which of them are there. */
export interface Content {
  /**
   * Writes one, durable when it resolves. Rejects with what the source threw, and nothing is on its way any more, or with
   * StorageUnavailable, and something may be.
   */
  upload(file: ObjectId, begun: Begun): Promise<Uploaded>
  open(blob: BlobDocument, range?: { start: number; end: number }): Promise<Readable | null>
  /** Whether all of it is there, by its length and the number of its chunks. */
  isWhole(blob: Pick<BlobDocument, 'file' | 'size'>): Promise<boolean>
  /** Also what is not there, or only in part. */
  remove(file: ObjectId): Promise<void>
}

/** An upload whose beginning was read. */
export interface Begun {
  first: Uint8Array
  /** To be returned when it is not read to its end. */
  rest: AsyncGenerator<Uint8Array>
  /** When that was all. */
  sha2: string | null
}

export const bucketOf = (db: Db) => new GridFSBucket(db, { bucketName: 'content', chunkSizeBytes: CHUNK })

export function createContent({ db, ask }: Connection, schema: Schema, tenant: TenantId): Content {
  const bucket = bucketOf(db)
  const [files, chunks] = [schema['content.files'], schema['content.chunks']]

  return {
    async upload(file, { first, rest }) {
      const metadata = { tenant, sha2: '' }
      const stream = bucket.openUploadStream('', { id: file, metadata })
      // Said by the call that it makes fail.
      stream.on('error', () => {})
      const hash = createHash('sha256')
      let size = 0
      const take = async (piece: Uint8Array) => {
        hash.update(piece)
        size += piece.byteLength
        await ask(() => write(stream, piece))
      }
      try {
        await take(first)
        for await (const piece of rest) await take(piece)
        metadata.sha2 = hash.digest('hex')
        await ask(() => end(stream))
        return { sha2: metadata.sha2, size }
      } catch (error) {
        stream.destroy()
        throw error
      }
    },
    async open({ file, size, _id }, range) {
      if (!(await ask(() => files.findOne({ _id: file }, { projection: { _id: 1 } })))) return null
      const [start, end] = range ? [range.start, range.end + 1] : [0, size]
      return Readable.from(pieces(bucket, file, { start, end }, _id), { objectMode: false })
    },
    async isWhole({ file, size }) {
      const [known, count] = await ask(() =>
        Promise.all([
          files.findOne({ _id: file }),
          chunks.countDocuments({ files_id: file }, { hint: { files_id: 1, n: 1 } }),
        ]),
      )
      return known?.length === size && count === Math.ceil(size / known.chunkSize)
    },
    async remove(file) {
      await ask(() => files.deleteOne({ _id: file }))
      await ask(() => chunks.deleteMany({ files_id: file }))
    },
  }
}

/** Reads until there is more than one chunk of it, or no more. */
export async function begin(content: AsyncIterable<Uint8Array>): Promise<Begun> {
  const rest = (async function* () {
    yield* content
  })()
  const first: Uint8Array[] = []
  let size = 0
  while (size <= CHUNK) {
    const next = await rest.next()
    if (next.done) {
      const whole = Buffer.concat(first)
      return { first: whole, rest, sha2: createHash('sha256').update(whole).digest('hex') }
    }
    first.push(next.value)
    size += next.value.byteLength
  }
  return { first: Buffer.concat(first), rest, sha2: null }
}

/** Resolves when nothing of it is on its way: an upload that breaks off then is removed whole. */
function write(stream: GridFSBucketWriteStream, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(piece, (error) => (error ? reject(error) : resolve()))
  })
}

function end(stream: GridFSBucketWriteStream): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject).once('finish', resolve).end()
  })
}

/** From `start` to before `end`. The driver ends quietly where the last chunks are missing; this does not. */
async function* pieces(
  bucket: GridFSBucket,
  file: ObjectId,
  { start, end }: { start: number; end: number },
  name: string,
): AsyncGenerator<Uint8Array> {
  if (start === end) return
  let left = end - start
  try {
    for await (const piece of bucket.openDownloadStream(file, { start, end })) {
      left -= piece.length
      yield piece
    }
  } catch (error) {
    throw new StorageUnavailable(`The content of ${name} cannot be read on`, { cause: error })
  }
  if (left !== 0) throw new StorageUnavailable(`The content of ${name} is not whole`)
}
