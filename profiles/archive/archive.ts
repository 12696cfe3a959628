import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import {
  type BlobStore,
  type Collections,
  type Doc,
  type Operation,
  StorageUnavailable,
} from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import { ARCHIVES, type ArchiveDocument, holderOf } from './documents.ts'
import type { ArchiveFile } from './files.ts'

/** Everything of a person as one file, and how far its making is. */
export interface Archive {
  state: 'making' | 'ready' | 'failed'
  /** ms */
  asked: number
  /** Items written, and of how many; it may turn out to be some more. */
  done: number
  total: number
  /** Bytes; null until it is ready. */
  size: number | null
  /** Until when it is kept, ms; null until it is ready. */
  until: number | null
}

export interface Archives {
  /** The one asked for last; null when there is none any more. */
  of(person: PersonId): Promise<Archive | null>
  /** Begins another, made beside; the one before goes. One that is being made goes on. */
  ask(person: PersonId): Promise<Archive>
  /** Null when there is none that is ready. */
  open(person: PersonId): Promise<{ size: number; content: Readable } | null>
  /** Nothing of it is kept any more. */
  remove(person: PersonId): Promise<void>
  /** Makes anew what a process that died has left, and removes what was kept long enough; returns how many. */
  resume(): Promise<number>
  /** Resolves when nothing is being made here. */
  settled(): Promise<void>
}

export interface ArchivesDeps {
  collections: Collections
  blobs: Pick<BlobStore, 'put' | 'open' | 'hold'>
  /** The files of a person, and of about how many items they are. */
  filesOf(person: PersonId): Promise<{ files: ArchiveFile[]; total: number }>
  /** Notes in the audit that everything was taken out. */
  note(person: PersonId): Operation
  now: () => number
}

const DAY = 86_400_000
const KEPT = 7 * DAY
/** How often its making shows itself, and after how long without that it was left behind, ms. */
const SHOWN = 2_000
const ABANDONED = 60_000

/** Another making of the same person has begun, or it was removed. */
class Overtaken extends Error {}

