import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnMongo } from '../../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../../tests/support/mongo-server.ts'
import { type Connection, connect } from '../connect.ts'
import { namesOf } from '../names.ts'
import { type Schema, schemaOf } from '../schema.ts'
import { pagesOf, spansOf } from './pages.ts'
import { tenantsOf } from './tenants-of.ts'

describeOnMongo('pages of what a tenant has on MongoDB', {}, () => {
  const names = namesOf('one')
  const ids = Array.from({ length: 1_203 }, (_, i) => names.at(i + 1))
  let server: MongoServer
  let connection: Connection
  let schema: Schema
  beforeAll(async () => {
    server = await startMongo()
    connection = await connect({ url: server.urlOf(`pages-${randomUUID().slice(0, 8)}`) })
    schema = schemaOf(connection.db)
    const neighbours = ['on', 'one-', 'one0', 'two'].map((tenant) => namesOf(tenant).at(1))
    await schema.name.insertMany([...ids, ...neighbours].map((_id) => ({ _id })))
  })
  afterAll(async () => {
    await connection.db.dropDatabase()
    await connection.close()
    await server.stop()
  })

  test('hold everything once and in order, and nothing of another; what comes meanwhile is not waited for', async () => {
    const pages: string[][] = []
    for await (const page of pagesOf(connection, schema.name, names)) {
      pages.push(page)
      await schema.name.insertOne({ _id: names.at(5_000 + pages.length) })
    }
    expect(pages.flat()).toEqual(ids)
    expect(Math.max(...pages.map(({ length }) => length))).toBeLessThan(ids.length)
    await schema.name.deleteMany({ _id: { $gt: ids.at(-1)!, $lt: names.within().$lt } })
  })

  test('spans hold as many as they are asked for, each once', async () => {
    const counts: number[] = []
    for await (const _id of spansOf(connection, schema.name, names, undefined, 500))
      counts.push(await schema.name.countDocuments({ _id }))
    expect(counts).toEqual([500, 500, 203])
    const behind: number[] = []
    for await (const _id of spansOf(connection, schema.name, names, ids[999]!, 500))
      behind.push(await schema.name.countDocuments({ _id }))
    expect(behind).toEqual([203])
  })

  test('every tenant that has something is known', async () => {
    expect(await tenantsOf({ connection, schema })).toEqual(['on', 'one', 'one-', 'one0', 'two'])
  })
})
