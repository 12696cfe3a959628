import { setTimeout as pause } from 'node:timers/promises'
import type { ClientSession } from 'mongodb'
import { type Connection, runAgainOnDuplicate } from './connect.ts'
import { docKeyOf, docName, docsWithin, entriesWithin } from './doc-names.ts'
import { changeEntries, entriesOf, readEntries, writeEntries } from './entries.ts'
import type { Names } from './names.ts'
import type { DeclarationDocument, DocDocument, IndexState, Schema } from './schema.ts'

/** Leads the indexes of collections from stage to stage (schema.ts), in steps that any process can go on with. */
export interface IndexWork {
  /** Resolves when all that was there when it was declared has its entries, whoever made them. */
  fill(collection: string, no: number): Promise<void>
  /** Makes what these documents lack of entries. */
  complete(collection: string, indexes: readonly IndexState[], keys: readonly string[]): Promise<void>
  /** Begins, apart, what is due of the stages behind that. */
  tend(collection: string, indexes: readonly IndexState[], at: number): void
  end(): Promise<void>
}

interface Hands {
  change(
    collection: string,
    next: (indexes: IndexState[]) => IndexState[] | null,
  ): Promise<DeclarationDocument>
  now(): Promise<number>
}

/** A process that did not know of an index has written by then what it was about to, ms. */
export const STRAGGLERS = 10_000
/** Who works on an index and does not show itself for so long has died; others take over, ms. */
const LEASE = 15_000
/** Documents of one step, and bytes of their values. */
const MOST = 200
const MOST_BYTES = 8_000_000