export function createArchives({ collections, blobs, filesOf, note, now }: ArchivesDeps): Archives {
  const making = new Set<Promise<void>>()

  function start(person: PersonId, run: string): void {
    const work = make(person, run).finally(() => making.delete(work))
    making.add(work)
  }

  /** Changes the document of this run; throws Overtaken when it is another's. */
  async function update(
    person: PersonId,
    run: string,
    change: Partial<ArchiveDocument>,
    beside: readonly Operation[] = [],
  ): Promise<void> {
    for (;;) {
      const doc = await collections.get(ARCHIVES, person)
      if (doc?.value.run !== run) throw new Overtaken()
      const value = { ...doc.value, ...change, seen: now() }
      const { revision } = doc
      const outcome = await collections.batch([
        { op: 'replace', collection: ARCHIVES, key: person, revision, value },
        ...beside,
      ])
      if (outcome.ok) return
    }
  }

  async function make(person: PersonId, run: string): Promise<void> {
    try {
      const { files, total } = await filesOf(person)
      await update(person, run, { total })
      let done = 0
      let shown = performance.now()
      const count = async () => {
        done++
        if (performance.now() - shown < SHOWN) return
        shown = performance.now()
        await update(person, run, { done, total: Math.max(total, done) })
      }
      const { sha2, size } = await blobs.put(zipOf(files, count))
      if (!(await blobs.hold(holderOf(person, run), [sha2])))
        throw new Error('The archive is not where it was put.')
      const ready = { state: 'ready', sha2, size, until: now() + KEPT, done, total: done } as const
      await update(person, run, ready, [note(person)])
    } catch (error) {
      if (error instanceof Overtaken) return letGo(person, run)
      // In an outage it is left as it is, and made anew later.
      if (error instanceof StorageUnavailable) return
      await update(person, run, { state: 'failed' }).catch(() => {})
      throw error
    }
  }

  async function letGo(person: PersonId, run: string): Promise<void> {
    await blobs.hold(holderOf(person, run), [])
  }

  /** Takes the place of what was there, whose file goes. */
  async function begin(
    person: PersonId,
    before: Doc<ArchiveDocument> | null,
  ): Promise<ArchiveDocument | null> {
    const value: ArchiveDocument = {
      state: 'making',
      run: randomUUID(),
      asked: now(),
      seen: now(),
      done: 0,
      total: 0,
      sha2: null,
      size: null,
      until: null,
    }
    const begun =
      before === null
        ? await collections.insert(ARCHIVES, person, value)
        : await collections.replace(ARCHIVES, person, value, before.revision)
    if (!begun) return null
    if (before) await letGo(person, before.value.run)
    start(person, value.run)
    return value
  }

  const isKept = ({ state, until }: ArchiveDocument) => state !== 'ready' || (until ?? 0) > now()
  const isLeft = ({ state, seen }: ArchiveDocument) => state === 'making' && now() - seen >= ABANDONED

  async function remove(person: PersonId): Promise<void> {
    const doc = await collections.get(ARCHIVES, person)
    await collections.delete(ARCHIVES, person)
    if (doc) await letGo(person, doc.value.run)
  }

  return {
    async of(person) {
      const doc = await collections.get(ARCHIVES, person)
      return doc && isKept(doc.value) ? archiveOf(doc.value) : null
    },

    async ask(person) {
      for (;;) {
        const doc = await collections.get(ARCHIVES, person)
        if (doc?.value.state === 'making' && !isLeft(doc.value)) return archiveOf(doc.value)
        const begun = await begin(person, doc)
        if (begun) return archiveOf(begun)
      }
    },

    async open(person) {
      const doc = await collections.get(ARCHIVES, person)
      if (!doc?.value.sha2 || !isKept(doc.value)) return null
      return blobs.open(doc.value.sha2)
    },

    remove,

    async resume() {
      let taken = 0
      const left = await collections.find(ARCHIVES, {
        index: 'state',
        equals: { state: 'making' },
        limit: 100,
      })
      for (const doc of left.docs) if (isLeft(doc.value) && (await begin(doc.key, doc))) taken++
      const over = await collections.find(ARCHIVES, {
        index: 'until',
        range: { gt: 0, lte: now() },
        limit: 100,
      })
      for (const { key } of over.docs) {
        await remove(key)
        taken++
      }
      return taken
    },

    async settled() {
      while (making.size > 0) await Promise.all(making)
    },
  }
}

const archiveOf = ({ state, asked, done, total, size, until }: ArchiveDocument): Archive => ({
  state,
  asked,
  done,
  total,
  size,
  until,
})

/** The files one after another, as they are read; the last one, the manifest, tells what was in the others. */
async function* zipOf(files: readonly ArchiveFile[], count: () => Promise<void>): AsyncIterable<Uint8Array> {
  const zip = new ZipFile()
  const told: { file: string; bytes: number; sha256: string; about: ArchiveFile['about'] }[] = []
  const ended = new AbortController()
  const output = zip.outputStream as Readable
  const add = (name: string, pieces: () => AsyncIterable<Uint8Array>) =>
    zip.addReadStreamLazy(name, { compress: true }, (give) => {
      const stream = Readable.from(pieces())
      stream.once('error', (error) => {
        output.destroy(error)
      })
      ended.signal.addEventListener('abort', () => stream.destroy(), { once: true })
      give(null, stream)
    })
  for (const { name, about, pieces } of files)
    add(name, async function* () {
      const hash = createHash('sha256')
      let bytes = 0
      for await (const given of pieces(count)) {
        const piece = typeof given === 'string' ? Buffer.from(given) : given
        hash.update(piece)
        bytes += piece.length
        yield piece
      }
      told.push({ file: name, bytes, sha256: hash.digest('hex'), about })
    })
  add('manifest.json', async function* () {
    yield Buffer.from(`${JSON.stringify({ made: new Date().toISOString(), files: told }, null, 2)}\n`)
  })
  zip.end()
  try {
    for await (const piece of output) yield piece as Uint8Array
  } finally {
    ended.abort()
    if (!output.closed) {
      output.destroy()
      await once(output, 'close').catch(() => {})
    }
  }
}
