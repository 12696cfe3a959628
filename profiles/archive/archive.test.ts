import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { agentKey, appendAudit, StorageUnavailable } from '../../lrs/index.ts'
import { ACCOUNT_HOME, openWorld, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { createEvidences, type Evidences } from '../evidence/evidence.ts'
import type { RecordLine } from '../types.ts'
import { type Archives, type ArchivesDeps, createArchives } from './archive.ts'
import { filesOf } from './contents.ts'
import { csv } from './files.ts'

const DAY = 86_400_000

let world: World
let person: string
let clock = Date.now()
let deps: ArchivesDeps
let archives: Archives
let evidence: Evidences

beforeAll(async () => {
  world = await openWorld()
  const { profiles, store } = world
  person = await world.person('lan@example.org')
  evidence = createEvidences({ collections: store.collections, blobs: store.blobs, now: () => clock })
  const contents = {
    ...profiles,
    statements: store.statements,
    documents: store.documents,
    diary: { of: async () => ({ entries: [], next: null }) },
    confirmations: {
      of: async () => ({ confirmations: [], next: null }),
      requestsOf: async () => ({ requests: [], next: null }),
    },
    certificates: { of: async () => ({ certificates: [], next: null }) },
    evidence,
    disputes: world.disputes,
    tellers: async () => () => ({ name: 'Trường, “Sông Hồng”', organisation: 'Sở Giáo dục' }),
  }
  deps = {
    collections: store.collections,
    blobs: store.blobs,
    filesOf: (of) => filesOf(contents, of),
    note: (of) => appendAudit({ tenant: 'test', action: 'archive-make', actor: of, subjects: [of] }),
    now: () => clock,
  }
  archives = createArchives(deps)
  await world.link('lan', person)
  await world.tell({ who: 'lan', activity: 'bai-1', name: { vi: '=SUM(A1)' } })
  await world.tell({ who: 'lan', activity: 'bai-2', name: { vi: 'Ủ phân "rơm"' } })
  await world.tell({ who: 'minh', activity: 'bai-3' })
  await world.catchUp()
  await profiles.settled()
  await store.documents.put(
    {
      kind: 'state',
      source: 'lms',
      activity: 'https://lms.example.org/a',
      agent: keyOf('lan'),
      id: 'chỗ dừng',
    },
    { content: Buffer.from('trang 12'), contentType: 'text/plain', etag: 'e' },
    { kind: 'any' },
  )
  const [line] = (await profiles.transcript.lines(person, { limit: 1 })).lines
  await profiles.shares.create(person, {
    purpose: 'xin việc',
    reader: 'x',
    lines: [line!.id],
    days: 1,
    password: 'bí mật',
  })
  await world.disputes.make(person, line!.id, { kind: 'time', words: 'học hôm trước', asksVoid: false })
  await profiles.hidden.set(person, line!.id, true)
})
afterAll(() => world.close())

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function unpacked(): Promise<Map<string, Buffer>> {
  const found = await archives.open(person)
  const zip = await fromBufferPromise(await bytesOf(found!.content))
  const files = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry())
    files.set(entry.fileName, await bytesOf(await zip.openReadStreamPromise(entry)))
  return files
}

test('everything that is kept of a person is in it, nothing of anybody else, and the manifest fits', async () => {
  expect((await archives.ask(person)).state).toBe('making')
  await archives.settled()
  expect(await archives.of(person)).toMatchObject({ state: 'ready', until: clock + 7 * DAY })
  const files = await unpacked()
  const { files: told } = JSON.parse(String(files.get('manifest.json')))
  expect([...files.keys()].toSorted()).toEqual(
    [...told.map(({ file }: { file: string }) => file), 'manifest.json'].toSorted(),
  )
  for (const { file, bytes, sha256 } of told) {
    const content = files.get(file)!
    expect({ file, bytes, sha256 }).toEqual({
      file,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })
  }
  const read = (name: string) => JSON.parse(String(files.get(`${name}.json`)))
  expect(read('record')).toHaveLength(2)
  expect(
    read('statements').map(({ statement }: { statement: { object: { id: string } } }) => statement.object.id),
  ).toEqual(['https://lms.example.org/a/bai-1', 'https://lms.example.org/a/bai-2'])
  expect(read('documents')).toMatchObject([
    { id: 'chỗ dừng', base64: Buffer.from('trang 12').toString('base64') },
  ])
  expect(read('links').map(({ identifier }: { identifier: object }) => agentKey(identifier))).toEqual(
    expect.arrayContaining([keyOf('lan'), `account:${ACCOUNT_HOME} ${person}`]),
  )
  expect(read('shares')).toMatchObject([{ reader: 'x', openedAt: [] }])
  expect(read('disputes')).toMatchObject([{ kind: 'time', words: 'học hôm trước', state: 'open' }])
  expect(read('hidden')).toMatchObject([{ line: read('record')[0].id }])
  expect(read('account')).toMatchObject({ id: person, identifiers: [{ value: 'lan@example.org' }] })
  for (const content of files.values()) expect(String(content)).not.toMatch(/minh|argon2/)
})

