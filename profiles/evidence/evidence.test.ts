import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { TAKEN } from './documents.ts'
import { createEvidences, type Evidences } from './evidence.ts'
import { MAX_PICTURE_BYTES } from './pictures.ts'
import { EVIDENCE_LIMITS } from './problems.ts'
import type { ReadyFile } from './read-evidence.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const ACTIVITY = 'urn:uuid:0190f5c2-0000-8000-a000-000000000001'

let opened: TestStore
let store: ReturnType<TestStore['storage']['tenant']>
let folder: string
let clock = Date.now()
let evidence: Evidences

beforeAll(async () => {
  opened = await openTestStore()
  store = opened.storage.tenant('t')
  folder = await mkdtemp(join(tmpdir(), 'suotdoi-evidence-'))
  evidence = createEvidences({ collections: store.collections, blobs: store.blobs, now: () => clock })
})
afterAll(async () => {
  await opened.close()
  await rm(folder, { recursive: true })
})

const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'white',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
/** As a phone takes it: lying on its side, with the place where it was taken. */
const photo = (width = 600, height = 400) =>
  noise(width, height)
    .withExif({
      IFD0: { Copyright: 'bí mật của Lan' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '20/1 39/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '106/1 3/1 0/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
const PDF = Buffer.from(`%PDF-1.4\n1 0 obj<</Author(Lan)>>endobj\n${' '.repeat(3000)}\n%%EOF\n`)

async function read(content: Buffer, person = 'lan') {
  const path = join(folder, randomUUID())
  await writeFile(path, content)
  return evidence.read(path, person)
}
async function ready(content: Buffer): Promise<ReadyFile> {
  const file = await read(content)
  if ('problems' in file) throw new Error(JSON.stringify(file))
  return file
}
async function kept(file: ReadyFile, person: string = randomUUID(), activity = ACTIVITY) {
  const added = await evidence.add(person, activity, file)
  if ('problems' in added) throw new Error(JSON.stringify(added))
  return added
}
async function bytesOf(id: string, which?: 'file' | 'preview'): Promise<Buffer | null> {
  const found = await evidence.open(id, which)
  return found && Buffer.concat(await Array.fromAsync(found.content))
}

test('a photo is drawn anew: upright, with no place, no maker, no profile, and a small one beside it', async () => {
  const original = await photo()
  const before = await sharp(original).metadata()
  expect(before.exif?.includes('Lan')).toBe(true)
  expect(before).toMatchObject({ orientation: 6, width: 600 })
  const file = await ready(original)
  for (const content of [file.content, file.preview!]) {
    const found = await sharp(content).metadata()
    expect(found).toMatchObject({ format: 'webp', space: 'srgb' })
    expect([found.exif, found.xmp, found.iptc, found.icc, found.orientation]).toEqual(
      Array(5).fill(undefined),
    )
    expect(found.height).toBeGreaterThan(found.width)
    expect(content.includes('Lan')).toBe(false)
  }
  expect((await sharp(file.preview!).metadata()).height).toBe(320)
})

test('however large, it is kept within 2,048 pixels and 1 MB', async () => {
  const { content } = await ready(await noise(5000, 4000).jpeg({ quality: 60 }).toBuffer())
  const { width, height } = await sharp(content).metadata()
  expect(Math.max(width, height)).toBeLessThanOrEqual(2048)
  expect(content.length).toBeLessThanOrEqual(MAX_PICTURE_BYTES)
})

test.each(['png', 'webp'] as const)('%s is read too, by its bytes', async (format) => {
  expect((await ready(await noise(50, 40).toFormat(format).toBuffer())).type).toBe('image/webp')
})

test('what hides behind a picture is not in what is kept', async () => {
  const script = '<!doctype html><script>alert(1)</script>'
  const { content } = await ready(Buffer.concat([await photo(), Buffer.from(script)]))
  expect(content.includes('script')).toBe(false)
})

test('a PDF stays as it is', async () => {
  const held = await kept(await ready(PDF))
  expect(held).toMatchObject({ type: 'application/pdf', hasPreview: false, size: PDF.length })
  expect(await bytesOf(held.id)).toEqual(PDF)
  expect(await bytesOf(held.id, 'preview')).toBeNull()
})

/** A PNG of a claimed size, whose pixels are a few bytes. */
function bomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8 + body.length)
    frame.writeUInt32BE(data.length)
    body.copy(frame, 4)
    frame.writeUInt32BE(crc(body), frame.length - 4)
    return frame
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side)
  head.writeUInt32BE(side, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    begin,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
function crc(bytes: Buffer): number {
  let sum = -1
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

test('what is no photo and no PDF, is cut off, or would fill the memory, is refused by what to do', async () => {
  const jpeg = await photo(2000, 1500)
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(100)])
  for (const [content, id] of [
    [Buffer.alloc(0), 'evidence-empty'],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'evidence-kind-unknown'],
    [Buffer.from('GIF89a'), 'evidence-kind-unknown'],
    [Buffer.from('<html><script>'), 'evidence-kind-unknown'],
    [heic, 'evidence-heic'],
    [jpeg.subarray(0, jpeg.length / 2), 'evidence-damaged'],
    [Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(500)]), 'evidence-damaged'],
    [PDF.subarray(0, 3000), 'evidence-damaged'],
    [Buffer.concat([PDF, Buffer.alloc(EVIDENCE_LIMITS.pdfBytes)]), 'evidence-pdf-too-large'],
    [bomb(30_000), 'evidence-too-many-pixels'],
    [bomb(7_000), 'evidence-damaged'],
    [Buffer.alloc(EVIDENCE_LIMITS.fileBytes + 1, 0xff), 'evidence-too-large'],
  ] as const)
    expect(await read(content)).toMatchObject({ problems: [{ id }] })
})

