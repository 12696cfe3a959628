import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import { type Connection, connect } from './connect.ts'
import { openMongo } from './index.ts'
import { indexStates, makeIndexes } from './indexes.ts'
import { INDEXES, schemaOf } from './schema.ts'

describeOnMongo('indexes on MongoDB', {}, () => {
  let server: MongoServer
  let connection: Connection
  beforeAll(async () => {
    server = await startMongo()
    connection = await connect({ url: server.urlOf(`indexes-${randomUUID().slice(0, 8)}`) })
  })
  afterAll(async () => {
    await connection.close()
    await server.stop()
  })
  const different = async () => (await indexStates(connection.db)).filter(({ state }) => state !== 'there')

  test('every declared one is made, once, and those that are missing or another are told', async () => {
    const { db } = connection
    const declared = Object.values(INDEXES).flat().length
    expect(await different()).toHaveLength(declared)
    await makeIndexes(db)
    expect(await different()).toEqual([])
    await makeIndexes(db)

    await db.collection('statement').insertOne({ terms: [1] })
    await db.collection('statement').dropIndex('by-term')
    await db.collection('hold').dropIndex('by-blob')
    await db.collection('hold').createIndex({ other: 1 }, { name: 'by-blob' })
    expect(await different()).toEqual([
      { collection: 'statement', index: 'by-term', state: 'missing' },
      { collection: 'hold', index: 'by-blob', state: 'other' },
    ])
    // Not waited for where documents are, and never instead of another.
    await makeIndexes(db)
    await expect.poll(different).toEqual([{ collection: 'hold', index: 'by-blob', state: 'other' }])
  })

  test('a database that a newer version has written is not opened', async () => {
    const url = server.urlOf(`format-${randomUUID().slice(0, 8)}`)
    await (await openMongo({ url })).close()
    await (await openMongo({ url })).close()
    const other = await connect({ url })
    await schemaOf(other.db).format.updateOne({}, { $set: { number: 99 } })
    await other.close()
    await expect(openMongo({ url })).rejects.toThrow('newer version (format 99')
  })

  test('a page that needs one which is still being built is unavailable, not wrong', async () => {
    const find = () => connection.db.collection('statement').find({ x: 1 }).hint('not-there').toArray()
    await expect(connection.ask(find)).rejects.toMatchObject({ name: 'StorageUnavailable' })
  })
})
