import { expect, test } from 'vitest'
import { StorageUnavailable } from '../port.ts'
import { createDatabase } from './database.ts'
import type { Group, GroupReply } from './threads/messages.ts'
import type { Thread } from './threads/thread.ts'

/** A writer whose commits end when the test says so. */
function heldWriter() {
  const groups: { group: Group; answer: (reply: Partial<GroupReply>) => void }[] = []
  const thread: Thread = {
    waiting: 0,
    call: async () => null,
    async callAtOnce(body) {
      if (!('group' in body)) throw new Error('only groups')
      const { group } = body
      const measured = { fresh: 0, ms: 1, syncMs: 1 }
      const rest = { statements: 0, measured, logDue: false, failure: null }
      if (group.jobs.length === 0) return { results: [], position: 0, stored: 500, ...rest }
      const { promise, resolve } = Promise.withResolvers<unknown>()
      const results = group.jobs.map(() => ({ ok: true as const, value: group.stamp }))
      groups.push({
        group,
        answer: (reply) =>
          resolve({ results, position: groups.length, stored: group.stamp, ...rest, ...reply }),
      })
      return promise
    },
    close: async () => {},
  }
  const next = async (count: number) => {
    await expect.poll(() => groups.length, { interval: 1 }).toBe(count)
    return groups[count - 1]!
  }
  return { thread, next }
}

function setUp(clock = () => 1_000) {
  const { thread, next } = heldWriter()
  const place = { path: 'x.db', kind: 'tenant' as const, blobs: '' }
  const database = createDatabase(
    place,
    thread,
    { least: () => thread, read: async () => null, close: async () => {} },
    clock,
  )
  const write = () => database.write('documents.rekey', { from: 'a', to: 'b' })
  return { database, write, next }
}

test('calls that come while a commit is under way share the next one', async () => {
  const { write, next } = setUp()
  const first = write()
  const one = await next(1)
  const rest = [write(), write(), write()]
  expect(one.group.jobs).toHaveLength(1)
  one.answer({})
  const two = await next(2)
  expect(two.group.jobs).toHaveLength(3)
  expect(two.group.stamp).toBeGreaterThan(one.group.stamp)
  two.answer({})
  expect(await Promise.all([first, ...rest])).toEqual([one, two, two, two].map(({ group }) => group.stamp))
})

test('the watermark stays below a commit under way, until something of it was shown', async () => {
  const { database, write, next } = setUp()
  expect(await database.watermark()).toBe(999)
  const writing = write()
  const { group, answer } = await next(1)
  expect(group.stamp).toBe(1_000)
  expect(await database.watermark()).toBe(999)
  // A reader saw the commit before the writer's answer came.
  database.shown(group.stamp)
  expect(await database.watermark()).toBe(1_000)
  answer({})
  await writing
})

test('a large batch gets the time of its likely end, the watermark goes on with the clock until there, and what others write waits for it alone', async () => {
  let now = 1_000
  const { database, write, next } = setUp(() => now)
  const writing = database.write('statements.writeSpooled', { path: '', groups: [], count: 10_000 })
  const batch = await next(1)
  const { stamp } = batch.group
  expect(stamp).toBeGreaterThan(1_100)
  const others = [write(), write()]
  for (now = 1_000; now <= stamp; now += 50) expect(await database.watermark()).toBe(now - 1)
  now = stamp + 500
  expect(await database.watermark()).toBe(stamp - 1)
  // The clock is set back, and the watermark is not.
  now = 900
  expect(await database.watermark()).toBe(stamp - 1)
  batch.answer({})
  await writing
  const { group, answer } = await next(2)
  expect(group.jobs).toHaveLength(2)
  expect(group.stamp).toBe(stamp + 1)
  answer({})
  await Promise.all(others)
})

test('where the disk is quick, many calls go to the writer while it commits, two commits at once; the watermark stays below the first of them', async () => {
  let now = 1_000
  const { database, write, next } = setUp(() => now)
  const quick = { measured: { fresh: 1, ms: 3, syncMs: 1 } }
  const calls = [write()]
  ;(await next(1)).answer(quick)
  await calls[0]

  calls.push(write())
  const first = await next(2)
  for (let call = 0; call < 20; call++) calls.push(write())
  const second = await next(3)
  expect([first, second].map(({ group }) => group.jobs.length)).toEqual([1, 20])
  expect(second.group.stamp).toBeGreaterThan(first.group.stamp)
  for (let call = 0; call < 40; call++) calls.push(write())
  now = 2_000
  expect(await database.watermark()).toBe(first.group.stamp - 1)

  first.answer(quick)
  const third = await next(4)
  expect(third.group.jobs).toHaveLength(40)
  expect(await database.watermark()).toBe(second.group.stamp - 1)
  second.answer(quick)
  third.answer(quick)
  expect(new Set(await Promise.all(calls)).size).toBe(4)
  expect(await database.watermark()).toBe(third.group.stamp)
})

test('times go on behind what an earlier process gave out, whatever the clock says', async () => {
  const { database, write, next } = setUp(() => 100)
  expect(await database.watermark()).toBe(500)
  const writing = write()
  const { group, answer } = await next(1)
  expect(group.stamp).toBe(501)
  answer({})
  await writing
})

test('a commit that fails rejects all of its calls, and the next one is tried anew', async () => {
  const { write, next } = setUp()
  const lost = [write()]
  const first = await next(1)
  const failed = { ok: false as const, outage: true, message: 'disk I/O error', stack: undefined }
  first.answer({ results: [failed], failure: failed, position: 0, stored: 0 })
  await expect(lost[0]).rejects.toBeInstanceOf(StorageUnavailable)
  const again = write()
  const second = await next(2)
  second.answer({})
  expect(await again).toBeGreaterThan(first.group.stamp)
})

test('the end waits for calls under way and takes no more', async () => {
  const { database, write, next } = setUp()
  const writing = write()
  const { answer } = await next(1)
  let ended = false
  const ending = database.end().then(() => {
    ended = true
  })
  await expect(write()).rejects.toBeInstanceOf(StorageUnavailable)
  expect(ended).toBe(false)
  answer({})
  await writing
  await ending
  expect(ended).toBe(true)
})