test('while many photos wait, one more is refused; what is small on disk is drawn once, and others have their turn', async () => {
  const wide = await sharp({ create: { width: 7000, height: 7000, channels: 3, background: 'white' } })
    .png({ palette: true, colours: 2 })
    .toBuffer()
  expect(wide.length).toBeLessThan(50_000)
  const flood = Array.from({ length: 8 }, () => read(wide, 'flood'))
  const small = await photo()
  const answers: string[] = []
  const all = flood.map(async (each) => answers.push('problems' in (await each) ? 'refused' : 'flood'))
  all.push(read(small, 'other').then(() => answers.push('other')))
  await Promise.all(all)
  // One is being drawn, five wait, two are told to come again; the other comes after two of the flood at most.
  expect(answers.filter((each) => each === 'refused')).toHaveLength(2)
  const drawn = answers.filter((each) => each !== 'refused')
  expect(drawn).toHaveLength(7)
  expect(drawn.indexOf('other')).toBeLessThanOrEqual(2)
}, 60_000)

test('it is its owner’s, by a name that says nothing of its bytes, and nobody else removes it', async () => {
  const file = await ready(PDF)
  const [mine, theirs] = [await kept(file), await kept(file)]
  expect(mine.id).not.toContain(createHash('sha256').update(PDF).digest('hex').slice(0, 8))
  expect(await evidence.remove(theirs.person, mine.id)).toBeNull()
  expect((await evidence.of(mine.person, ACTIVITY)).map(({ id }) => id)).toEqual([mine.id])
  expect(await evidence.remove(mine.person, mine.id)).toMatchObject({ id: mine.id })
  expect(await evidence.open(mine.id)).toBeNull()
  expect(await bytesOf(theirs.id)).toEqual(PDF)
})

/** What the store would hold of it two days later. */
async function collected(): Promise<number> {
  return store.blobs.collect(Date.now() + DAY)
}

