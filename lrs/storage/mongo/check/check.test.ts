import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Binary } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { idOf, recordOf, voidOf } from '../../../../tests/contract/support/records.ts'
import { describeOnMongo } from '../../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../../tests/support/mongo-server.ts'
import { defineCollection } from '../../collections.ts'
import type { Finding, Storage } from '../../port.ts'
import { type Connection, connect } from '../connect.ts'
import { openMongo } from '../index.ts'
import { namesOf, SYSTEM } from '../names.ts'
import { type Schema, schemaOf } from '../schema.ts'

const THINGS = defineCollection<{ n: number; words: string[] }>('things', { byN: ['n'], byWord: ['words'] })
const names = namesOf('one')
const nameOf = (id: string | number) => names.of(idOf(id))

describeOnMongo('check and mend on MongoDB', { timeout: 60_000 }, () => {
  let server: MongoServer
  let storage: Storage
  let connection: Connection
  let schema: Schema
  beforeAll(async () => {
    server = await startMongo()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    const url = server.urlOf(`check-${randomUUID().slice(0, 8)}`)
    storage = await openMongo({ url })
    connection = await connect({ url })
    schema = schemaOf(connection.db)
    await fill()
  })
  afterEach(async () => {
    await storage.close()
    await connection.db.dropDatabase()
    await connection.close()
  })

  async function fill(): Promise<void> {
    const { statements, blobs, collections } = storage.tenant('one')
    const { sha2 } = await blobs.put([Buffer.from('an attachment')] as never)
    const lesson = await blobs.put([Buffer.from('a lesson')] as never)
    await blobs.hold('lesson', [lesson.sha2])
    await statements.write([
      recordOf('a', {
        keys: ['verb:done', 'agent:1'],
        attachments: [sha2],
        names: [{ agent: '1', name: 'An' }],
      }),
      recordOf('b', { keys: ['verb:done'], refersTo: idOf('a') }),
      recordOf('c'),
      voidOf('v', 'c'),
      voidOf('early', 'not yet there'),
    ])
    for (let i = 0; i < 10; i++) await statements.write([recordOf(i)])
    await statements.purge([idOf(3), idOf(4)], 'law')
    await collections.put(THINGS, 'x', { n: 1, words: ['một', 'hai'] })
    await collections.put(THINGS, 'y', { n: 2, words: [] })
    await storage.system.put(THINGS, 'z', { n: 3, words: ['ba'] })
  }

  async function found(options = {}): Promise<Finding[]> {
    const all: Finding[] = []
    for await (const finding of storage.check(options)) all.push(finding)
    return all
  }

  test('finds nothing in a store that is well, purged and voided statements included', async () => {
    const told: number[][] = []
    expect(await found({ progress: (done: number, total: number) => told.push([done, total]) })).toEqual([])
    expect(told.at(-1)![0]).toBe(told.at(-1)![1])
    expect(await storage.mend()).toBe(0)
  })

  test('finds nothing while others write', async () => {
    let writing = true
    const writer = (async () => {
      const { statements, blobs, collections } = storage.tenant('one')
      for (let i = 0; writing; i++) {
        await collections.put(THINGS, 'x', { n: i, words: [`word ${i}`, `word ${i % 3}`] })
        if (i % 3 === 0) await collections.delete(THINGS, 'y')
        else await collections.put(THINGS, 'y', { n: i, words: [] }, { expires: Date.now() + 50 })
        const { sha2 } = await blobs.put([Buffer.from(`attachment ${i}`)] as never)
        await statements.write([
          recordOf(`w${i}`, { attachments: [sha2], names: [{ agent: '1', name: `An ${i}` }] }),
          recordOf(`r${i}`, { refersTo: idOf(`w${i + 1}`) }),
        ])
        await statements.write([voidOf(`wv${i}`, `w${i}`)])
        if (i % 5 === 0) await statements.purge([idOf(`w${i}`)], 'law')
        if (i % 7 === 0) await blobs.collect(Date.now() + 60_000)
      }
    })()
    try {
      for (let round = 0; round < 8; round++) expect(await found()).toEqual([])
    } finally {
      writing = false
      await writer
    }
  })

  test('a name that is put back behind an erasure is not told as missing', async () => {
    const name = (await schema.name.findOne({ _id: names.within() }))!
    await schema.name.deleteOne(name)
    const restored = setTimeout(300).then(() => schema.name.insertOne(name))
    expect(await found()).toEqual([])
    await restored
  })

  const damages: [string, string, () => Promise<unknown>][] = [
    ['id-missing', 'an id is free', () => schema.id.deleteOne({ _id: nameOf('a') })],
    [
      'id-missing',
      'an id has no place',
      () => schema.id.updateOne({ _id: nameOf(1) }, { $unset: { at: 1 } }),
    ],
    ['id-wrong', 'an id is elsewhere', () => schema.id.updateOne({ _id: nameOf(1) }, { $set: { at: 900 } })],
    [
      'id-wrong',
      'another fingerprint',
      () => schema.id.updateOne({ _id: nameOf(1) }, { $set: { fingerprint: '1:x' } }),
    ],
    ['id-wrong', 'another source', () => schema.id.updateOne({ _id: nameOf(1) }, { $set: { source: 'x' } })],
    [
      'id-wrong',
      'not what it refers to',
      () => schema.id.updateOne({ _id: nameOf('b') }, { $unset: { refersTo: true } }),
    ],
    ['id-wrong', 'taken by nothing', () => schema.id.insertOne({ _id: nameOf('nothing'), at: 9_000 })],
    [
      'void-wrong',
      'unmarked id',
      () => schema.id.updateOne({ _id: nameOf('c') }, { $unset: { voided: true } }),
    ],
    [
      'void-wrong',
      'unmarked statement',
      () => schema.statement.updateOne({ id: idOf('c') }, { $set: { voided: false } }),
    ],
    [
      'void-wrong',
      'unmarked both',
      async () => {
        await schema.id.updateOne({ _id: nameOf('c') }, { $unset: { voided: true } })
        await schema.statement.updateOne({ id: idOf('c') }, { $set: { voided: false } })
      },
    ],
    [
      'void-wrong',
      'one that waits unseen',
      () => schema.id.updateOne({ _id: nameOf('not yet there') }, { $unset: { waiting: true } }),
    ],
    [
      'reference-wrong',
      'a target that nothing knows of',
      async () => {
        await schema.id.updateOne({ _id: nameOf('a') }, { $unset: { target: true } })
        await schema.statement.updateOne({ id: idOf('a') }, { $unset: { target: true } })
      },
    ],
    [
      'reference-wrong',
      'an unmarked statement',
      () => schema.statement.updateOne({ id: idOf('a') }, { $unset: { target: true } }),
    ],
    [
      'reference-wrong',
      'one that is not among the referrers',
      () => schema.statement.updateOne({ id: idOf('b') }, { $unset: { referrer: true } }),
    ],
    [
      'reference-wrong',
      'a target to come that is not expected',
      () => schema.id.deleteOne({ _id: nameOf('not yet there') }),
    ],
    [
      'reference-wrong',
      'no reference known of',
      () => schema.gate.updateOne({ _id: 'one' }, { $unset: { references: true } }),
    ],
    ['term-wrong', 'no terms', () => schema.statement.updateOne({ id: idOf('a') }, { $set: { terms: [] } })],
    ['term-wrong', 'one more', () => schema.statement.updateOne({ id: idOf('a') }, { $push: { terms: 7 } })],
    ['name-missing', 'no name', () => schema.name.deleteMany({})],
    [
      'name-extra',
      'a forgotten name',
      () => schema.name.insertOne({ _id: names.of('#name:["1","lms","Bình"]') }),
    ],
    ['moment-missing', 'no moments', () => schema.moment.deleteMany({ fresh: { $gt: 0 } })],
    ['moment-missing', 'a short one', () => schema.moment.updateMany({ fresh: 5 }, { $set: { last: 1 } })],
    ['moment-missing', 'another time', () => schema.moment.updateMany({ fresh: 5 }, { $set: { stored: 5 } })],
    ['moment-missing', 'one shut', () => schema.moment.updateMany({ fresh: 5 }, { $set: { shut: true } })],
    [
      'attachment-wrong',
      'not kept',
      () => schema.statement.updateOne({ id: idOf('a') }, { $unset: { blobs: true } }),
    ],
    [
      'attachment-wrong',
      'one more kept',
      () => schema.statement.updateOne({ id: idOf('b') }, { $set: { blobs: ['x'] } }),
    ],
    [
      'count-wrong',
      'a wrong number',
      () => schema.gate.updateOne({ _id: 'one' }, { $set: { statements: 7 } }),
    ],
    ['index-missing', 'no index', () => schema.statement.dropIndex('by-term')],
    [
      'index-missing',
      'another index',
      async () => {
        await schema.hold.dropIndex('by-blob')
        await schema.hold.createIndex({ other: 1 } as never, { name: 'by-blob' })
      },
    ],
    [
      'document-index-missing',
      'no entry',
      () => schema.entry.deleteOne({ _id: names.within('things'), key: 'y' }),
    ],
    ['document-index-missing', 'no entries', () => schema.entry.deleteMany({ _id: names.within('things') })],
    [
      'document-index-missing',
      'a document knows of none',
      async () => {
        await schema.entry.deleteMany({ _id: names.within('things'), key: 'x' })
        await schema.doc.updateOne({ _id: names.of('things\u0000x') }, { $unset: { entries: true } })
      },
    ],
    [
      'document-index-missing',
      'an entry that expires before its document',
      () => schema.entry.updateMany({ key: 'x' }, { $set: { expires: new Date(Date.now() + 3_600_000) } }),
    ],
    [
      'document-index-extra',
      'an entry of no document',
      async () => {
        const entry = (await schema.entry.findOne({ _id: names.within('things'), key: 'y' }))!
        await schema.entry.insertOne({ _id: entry._id.replace(/y$/, 'gone'), key: 'gone' })
      },
    ],
    [
      'document-index-extra',
      'an entry that its document does not have',
      async () => {
        const entry = (await schema.entry.findOne({ _id: names.within('things'), key: 'y' }))!
        await schema.entry.insertOne({ _id: entry._id.replace(/y$/, 'x'), key: 'x' })
      },
    ],
    ['file-unknown', 'a file of nobody', () => schema.blob.deleteOne({ size: 8 })],
  ]
  test.each(damages)('%s is named and mended: %s', async (kind, _what, damage) => {
    await damage()
    const named = await found()
    expect(named.map((one) => one.kind)).toContain(kind)
    const mendable = named.filter(({ kind }) => kind !== 'blob-unknown')
    for (const { what, mend, tenant } of mendable) {
      expect(tenant).toBe(kind === 'index-missing' ? null : 'one')
      expect(what).toMatch(/\.$/)
      expect(mend).toBe('Run: suotdoi rebuild indexes')
    }
    expect(await storage.mend()).toBeGreaterThan(0)
    expect((await found()).filter(({ kind }) => kind !== 'blob-unknown')).toEqual([])
    const { statements, agents, blobs, collections } = storage.tenant('one')
    const page = await statements.query({ keys: ['agent:1'], ascending: true, limit: 9, maxBytes: 1e6 })
    expect(page.statements.map(({ id }) => id)).toEqual([idOf('a'), idOf('b')])
    expect((await statements.get(idOf('c')))?.voided).toBe(true)
    expect(await statements.count()).toBe(13)
    expect(await agents.names('1')).toEqual([{ name: 'An', source: 'lms' }])
    const times = (await statements.inspect(0, 99)).map(({ statement }) => statement.stored)
    const since = await statements.query({
      keys: [],
      since: times[4]!,
      ascending: true,
      limit: 99,
      maxBytes: 1e6,
    })
    expect(since.statements).toHaveLength(8)
    const byN = await collections.find(THINGS, { index: 'byN', limit: 9 })
    expect(byN.docs.map(({ key }) => key)).toEqual(['x', 'y'])
    expect(await collections.count(THINGS, { index: 'byWord', equals: { words: 'hai' } })).toBe(1)
    await blobs.collect(Date.now() + 60_000)
    expect(await blobs.size((await statements.get(idOf('a')))?.attachments[0] ?? '')).toBe(13)
    await statements.write([recordOf('not yet there')])
    expect((await statements.get(idOf('not yet there')))?.voided).toBe(true)
    expect(await statements.write([recordOf('nothing')])).toMatchObject({ fresh: 1 })
    expect((await found()).filter(({ kind }) => kind !== 'blob-unknown')).toEqual([])
  })

  test.each<[string, string, () => Promise<unknown>]>([
    ['feed-hole', 'a statement is lost', () => schema.statement.deleteOne({ id: idOf(2) })],
    ['feed-hole', 'a void is lost', () => schema.event.deleteOne({ kind: 'voided' })],
    [
      'position-wrong',
      'a position is given twice',
      () => schema.gate.updateOne({ _id: 'one' }, { $set: { position: 3 } }),
    ],
    ['blob-unknown', 'blobs are lost', () => schema.blob.deleteMany({})],
    ['blob-missing', 'content is lost', () => schema['content.chunks'].deleteMany({})],
    ['blob-missing', 'a file is lost', () => schema['content.files'].deleteMany({})],
    [
      'statement-twice',
      'a statement is there twice',
      async () => {
        const { _id, ...one } = (await schema.statement.findOne({ id: idOf(1) }))!
        await schema.statement.insertOne({ ...one, _id: names.at(16) })
      },
    ],
  ])('%s is named, with what to do instead of mending: %s', async (kind, _what, damage) => {
    await damage()
    const finding = (await found()).find((one) => one.kind === kind)
    expect(finding?.mend).toMatch(/backup/)
    await storage.mend()
    expect((await found()).map((one) => one.kind)).toContain(kind)
  })

  test('a blob with another byte is told, unless it is to be quick, and is whole again when it is sent again', async () => {
    const chunk = (await schema['content.chunks'].findOne())!
    const data = Buffer.from((chunk.data as unknown as Binary).buffer)
    data[0]! ^= 1
    await schema['content.chunks'].updateOne({ _id: chunk._id }, { $set: { data } })
    expect(await found({ quick: true })).toEqual([])
    const [finding, ...others] = await found()
    expect(others).toEqual([])
    expect(finding).toMatchObject({ kind: 'blob-changed', tenant: 'one' })
    expect(finding?.what).toContain(chunk.files_id.toHexString())
    await schema['content.files'].deleteOne({ _id: chunk.files_id })
    for (const text of ['an attachment', 'a lesson'])
      await storage.tenant('one').blobs.put([Buffer.from(text)] as never)
    expect(await found()).toEqual([])
  })

  test('what the system keeps is looked through and mended too', async () => {
    await schema.entry.deleteMany({ _id: namesOf(SYSTEM).within() })
    const named = await found()
    expect(named).toMatchObject([
      { kind: 'document-index-missing', tenant: null },
      { kind: 'document-index-missing', tenant: null },
    ])
    expect(await storage.mend()).toBeGreaterThan(0)
    expect(await found()).toEqual([])
  })

  test('what one tenant has is not taken for another’s', async () => {
    const { statements } = storage.tenant('another')
    await statements.write([recordOf('a', { refersTo: idOf('b') })])
    await schema.id.deleteOne({ _id: namesOf('another').of(idOf('a')) })
    expect(await found()).toMatchObject([{ kind: 'id-missing', tenant: 'another' }])
    expect(await storage.mend()).toBe(1)
    expect(await found()).toEqual([])
  })
})