test('the table is text for spreadsheet programs: nothing in it is a formula, quotes stay whole', async () => {
  const table = String((await unpacked()).get('record.csv'))
  expect(table.startsWith('\ufeff"ngày / date",')).toBe(true)
  expect(table).toContain(`"'=SUM(A1)"`)
  expect(table).toContain('"Ủ phân ""rơm"""')
  expect(table.trimEnd().split('\r\n')).toHaveLength(3)
})

test('the table tells practice as practice, and who passed by an assessment alone', async () => {
  const line = {
    ...{ id: 'l', person, at: 0, activity: { id: 'urn:x', name: { vi: 'Bài' }, type: null } },
    ...{ score: { raw: 3, max: 4 }, success: true, completed: true, duration: null, level: 'he-thong' },
    source: 'own',
  }
  const rows = async (taken: RecordLine['taken']) => {
    async function* lines() {
      yield { ...line, ...(taken && { taken }) } as unknown as RecordLine
    }
    const all = await Array.fromAsync(
      csv(
        lines(),
        () => undefined,
        async () => {},
      ),
    )
    return all[1]!.split(',').slice(5, 8)
  }
  expect(await rows('practice')).toEqual(['"completed"', '"3/4"', '"practice"'])
  expect(await rows('assessed')).toEqual(['"passed"', '"3/4"', '"assessed"'])
  expect(await rows(undefined)).toEqual(['"passed"', '"3/4"', '""'])
})

test('photos and files go along, also of who was found to be the same; of what was taken away it is told when', async () => {
  const other = await world.person('lan-cu@example.org')
  const pdf = (words: string) => ({
    type: 'application/pdf' as const,
    content: Buffer.from(`%PDF-1.4 ${words} %%EOF`),
    preview: null,
  })
  const [mine, theirs, gone] = await Promise.all([
    evidence.add(person, 'urn:uuid:1', pdf('của Lan')),
    evidence.add(other, 'urn:uuid:2', pdf('của Lan cũ')),
    evidence.add(person, 'urn:uuid:1', pdf('đã gỡ')),
  ])
  if ('problems' in mine || 'problems' in theirs || 'problems' in gone) throw new Error('refused')
  await evidence.remove(person, gone.id)
  const merged = { from: other, into: person, by: 'op', reason: 'x' }
  expect(await world.profiles.merges.merge(merged)).not.toHaveProperty('ok')
  await world.profiles.settled()
  clock += 1_000
  await archives.ask(person)
  await archives.settled()
  const files = await unpacked()
  expect(String(files.get(`evidence/${mine.id}.pdf`))).toContain('của Lan')
  expect(String(files.get(`evidence/${theirs.id}.pdf`))).toContain('của Lan cũ')
  expect(JSON.parse(String(files.get('evidence.json')))).toMatchObject([
    { id: mine.id, file: `evidence/${mine.id}.pdf` },
    { id: theirs.id },
    { id: gone.id, taken: clock - 1_000 },
  ])
  for (const content of files.values()) expect(String(content)).not.toContain('đã gỡ %%EOF')
  await world.profiles.merges.undo({ from: other, by: 'op', reason: 'x' })
  await world.profiles.settled()
})