test('removed, its bytes are collected though somebody else keeps the same photo, and it is known when', async () => {
  await collected()
  const file = await ready(await photo())
  const [mine, theirs] = [await kept(file), await kept(file)]
  await evidence.remove(mine.person, mine.id)
  expect(await collected()).toBe(2)
  expect(await bytesOf(theirs.id)).toEqual(file.content)
  const { items } = await evidence.taken(mine.person, { limit: 5 })
  expect(items).toMatchObject([{ id: mine.id, activity: ACTIVITY, taken: clock }])
})

test('a kill at any step leaves no file behind, and none that is kept is collected', async () => {
  clock += 2 * MINUTE
  await evidence.resume()
  await collected()
  const person = randomUUID()
  const file = await ready(await photo(60, 40))
  for (const cut of ['put', 'hold'] as const) {
    const dying = createEvidences({
      collections: store.collections,
      blobs: {
        ...store.blobs,
        open: store.blobs.open,
        async put(content) {
          const done = await store.blobs.put(content)
          if (cut === 'put') throw new Error('killed')
          return done
        },
        async hold() {
          throw new Error('killed')
        },
      },
      now: () => clock,
    })
    await expect(dying.add(person, ACTIVITY, file)).rejects.toThrow('killed')
  }
  clock += 2 * MINUTE
  expect(await evidence.resume()).toBe(1)
  expect(await evidence.resume()).toBe(0)
  expect(await collected()).toBe(1)
  const [held] = await evidence.of(person, ACTIVITY)
  expect(await bytesOf(held!.id)).toEqual(file.content)

  const dying = createEvidences({
    collections: store.collections,
    blobs: { put: store.blobs.put, open: store.blobs.open, hold: () => Promise.reject(new Error('killed')) },
    now: () => clock,
  })
  await expect(dying.remove(person, held!.id)).rejects.toThrow('killed')
  expect(await evidence.of(person, ACTIVITY)).toEqual([])
  clock += 2 * MINUTE
  expect(await evidence.resume()).toBe(1)
  expect(await collected()).toBe(2)
  expect((await store.collections.get(TAKEN, held!.id))?.value.waiting).toBeNull()
})

test('at most five stand behind one thing, also when they come at once; the same name is there once', async () => {
  const person = randomUUID()
  const file = await ready(PDF)
  const all = await Promise.all(Array.from({ length: 8 }, () => evidence.add(person, ACTIVITY, file)))
  expect(all.filter((each) => 'problems' in each)).toHaveLength(3)
  expect(await evidence.noRoom(person, ACTIVITY)).toMatchObject({ problems: [{ id: 'evidence-many' }] })
  const given = 'a'.repeat(32)
  const other = `${ACTIVITY.slice(0, -1)}2`
  expect(await evidence.noRoom(person, other)).toBeNull()
  const twice = await Promise.all([1, 2].map(() => evidence.add(person, other, file, given)))
  expect(twice[0]).toEqual(twice[1])
  expect(await evidence.of(person, other)).toHaveLength(1)
  await evidence.removeAll(person, other)
  expect(await evidence.add(person, other, file, given)).toMatchObject({
    problems: [{ id: 'evidence-removed' }],
  })
  await evidence.removeAll(person, ACTIVITY)
  expect(await evidence.of(person, ACTIVITY)).toEqual([])
})

test('nobody keeps more than their share, and what is removed makes room', async () => {
  const person = randomUUID()
  const content = Buffer.concat([PDF, Buffer.alloc(9_990_000), Buffer.from('%%EOF')])
  const file: ReadyFile = { type: 'application/pdf', content, preview: null }
  const held = []
  for (let at = 0; at < 20; at++) held.push(await kept(file, person, `urn:uuid:${randomUUID()}`))
  expect(await evidence.add(person, ACTIVITY, file)).toMatchObject({ problems: [{ id: 'evidence-full' }] })
  await evidence.remove(person, held[0]!.id)
  expect(await evidence.add(person, ACTIVITY, file)).not.toHaveProperty('problems')
}, 120_000)
