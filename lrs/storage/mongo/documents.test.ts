import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import type { DocumentStore, Precondition, Storage } from '../port.ts'
import { openMongo } from './index.ts'

describeOnMongo('documents over several processes', { timeout: 60_000 }, documentsOverProcesses)

function documentsOverProcesses(): void {
  let server: MongoServer
  let url: string
  let stores: Storage[]
  let tenants = 0
  const state = { kind: 'state', source: 'lms', activity: 'act', agent: 'mbox:mailto:a@b.vn' } as const
  const any: Precondition = { kind: 'any' }
  const documentOf = (etag: string) => ({ content: Buffer.from(etag), contentType: 'text/plain', etag })

  beforeAll(async () => {
    server = await startMongo()
    url = server.urlOf(`documents-${process.pid}`)
    stores = [await openMongo({ url }), await openMongo({ url })]
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    const client = new MongoClient(url)
    await client.db().dropDatabase()
    await client.close()
    await server.stop()
  })
  function freshTenant(): [DocumentStore, DocumentStore] {
    const id = `tenant-${++tenants}`
    const [one, other] = stores.map((store) => store.tenant(id).documents)
    return [one!, other!]
  }

  test('of many that make a document at once, one does, and without a precondition all', async () => {
    const both = freshTenant()
    const put = (i: number, precondition: Precondition) =>
      both[i % 2]!.put({ ...state, id: precondition.kind }, documentOf(`e${i}`), precondition)
    const numbers = Array.from({ length: 20 }, (_, i) => i)
    const made = await Promise.all(numbers.map((i) => put(i, { kind: 'absent' })))
    expect(made.filter(({ ok }) => ok)).toHaveLength(1)
    const current = (await both[0].get({ ...state, id: 'absent' }))!.etag
    expect(made.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 19 }, () => ({ ok: false, current })))
    const all = await Promise.all(numbers.map((i) => put(i, any)))
    expect(all.filter(({ ok }) => ok)).toHaveLength(20)
  })

  test('a list is in the order of registration and id by character, whatever is in them', async () => {
    const [documents] = freshTenant()
    const texts = ['a', 'a b', 'a!', 'aa', '"', '\\', '\u0001', 'é', '\uffff', '😀', ',"']
    const expected = texts.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    for (const id of texts) await documents.put({ ...state, id }, documentOf(id), any)
    for (const registration of texts)
      await documents.put({ ...state, registration, id: registration }, documentOf(registration), any)
    const ids = (await documents.list(state)).map(({ id }) => id)
    expect(ids).toEqual([...expected, ...expected])
    expect(await documents.list({ ...state, registration: '"' })).toHaveLength(1)
    expect(await documents.clear({ ...state, registration: null })).toBe(texts.length)
  })

  test('a large document is kept', async () => {
    const [documents] = freshTenant()
    const content = Buffer.alloc(8_000_000, 'é')
    await documents.put({ ...state, id: 'large' }, { ...documentOf('large'), content }, any)
    expect(Buffer.compare((await documents.get({ ...state, id: 'large' }))!.content, content)).toBe(0)
  })

  test('an agent of many documents is re-keyed in several steps', async () => {
    const [documents] = freshTenant()
    const to = 'mbox:mailto:new@b.vn'
    const key = (i: number) => ({ ...state, id: String(i) })
    for (let from = 0; from < 620; from += 62) {
      const some = Array.from({ length: 62 }, (_, i) => from + i)
      await Promise.all(some.map((i) => documents.put(key(i), documentOf(`e${i}`), any)))
    }
    const { updated } = (await documents.get(key(7)))!
    await documents.put({ ...key(3), agent: to }, documentOf('stays'), any)
    expect(await documents.rekeyAgent(state.agent, to)).toBe(619)
    expect(await documents.list(state)).toEqual([])
    expect(await documents.list({ ...state, agent: to })).toHaveLength(620)
    expect((await documents.get({ ...key(3), agent: to }))!.etag).toBe('stays')
    expect(await documents.get({ ...key(7), agent: to })).toMatchObject({ etag: 'e7', updated })
    expect(await documents.rekeyAgent(to, state.agent)).toBe(620)
  })
}
