import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import { type BlobStore, StorageUnavailable } from '../port.ts'
import { createBlobs, putToUse } from './blobs.ts'
import { type Connection, connect } from './connect.ts'
import { CHUNK } from './content.ts'
import { makeIndexes } from './indexes.ts'
import { namesOf } from './names.ts'
import { type Schema, schemaOf } from './schema.ts'

const DAY = 86_400_000
const later = () => Date.now() + 60_000

async function* pieces(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield Buffer.from(part as string)
}

async function bytesOf(blobs: BlobStore, sha2: string, range?: { start: number; end: number }) {
  const parts: Buffer[] = []
  for await (const part of (await blobs.open(sha2, range))!.content) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

describeOnMongo('blobs in GridFS', { timeout: 60_000 }, () => {
  let server: MongoServer
  let connections: [Connection, Connection]
  let schema: Schema
  let one: BlobStore
  let other: BlobStore
  /** Of the other one's clock, ms. */
  let ahead: number

  beforeAll(async () => {
    server = await startMongo()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    const url = server.urlOf(`blobs-${randomUUID().slice(0, 8)}`)
    connections = [await connect({ url }), await connect({ url })]
    await makeIndexes(connections[0].db)
    schema = schemaOf(connections[0].db)
    ahead = 0
    const names = namesOf('one')
    one = createBlobs(connections[0], schema, names, Date.now)
    other = createBlobs(connections[1], schemaOf(connections[1].db), names, () => Date.now() + ahead)
    return async () => {
      await connections[0].db.dropDatabase()
      for (const connection of connections) await connection.close()
    }
  })

  /** Every file that is there is one that a blob names, and there is no chunk of another. */
  async function mustBeTidy(): Promise<void> {
    const named = (await schema.blob.find().toArray()).map(({ file }) => file.toHexString())
    const files = (await schema['content.files'].find().toArray()).map(({ _id }) => _id.toHexString())
    const chunks = await schema['content.chunks'].distinct('files_id')
    expect(files.sort()).toEqual(named.sort())
    expect(files).toEqual(expect.arrayContaining(chunks.map((id) => id.toHexString())))
    expect(await schema.loose.countDocuments()).toBe(0)
  }

  test('a range may begin and end in any chunk', async () => {
    const content = randomBytes(2 * CHUNK + 1_000)
    const { sha2, size } = await one.put(pieces(content.subarray(0, 999), content.subarray(999)))
    expect(size).toBe(content.length)
    expect(await bytesOf(one, sha2)).toEqual(content)
    for (const [start, end] of [
      [0, CHUNK - 1],
      [CHUNK, CHUNK],
      [CHUNK - 1, CHUNK],
      [5, 2 * CHUNK],
      [2 * CHUNK, size - 1],
    ] as [number, number][])
      expect(await bytesOf(other, sha2, { start, end })).toEqual(content.subarray(start, end + 1))
  })

  test('what was put, held and collected at once by two is either held and whole, or gone', async () => {
    for (let round = 0; round < 15; round++) {
      const text = `round ${round}`
      const { sha2 } = await one.put(pieces(text))
      const [held, , put] = await Promise.all([
        one.hold('owner', [sha2]),
        other.collect(later()),
        round % 2 === 0 ? other.put(pieces(text)) : null,
        one.collect(later()),
      ])
      if (held) {
        expect((await bytesOf(other, sha2)).toString()).toBe(text)
        expect(await other.collect(later())).toBe(0)
        expect(await one.size(sha2)).toBe(text.length)
      } else if (!put) expect(await one.size(sha2)).toBeNull()
      await one.hold('owner', [])
      await one.collect(later())
      await mustBeTidy()
    }
  })

  test('a statement takes a blob into use at the very moment of its collection: either, never both', async () => {
    const names = namesOf('one')
    for (let round = 0; round < 15; round++) {
      const { sha2 } = await one.put(pieces(`attached ${round}`))
      const _id = names.of(sha2)
      // As statement-unit.ts does it.
      const attach = connections[0].transact(async (session) => {
        const there = await schema.blob.findOne({ _id }, { session })
        if (!there) return false
        await schema.statement.insertOne({ _id: names.at(round + 1), blobs: [_id] } as never, { session })
        await schema.blob.updateMany({ _id: { $in: [_id] } }, putToUse(Date.now()), { session })
        return true
      })
      const [attached] = await Promise.all([attach, other.collect(later())])
      expect((await one.size(sha2)) !== null).toBe(attached)
      if (attached) expect(await other.collect(later())).toBe(0)
    }
  })

  test('many who put the same at once keep it once', async () => {
    const content = randomBytes(CHUNK + 7)
    const puts = await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? one : other).put(pieces(content))),
    )
    expect(new Set(puts.map(({ sha2 }) => sha2)).size).toBe(1)
    expect(await bytesOf(one, puts[0]!.sha2)).toEqual(content)
    await mustBeTidy()
  })

  test('an upload that was cut off keeps nobody from putting the same, and is collected after a day', async () => {
    const content = randomBytes(3 * CHUNK)
    const gate = Promise.withResolvers<void>()
    const cut = one.put(
      (async function* () {
        yield content.subarray(0, 2 * CHUNK)
        gate.resolve()
        await new Promise(() => {})
      })(),
    )
    cut.catch(() => {})
    await gate.promise
    const { sha2 } = await other.put(pieces(content))
    ahead = DAY - 60_000
    await other.collect(0)
    expect(await schema.loose.countDocuments()).toBe(1)
    expect((await schema['content.chunks'].distinct('files_id')).length).toBe(2)
    ahead = DAY + 60_000
    await one.collect(0)
    expect(await schema.loose.countDocuments()).toBe(1)
    await other.collect(0)
    await mustBeTidy()
    expect(await bytesOf(one, sha2)).toEqual(content)
  })

  test('an upload that ends after it was given up is refused, and nothing of it stays', async () => {
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const putting = one.put(
      (async function* () {
        yield randomBytes(CHUNK + 1)
        begun.resolve()
        await gate.promise
        yield Buffer.from('late')
      })(),
    )
    await begun.promise
    await expect.poll(() => schema['content.chunks'].countDocuments()).toBe(1)
    ahead = DAY + 60_000
    await other.collect(0)
    gate.resolve()
    await expect(putting).rejects.toBeInstanceOf(StorageUnavailable)
    expect(await schema.blob.countDocuments()).toBe(0)
    await mustBeTidy()
  })

  test('one whose source breaks off leaves nothing', async () => {
    const breaking = async function* () {
      yield randomBytes(2 * CHUNK)
      throw new Error('the client went away')
    }
    await expect(one.put(breaking())).rejects.toThrow('the client went away')
    await mustBeTidy()
  })

  test('a removal that was cut off is done by the next collection', async () => {
    const { sha2 } = await one.put(pieces('soon gone'))
    const blob = (await schema.blob.findOne())!
    await schema.blob.deleteOne({ _id: blob._id })
    await schema.loose.insertOne({
      _id: namesOf('one').of(blob.file.toHexString()),
      file: blob.file,
      since: 0,
    })
    expect(await one.size(sha2)).toBeNull()
    await other.collect(0)
    await mustBeTidy()
  })

  test.each(['content.files', 'content.chunks'] as const)(
    'a blob that lost its %s says so, and is whole again when it is put again',
    async (lost) => {
      const content = randomBytes(2 * CHUNK)
      const { sha2 } = await one.put(pieces(content))
      if (lost === 'content.files') await schema[lost].deleteOne({})
      else await schema[lost].deleteOne({ n: 1 })
      await expect(bytesOf(one, sha2)).rejects.toBeInstanceOf(StorageUnavailable)
      await other.put(pieces(content))
      expect(await bytesOf(one, sha2)).toEqual(content)
      await other.collect(0)
      await mustBeTidy()
    },
  )
})
