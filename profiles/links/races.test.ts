import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StatementStore } from '../../lrs/storage/port.ts'
import { openWorlds, PAPER, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { FACTS, isFact } from '../projection/documents.ts'

const AGENT = keyOf('moodle-7')
const HOW = { how: 'operator', proof: PAPER, by: 'op', reason: 'test' } as const

let worlds: Awaited<ReturnType<typeof openWorlds>>
let world: Omit<World, 'close'>
/** What happens between a fold-in's reading of the history and its writing. */
let meanwhile: (() => Promise<unknown>) | null
let lan: string
let quang: string

beforeEach(async () => {
  worlds = await openWorlds()
  meanwhile = null
  world = await worlds.next((store) => ({
    ...store,
    statements: { ...store.statements, query: (query) => interrupted(store.statements, query) },
  }))
  lan = await world.person('lan@example.org')
  quang = await world.person('quang@example.org')
})
afterEach(() => worlds.close())

async function interrupted(statements: StatementStore, query: Parameters<StatementStore['query']>[0]) {
  const page = await statements.query(query)
  const happens = meanwhile
  meanwhile = null
  await happens?.()
  return page
}

const count = (person: string) => world.profiles.transcript.count(person)
const facts = async () =>
  (await world.store.collections.scan(FACTS, { limit: 100 })).docs.filter(({ value }) => isFact(value))
const link = async (person: string, agent = AGENT) => {
  await world.profiles.links.link({ agent, person, ...HOW })
  await world.profiles.settled()
}

test('a statement that is voided while its history is being folded in stays off the record', async () => {
  const [id] = await world.tell({ who: 'moodle-7' })
  await world.catchUp()
  meanwhile = async () => {
    await world.tell({ who: 'teacher', verb: 'voided', object: { objectType: 'StatementRef', id } })
    await world.catchUp()
  }
  await link(lan)
  expect(await facts()).toEqual([])
  expect(await count(lan)).toBe(0)
})

test('a statement that is erased while its history is being folded in stays off the record', async () => {
  const [id] = await world.tell({ who: 'moodle-7' })
  await world.catchUp()
  meanwhile = async () => {
    await world.store.statements.purge([id!], 'law')
    await world.catchUp()
  }
  await link(lan)
  expect(await facts()).toEqual([])
})

test('a statement that changes hands while its history is being folded in stays where it went', async () => {
  await link(quang, keyOf('quang'))
  const [id] = await world.tell({ who: 'moodle-7' })
  await world.catchUp()
  meanwhile = async () => {
    const stored = (await world.store.statements.get(id!))!
    const text = stored.text.replace('"name":"moodle-7"', '"name":"quang"')
    const change = { id: id!, expected: stored.fingerprint, text, fingerprint: `1:${text}` }
    const keys = [`actor:${keyOf('quang')}`]
    await world.store.statements.rewrite([{ ...change, keys, attachments: [], names: [] }], 'law')
    await world.catchUp()
  }
  await link(lan)
  expect(await count(lan)).toBe(0)
  expect(await count(quang)).toBe(1)
})

test('an account that is unlinked while its history is being folded in leaves nothing behind', async () => {
  await world.tell({ who: 'moodle-7' })
  await world.catchUp()
  meanwhile = () => world.profiles.links.unlink({ agent: AGENT, by: 'op', reason: 'mistake' })
  await link(lan)
  expect(await facts()).toEqual([])
  expect(await world.profiles.links.personOf(AGENT)).toBeNull()
})

test('what the consumer computed for a link that has ended since is not written', async () => {
  await link(lan)
  await world.tell({ who: 'moodle-7' })
  const operations = await world.profiles.consumer.apply(await world.store.feed.read(0, 200))
  await world.profiles.links.unlink({ agent: AGENT, by: 'op', reason: 'mistake' })
  expect((await world.store.collections.batch(operations)).ok).toBe(false)
  await world.catchUp()
  expect(await facts()).toEqual([])
})

test('what the consumer leaves out for want of a link comes with the link, also with one that is made meanwhile', async () => {
  await world.tell({ who: 'moodle-7' })
  const operations = await world.profiles.consumer.apply(await world.store.feed.read(0, 200))
  expect(operations).toEqual([])
  await link(lan)
  expect(await count(lan)).toBe(1)
  await world.catchUp()
  expect(await count(lan)).toBe(1)
})

test('what the consumer computed for a line that has grown since is not written over it', async () => {
  const registration = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
  await link(lan)
  await world.tell({ who: 'other', registration })
  await world.catchUp()
  await world.tell({ who: 'moodle-7', registration })
  await world.tell({ who: 'moodle-7', registration, verb: 'answered' })
  const operations = await world.profiles.consumer.apply(await world.store.feed.read(1, 1))
  await link(lan, keyOf('other'))
  expect((await world.store.collections.batch(operations)).ok).toBe(false)
  await world.catchUp()
  const { lines } = await world.profiles.transcript.lines(lan, { limit: 10 })
  expect(lines).toMatchObject([{ statementCount: 3 }])
})

test('nothing joins a record under a link that has ended while its history is still there', async () => {
  await world.tell({ who: 'moodle-7', activity: 'before' })
  await world.catchUp()
  await link(lan)
  let writes = 0
  const dying = await world.again({
    ...world.store.collections,
    async batch(operations) {
      if (++writes > 1) throw new Error('killed')
      return world.store.collections.batch(operations)
    },
  })
  await dying.links.unlink({ agent: AGENT, by: 'op', reason: 'mistake' })
  await expect(dying.settled()).rejects.toThrow('killed')
  await world.tell({ who: 'moodle-7' })
  await world.catchUp()
  expect(await facts()).toHaveLength(1)
  await world.profiles.resume()
  await world.profiles.settled()
  expect(await facts()).toEqual([])
})
