import type { ClientSession, Filter } from 'mongodb'
import type { Collections, Find } from '../collections.ts'
import { isFirst, mayRepeat, readCursor, writeCursor } from '../find-cursor.ts'
import { type Declaration, fieldsOf } from '../text-operation.ts'
import { indexRange } from '../tuple.ts'
import type { Connection } from './connect.ts'
import type { DeclaredIndexes } from './declared-indexes.ts'
import { aliveAt, docKeyOf, docName, docsWithin, entryName, tupleOf } from './doc-names.ts'
import { readEntries } from './entries.ts'
import type { Names } from './names.ts'
import type { DocDocument, EntryDocument, Schema } from './schema.ts'

export type DocPage = { docs: DocDocument[]; next: string | null }

export interface FindDocs {
  find(collection: Declaration, find: Find): Promise<DocPage>
  count(collection: Declaration, find?: Pick<Find, 'index' | 'equals' | 'range'>): Promise<number>
  scan(collection: string, options: Parameters<Collections['scan']>[1]): Promise<DocPage>
}

/** All of one answer is as of one moment (MongoDB manual, "Read Concern snapshot"). */
export const AS_OF_ONE_MOMENT = { readConcern: { level: 'snapshot' } } as const
const MOST_AT_ONCE = 1_000

/** Reads of collections that are ranges: of entries, of keys. */
export function createFindDocs(
  { client, ask }: Connection,
  { doc, entry }: Schema,
  names: Names,
  clock: () => number,
  declared: DeclaredIndexes,
): FindDocs {
  interface Sought {
    collection: string
    no: number
    range: { low: Buffer; high: Buffer }
    several: boolean
    find: Find
    now: number
  }

  /**
   * A page in index order. A document with several entries in the range (an array field) is listed at its first one in
   * the direction of travel only, which each entry can tell by itself, so it holds over pages.
   */
  async function readPage(session: ClientSession, sought: Sought): Promise<DocPage> {
    const { collection, no, find, now } = sought
    const order = find.descending ? -1 : 1
    let { $gte, $lt, $gt } = boundsOf(sought)
    const docs: DocDocument[] = []
    let last: EntryDocument | null = null
    for (let round = 0; ; round++) {
      // What was passed over is read again no more than twice as often as it was.
      const limit = Math.min(MOST_AT_ONCE, (find.limit - docs.length + 1) * 2 ** Math.min(round, 10))
      const entries = await entry
        .find(
          { _id: { ...($gt === undefined ? { $gte } : { $gt }), $lt }, ...aliveAt(now) },
          { session, ...AS_OF_ONE_MOMENT, sort: { _id: order }, hint: { _id: 1 }, limit },
        )
        .toArray()
      const found = await readDocs(session, collection, entries, now)
      for (const one of entries) {
        const there = found.get(one.key)
        if (!there || !isListed(one, there, sought)) continue
        if (docs.length === find.limit)
          return { docs, next: last && writeCursor({ tuple: tupleOf(last._id, last.key), key: last.key }) }
        docs.push(there)
        last = one
      }
      const end = entries.at(-1)
      if (!end || entries.length < limit) return { docs, next: null }
      if (order === 1) $gt = end._id
      else $lt = end._id
    }

    function isListed(one: EntryDocument, there: DocDocument, { range, several }: Sought): boolean {
      const tuple = tupleOf(one._id, one.key)
      const tuples = readEntries(there.entries).get(no) ?? []
      // An entry that expired by another process's clock may be there yet.
      if (!tuples.some((its) => its.equals(tuple))) return false
      return !several || isFirst(tuple, tuples, range, find.descending ?? false)
    }
  }

  /** The range, of which only what lies behind the cursor is left. A cursor from elsewhere never widens it. */
  function boundsOf({ collection, no, range: { low, high }, find }: Sought): {
    $gte: string
    $lt: string
    $gt?: string
  } {
    const whole = {
      $gte: entryName(names, collection, no, low),
      $lt: entryName(names, collection, no, high),
    }
    if (find.after === undefined) return whole
    const { tuple, key } = readCursor(find.after)
    const cursor = entryName(names, collection, no, tuple, key)
    if (find.descending) return Buffer.compare(tuple, high) >= 0 ? whole : { ...whole, $lt: cursor }
    return Buffer.compare(tuple, low) < 0 ? whole : { ...whole, $gt: cursor }
  }

  async function readDocs(
    session: ClientSession,
    collection: string,
    entries: readonly EntryDocument[],
    now: number,
  ): Promise<Map<string, DocDocument>> {
    if (entries.length === 0) return new Map()
    const _id = { $in: [...new Set(entries.map(({ key }) => docName(names, collection, key)))] }
    const found = await doc
      .find({ _id, ...aliveAt(now) }, { session, ...AS_OF_ONE_MOMENT, hint: { _id: 1 } })
      .toArray()
    return new Map(found.map((one) => [docKeyOf(one._id), one]))
  }

  async function countEntries(filter: Filter<EntryDocument>): Promise<number> {
    const [counted] = await entry
      .aggregate<{ n: number }>(
        [
          { $match: filter },
          // Each entry once where it is its document's only one, else each document once.
          { $group: { _id: { $cond: ['$several', '$key', null] }, n: { $sum: 1 } } },
          { $group: { _id: null, n: { $sum: { $cond: [{ $eq: ['$_id', null] }, '$n', 1] } } } },
        ],
        { ...AS_OF_ONE_MOMENT, hint: { _id: 1 } },
      )
      .toArray()
    return counted?.n ?? 0
  }

  /** All less those that are over, so that no value is read. */
  async function countAll(collection: string, now: number): Promise<number> {
    const _id = docsWithin(names, collection)
    return client.withSession({ snapshot: true }, async (session) => {
      const count = async (filter: Filter<DocDocument>, hint: string | { _id: 1 }) => {
        const options = { session, ...AS_OF_ONE_MOMENT, hint }
        const [counted] = await doc
          .aggregate<{ n: number }>([{ $match: filter }, { $count: 'n' }], options)
          .toArray()
        return counted?.n ?? 0
      }
      const all = await count({ _id }, { _id: 1 })
      return all - (await count({ _id, expires: { $lte: new Date(now) } }, 'expiry'))
    })
  }

  return {
    async find(collection, find) {
      const fields = fieldsOf(collection, find.index)
      const range = indexRange(fields, find)
      if (find.after !== undefined) readCursor(find.after)
      const no = await declared.complete(collection, find.index)
      const sought = {
        collection: collection.name,
        no,
        range,
        several: mayRepeat(fields, find),
        find,
        now: clock(),
      }
      return ask(() => client.withSession({ snapshot: true }, (session) => readPage(session, sought)))
    },
    async count(collection, find) {
      if (!find) return ask(() => countAll(collection.name, clock()))
      const { low, high } = indexRange(fieldsOf(collection, find.index), find)
      const no = await declared.complete(collection, find.index)
      const name = (tuple: Buffer) => entryName(names, collection.name, no, tuple)
      return ask(() => countEntries({ _id: { $gte: name(low), $lt: name(high) }, ...aliveAt(clock()) }))
    },
    async scan(collection, { prefix = '', after, limit }) {
      if (!prefix.isWellFormed()) return { docs: [], next: null }
      const { $gte, $lt } = docsWithin(names, collection, prefix)
      const behind = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
      const from = behind ? { $gt: docName(names, collection, after) } : { $gte }
      const found = await ask(() =>
        doc
          .find(
            { _id: { ...from, $lt }, ...aliveAt(clock()) },
            { ...AS_OF_ONE_MOMENT, sort: { _id: 1 }, hint: { _id: 1 }, limit: limit + 1 },
          )
          .toArray(),
      )
      const docs = found.slice(0, limit)
      const last = docs.at(-1)
      return { docs, next: found.length > limit && last ? docKeyOf(last._id) : null }
    },
  }
}