test('what others sent under a newly proven address waits for a word about its source, here too', async () => {
  const { links } = world.profiles
  const agent = keyOf('dia-chi-cu')
  await world.tell(
    { who: 'dia-chi-cu', activity: 'cua-nguoi-la', source: 'lms' },
    { who: 'dia-chi-cu', activity: 'cua-lan', source: 'centre' },
  )
  await world.store.documents.put(
    { kind: 'state', source: 'lms', activity: 'https://lms.example.org/a', agent, id: 'nguoi-la' },
    { content: Buffer.from('riêng'), contentType: 'text/plain', etag: 'e' },
    { kind: 'any' },
  )
  const asked = { agent, person, how: 'email-code', by: person, reason: 'x', sources: [] } as const
  expect(await links.link(asked)).not.toHaveProperty('ok')
  await links.decide({ agent, person, source: 'centre', mine: true })
  await world.catchUp()
  await world.profiles.settled()
  clock += 1_000
  await archives.ask(person)
  await archives.settled()
  const files = await unpacked()
  expect(String(files.get('statements.json'))).toContain('cua-lan')
  expect(String(files.get('statements.json'))).not.toContain('cua-nguoi-la')
  expect(String(files.get('documents.json'))).not.toContain('nguoi-la')
  await links.unlink({ agent, by: 'op', reason: 'x' })
  await world.profiles.settled()
})

test('asked for again it takes the place of the one before; kept for seven days it is gone, and its file may be collected', async () => {
  const before = await archives.of(person)
  clock += 1_000
  await archives.ask(person)
  expect((await archives.ask(person)).asked).toBe(clock)
  await archives.settled()
  const after = await archives.of(person)
  expect(after?.asked).toBe(before!.asked + 1_000)
  clock = after!.until!
  expect(await archives.of(person)).toBeNull()
  expect(await archives.open(person)).toBeNull()
  expect(await archives.resume()).toBe(1)
  expect(await archives.resume()).toBe(0)
  expect(await world.store.collections.count({ name: 'profiles.archives', indexes: {} })).toBe(0)
  expect(await world.store.blobs.collect(Date.now() + DAY)).toBeGreaterThan(0)
})

test('one that a dead process has left is made anew, one in an outage too, and what is wrong with it is told', async () => {
  const dead = createArchives({ ...deps, filesOf: () => new Promise(() => {}) })
  await dead.ask(person)
  expect((await archives.of(person))?.state).toBe('making')
  expect(await archives.resume()).toBe(0)
  clock += 60_000
  expect(await archives.resume()).toBe(1)
  await archives.settled()
  expect((await archives.of(person))?.state).toBe('ready')

  const away = createArchives({ ...deps, filesOf: () => Promise.reject(new StorageUnavailable('away')) })
  await away.ask(person)
  await away.settled()
  expect((await archives.of(person))?.state).toBe('making')
  clock += 60_000
  await archives.resume()
  await archives.settled()
  expect((await archives.of(person))?.state).toBe('ready')

  const wrong = createArchives({
    ...deps,
    filesOf: async () => ({
      total: 1,
      files: [
        {
          name: 'a.txt',
          about: { vi: 'a', en: 'a' },
          async *pieces() {
            yield 'begun'
            throw new Error('broken')
          },
        },
      ],
    }),
  })
  await wrong.ask(person)
  await expect(wrong.settled()).rejects.toThrow('broken')
  expect((await archives.of(person))?.state).toBe('failed')
  await archives.remove(person)
  expect(await archives.of(person)).toBeNull()
})

test('one that is removed while it is made, or comes after a newer one, holds no file back and takes none away', async () => {
  const held = new Map<string, readonly string[]>()
  const late = () => {
    const [put, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const blobs: ArchivesDeps['blobs'] = {
      ...deps.blobs,
      async put(content) {
        const kept = await deps.blobs.put(content)
        put.resolve()
        await gate.promise
        return kept
      },
      async hold(owner, sha2s) {
        held.set(owner, sha2s)
        return deps.blobs.hold(owner, sha2s)
      },
    }
    return { archives: createArchives({ ...deps, blobs }), isPut: put.promise, goOn: gate.resolve }
  }
  const nothingHeld = () => [...held.values()].every((sha2s) => sha2s.length === 0)

  const removed = late()
  await removed.archives.ask(person)
  await removed.isPut
  await archives.remove(person)
  removed.goOn()
  await removed.archives.settled()
  expect([held.size, nothingHeld()]).toEqual([1, true])
  expect(await archives.of(person)).toBeNull()

  const older = late()
  await older.archives.ask(person)
  await older.isPut
  clock += 60_000
  expect(await archives.resume()).toBe(1)
  await archives.settled()
  older.goOn()
  await older.archives.settled()
  expect([held.size, nothingHeld()]).toEqual([2, true])
  await world.store.blobs.collect(Date.now() + DAY)
  expect(await archives.open(person)).not.toBeNull()
})
