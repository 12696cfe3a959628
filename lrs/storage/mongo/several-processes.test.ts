import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everything, idOf, recordOf, voidOf } from '../../../tests/contract/support/records.ts'
import { things } from '../../../tests/contract/support/things.ts'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import type { FeedEntry, Storage } from '../port.ts'
import { connect } from './connect.ts'
import { type MongoOptions, openMongo } from './index.ts'
import { namesOf } from './names.ts'
import { schemaOf } from './schema.ts'
import { createTenant } from './tenant.ts'

const CHILD = fileURLToPath(new URL('./process.fixture.ts', import.meta.url))
describeOnMongo('several processes on one MongoDB', { timeout: 120_000 }, () => {
  let server: MongoServer
  const stores: Storage[] = []
  beforeAll(async () => {
    server = await startMongo()
  })
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await server.stop()
  })
  /** Stores on one new database, as so many processes would open it. */
  async function open(...options: Omit<MongoOptions, 'url'>[]) {
    const url = server.urlOf(`processes-${randomUUID().slice(0, 8)}`)
    const opened: Storage[] = []
    for (const one of options) opened.push(await openMongo({ url, ...one }))
    stores.push(...opened)
    return opened.map((store) => store.tenant('t'))
  }
  const idsOf = (...names: string[]) => names.map((name) => recordOf(name).id)
  const storedOf = (outcome: { ok: boolean; stored?: number }) => outcome.stored!

  test('order of commit is order of time and position, also where their clocks are an hour apart', async () => {
    const [one, other] = await open({ clock: () => Date.now() - 3_600_000 }, { clock: Date.now })
    const times: number[] = []
    for (let i = 0; i < 10; i++) {
      const { statements } = i % 2 ? one! : other!
      times.push(storedOf(await statements.write([recordOf(i)])))
    }
    for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]!)
    const { statements } = await one!.statements.query(everything)
    expect(statements.map(({ stored }) => stored)).toEqual(times)
  })

  test('what commits before an older write has ended is shown to nobody until then, and is passed over by no reader', async () => {
    const gate = createGate()
    const [slow, quick, reader] = await open({ beforeCommit: gate.pass }, {}, {})
    await quick!.statements.write([recordOf('before')])
    gate.close()
    const slowly = slow!.statements.write([recordOf('slow', { keys: ['verb:v'] })])
    await gate.reached()
    const outcome = await quick!.statements.write([recordOf('quick', { keys: ['verb:v'] })])
    expect(outcome).toMatchObject({ ok: true, fresh: 1 })

    const seen: FeedEntry[] = []
    const follow = async () => {
      seen.push(...(await reader!.feed.read(seen.at(-1)?.position ?? 0, 10)))
      return seen.length
    }
    // By id it is there at once, in lists and the feed not yet.
    expect(await reader!.statements.get(recordOf('quick').id)).not.toBeNull()
    expect(await follow()).toBe(1)
    expect((await reader!.statements.query({ ...everything, keys: ['verb:v'] })).statements).toEqual([])
    const told = await reader!.statements.watermark()
    expect(told).toBeLessThan(storedOf(outcome))
    gate.open()
    expect(storedOf(await slowly)).toBeGreaterThan(told)
    expect(storedOf(await slowly)).toBeLessThan(storedOf(outcome))
    await expect.poll(follow).toBe(3)
    expect(seen.map((entry) => entry.kind === 'stored' && entry.statement.id)).toEqual([
      recordOf('before').id,
      recordOf('slow').id,
      recordOf('quick').id,
    ])
  })

  for (const [first, second] of [
    ['target', 'void'],
    ['void', 'target'],
    ['target', 'reference'],
    ['reference', 'target'],
  ] as const) {
    test(`a ${first} and a ${second} of two processes, both under way before either is kept, end linked`, async () => {
      const gate = createGate()
      const [one, other] = await open({ beforeCommit: gate.pass }, {})
      const records = {
        target: recordOf('t', { keys: ['verb:t'] }),
        void: voidOf('v', 't'),
        reference: recordOf('r', { keys: [], refersTo: idOf('t') }),
      }
      // So many references that not all of them are gone through, and a void that waits already.
      await one!.statements.write([
        voidOf('w', 't', { source: 'another' }),
        ...Array.from({ length: 400 }, (_, i) => recordOf(`crowd ${i}`, { refersTo: idOf('absent') })),
      ])
      gate.close()
      const begun = one!.statements.write([records[first]])
      await gate.reached()
      const meanwhile = other!.statements.write([records[second]])
      await pause(150)
      gate.open()
      expect(await Promise.all([begun, meanwhile])).toMatchObject([{ ok: true }, { ok: true }])
      const { statements } = one!
      const isVoid = first === 'void' || second === 'void'
      expect((await statements.get(idOf('t')))!.voided).toBe(isVoid)
      const found = async () =>
        (await statements.query({ ...everything, keys: ['verb:t'], includeVoided: true })).statements
      await expect.poll(async () => (await found()).length).toBe(3)
    })
  }

  test('writers of different statements on one activity never run a transaction again, for their order or anything else', async () => {
    const url = server.urlOf(`processes-${randomUUID().slice(0, 8)}`)
    stores.push(await openMongo({ url }))
    const connections = [await connect({ url }), await connect({ url })]
    const tenants = connections.map((connection) =>
      createTenant({
        connection,
        schema: schemaOf(connection.db),
        names: namesOf('t'),
        clock: Date.now,
        tell() {},
        spool: tmpdir(),
        longestWrite: 20_000,
      }),
    )
    const write = (process: number, i: number) =>
      tenants[process]!.storage.statements.write([
        recordOf(`${process} ${i}`, { definitions: [{ activity: 'a', text: '{}' }] }),
      ])
    await write(0, 0)
    const before = connections.map(({ counts }) => counts.again)
    await Promise.all(
      [0, 1].flatMap((process) => Array.from({ length: 100 }, (_, i) => write(process, i + 1))),
    )
    expect(connections.map(({ counts }) => counts.again)).toEqual(before)
    await Promise.all(tenants.map((tenant) => tenant.end()))
    const { statements } = stores.at(-1)!.tenant('t')
    expect(await statements.count()).toBe(201)
    expect((await statements.query(everything)).statements).toHaveLength(201)
    await Promise.all(connections.map((connection) => connection.close()))
  })

  test('a list that is to be fresh holds what another process was shown, however short ago this one looked', async () => {
    const [one, other] = await open({}, {})
    for (let i = 0; i < 10; i++) {
      await one!.statements.write([recordOf(i)])
      const before = (await one!.feed.read(0, 100)).length
      await Promise.all([other!.statements.watermark(), one!.statements.write([recordOf(`${i} too`)])])
      const shown = await one!.feed.read(0, 100)
      expect(shown).toHaveLength(before + 1)
      const { statements } = await other!.statements.query({ ...everything, fresh: true })
      expect(statements).toHaveLength(shown.length)
    }
  })

  test('a process that waits for the feed is woken by what another one stores', async () => {
    const [one, other] = await open({}, {})
    let woken = 0
    const leave = other!.feed.onChange(() => woken++)
    // It takes its time to listen.
    let written = 0
    const write = async () => {
      await one!.statements.write([recordOf(written++)])
      return woken
    }
    await expect.poll(write, { interval: 200 }).toBeGreaterThan(0)
    await expect.poll(() => other!.feed.read(0, 1_000)).toHaveLength(written)
    leave()
  })

  /** Another process that is about to commit. */
  async function startChild(url: string, what: 'statement' | 'document') {
    const child = fork(CHILD, [url, what], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const messages: string[] = []
    child.on('message', (message) => messages.push(String(message)))
    const said = (word: string) => expect.poll(() => messages).toContain(word)
    await said('committing')
    return { child, said }
  }

  test('one that was killed before its commit holds the others up for seconds, and what it had begun never appears', async () => {
    const url = server.urlOf(`processes-${randomUUID().slice(0, 8)}`)
    const store = await openMongo({ url })
    stores.push(store)
    const { statements } = store.tenant('t')
    await statements.write([recordOf('before')])
    const { child } = await startChild(url, 'statement')
    child.kill('SIGKILL')
    await statements.write([recordOf('after')])
    const ids = async () => (await statements.query(everything)).statements.map(({ id }) => id)
    expect(await ids()).toEqual(idsOf('before'))
    await expect.poll(ids, { interval: 100 }).toEqual(idsOf('before', 'after'))
    const asked = Date.now()
    expect(asked - (await statements.watermark())).toBeLessThan(500)
    expect(await statements.get(recordOf('child').id)).toBeNull()
    expect(await statements.count()).toBe(2)
  })

  test('what one that was killed had locked is free for the others within seconds', async () => {
    const url = server.urlOf(`processes-${randomUUID().slice(0, 8)}`)
    const store = await openMongo({ url })
    stores.push(store)
    const { collections } = store.tenant('t')
    await collections.put(things, 'k', { n: 0 })
    const { child } = await startChild(url, 'document')
    child.kill('SIGKILL')
    const began = performance.now()
    const put = { op: 'put', collection: things, key: 'k', value: { n: 2 } } as const
    expect(await collections.batch([put])).toEqual({ ok: true })
    // By itself the server lets go of it after a minute.
    expect(performance.now() - began).toBeLessThan(30_000)
    expect((await collections.get(things, 'k'))!.value).toEqual({ n: 2 })
  })

  test('one that stood still for long finds itself shut out, and stores once and in order what it had begun', async () => {
    const url = server.urlOf(`processes-${randomUUID().slice(0, 8)}`)
    const store = await openMongo({ url })
    stores.push(store)
    const { statements, feed } = store.tenant('t')
    await statements.write([recordOf('before')])
    const { child, said } = await startChild(url, 'statement')
    child.kill('SIGSTOP')
    const outcome = await statements.write([recordOf('after')])
    const ids = async () => (await statements.query(everything)).statements.map(({ id }) => id)
    await expect.poll(ids, { interval: 100 }).toEqual(idsOf('before', 'after'))
    child.kill('SIGCONT')
    child.send('commit')
    await said('stored')
    await expect.poll(ids, { interval: 100 }).toEqual(idsOf('before', 'after', 'child'))
    expect((await statements.get(recordOf('child').id))!.stored).toBeGreaterThan(storedOf(outcome))
    expect(await feed.read(0, 10)).toHaveLength(3)
    expect(await statements.count()).toBe(3)
    child.kill()
  })
})

/** Holds commits up while it is closed. */
function createGate() {
  let reached = Promise.withResolvers<void>()
  let opened: PromiseWithResolvers<void> | null = null
  return {
    close() {
      reached = Promise.withResolvers()
      opened = Promise.withResolvers()
    },
    pass() {
      if (opened) reached.resolve()
      return opened?.promise
    },
    /** Resolves when a commit waits. */
    reached: () => reached.promise,
    open() {
      opened?.resolve()
      opened = null
    },
  }
}