export function createIndexWork(
  connection: Connection,
  { doc, entry }: Schema,
  names: Names,
  { change, now }: Hands,
): IndexWork {
  const tending = new Map<string, Promise<void>>()
  let ended = false

  /** Changes one index while it is in this stage; whether it was. */
  async function move(
    collection: string,
    { no, stage }: Pick<IndexState, 'no' | 'stage'>,
    next: (index: IndexState) => IndexState | null,
  ): Promise<boolean> {
    let moved = false
    await change(collection, (indexes) => {
      const found = indexes.find((one) => one.no === no)
      moved = found?.stage === stage
      if (!found || !moved) return null
      return indexes.flatMap((one) => (one === found ? (next(one) ?? []) : [one]))
    })
    return moved
  }

  /** Takes the work of this stage upon itself; null when it is not due, or done. */
  async function take(
    collection: string,
    no: number,
    stage: IndexState['stage'],
  ): Promise<IndexState | null> {
    const at = await now()
    let taken: IndexState | null = null
    await change(collection, (indexes) => {
      taken = null
      const found = indexes.find((one) => one.no === no)
      if (!found || found.stage !== stage || found.due.getTime() > at) return null
      taken = found
      found.due = new Date(at + LEASE)
      return indexes
    })
    return taken
  }

  /** Goes through all documents of a collection; true when it came to the end. */
  async function pass(collection: string, index: IndexState): Promise<boolean> {
    let { after } = index
    while (!ended) {
      const last = await runAgainOnDuplicate(() =>
        connection.transact((session) => step(session, collection, index, after)),
      )
      if (last === null) return true
      after = last
      const due = new Date((await now()) + LEASE)
      if (!(await move(collection, index, (one) => ({ ...one, after: last, due })))) return false
    }
    return false
  }

  /** One step of a pass; the name of its last document, null behind the end. */
  async function step(
    session: ClientSession,
    collection: string,
    index: IndexState,
    after: string | undefined,
  ): Promise<string | null> {
    const docs = await readSome(session, collection, after)
    await addEntries(session, collection, [index], docs)
    return docs.at(-1)?._id ?? null
  }

  async function addEntries(
    session: ClientSession,
    collection: string,
    indexes: readonly IndexState[],
    docs: readonly DocDocument[],
  ): Promise<void> {
    const lacking = docs.flatMap((one) => {
      const old = readEntries(one.entries)
      const entries = new Map([...old, ...entriesOf(one.value, indexes)])
      const written = writeEntries(entries)
      if (written === undefined || written === one.entries) return []
      const place = { collection, key: docKeyOf(one._id), expires: one.expires }
      return [
        {
          _id: one._id,
          written,
          changes: changeEntries(names, { ...place, entries: old }, { ...place, entries }),
        },
      ]
    })
    if (lacking.length === 0) return
    // Whoever changes a document meanwhile comes into conflict with this.
    const marks = lacking.map(({ _id, written }) => ({
      updateOne: { filter: { _id }, update: { $set: { entries: written } } },
    }))
    await doc.bulkWrite(marks, { session, ordered: false })
    await entry.bulkWrite(
      lacking.flatMap(({ changes }) => changes),
      { session, ordered: false },
    )
  }

  async function readSome(
    session: ClientSession,
    collection: string,
    after: string | undefined,
  ): Promise<DocDocument[]> {
    const range = docsWithin(names, collection)
    const docs: DocDocument[] = []
    let bytes = 0
    const _id = after === undefined ? range : { $gt: after, $lt: range.$lt }
    const cursor = doc.find({ _id }, { session, hint: { _id: 1 }, sort: { _id: 1 }, limit: MOST })
    for await (const one of cursor) {
      docs.push(one)
      bytes += one.value.length
      if (bytes > MOST_BYTES) break
    }
    return docs
  }

  /** Removes the entries of an index that nobody keeps any more. */
  async function clear(collection: string, { no }: IndexState): Promise<boolean> {
    const range = { _id: entriesWithin(names, collection, no) }
    while (!ended) {
      const some = await connection.ask(() =>
        entry.find(range, { projection: { _id: 1 }, hint: { _id: 1 }, limit: 1_000 }).toArray(),
      )
      if (some.length === 0) return true
      await connection.ask(() => entry.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } }))
    }
    return false
  }

  async function settle(collection: string, { no, stage }: IndexState): Promise<void> {
    const index = await take(collection, no, stage)
    if (!index) return
    if (stage === 'gone') {
      if (await clear(collection, index)) await move(collection, index, () => null)
    } else if (stage === 'settled') {
      const due = new Date((await now()) + STRAGGLERS)
      await move(collection, index, (one) => ({ ...one, stage: 'gone', due }))
    } else if (await pass(collection, index)) {
      await move(collection, index, ({ after: _, ...one }) => ({
        ...one,
        stage: 'settled',
        due: one.until ?? one.due,
      }))
    }
  }

  return {
    async fill(collection, no) {
      const index = await take(collection, no, 'filling')
      // Somebody else is at it.
      if (!index) return void (await pause(50))
      try {
        if (!(await pass(collection, index))) return
      } catch (error) {
        const due = new Date(await now())
        await move(collection, index, (one) => ({ ...one, due }))
        throw error
      }
      const due = new Date((await now()) + STRAGGLERS)
      await move(collection, index, ({ after: _, ...one }) => ({ ...one, stage: 'filled', due }))
    },
    complete: (collection, indexes, keys) =>
      runAgainOnDuplicate(() =>
        connection.transact(async (session) => {
          const ids = keys.map((key) => docName(names, collection, key))
          const docs = await doc.find({ _id: { $in: ids } }, { session }).toArray()
          await addEntries(session, collection, indexes, docs)
        }),
      ),
    tend(collection, indexes, at) {
      const due = indexes.find(
        ({ stage, due, until }) =>
          stage !== 'filling' && due.getTime() <= at && (stage !== 'settled' || until !== undefined),
      )
      if (!due || ended || tending.has(collection)) return
      // Left undone, it is done at a later look.
      const done = settle(collection, due)
        .catch(() => {})
        .finally(() => tending.delete(collection))
      tending.set(collection, done)
    },
    async end() {
      ended = true
      await Promise.all(tending.values())
    },
  }
}
