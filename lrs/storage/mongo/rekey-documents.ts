import type { ClientSession, Collection } from 'mongodb'
import { type Connection, runAgainOnDuplicate } from './connect.ts'
import type { DocumentPath } from './documents.ts'
import { keyOf, type Names } from './names.ts'
import type { StateDocument } from './schema.ts'

const MOST = 500
/** Of contents in one step: they pass through memory here. */
const MOST_BYTES = 16_000_000

/**
 * Gives the documents of one agent to another in steps, each of them whole. What is there already under the new key stays,
 * and the one under the old key goes: the old key must not remain. Returns how many were moved.
 */
export async function rekeyDocuments(
  connection: Connection,
  document: Collection<StateDocument>,
  names: Names,
  { from, to }: { from: string; to: string },
): Promise<number> {
  if (from === to || from === '') return 0

  async function step(session: ClientSession): Promise<{ seen: number; moved: number }> {
    const old = await readSome(session)
    if (old.length === 0) return { seen: 0, moved: 0 }
    const moved = old.map((one): StateDocument => ({ ...one, _id: moveName(one._id), agent: names.of(to) }))
    const taken = await document
      .find({ _id: { $in: moved.map(({ _id }) => _id) } }, { session, projection: { _id: 1 } })
      .map(({ _id }) => _id)
      .toArray()
    const fresh = moved.filter(({ _id }) => !taken.includes(_id))
    await document.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } }, { session })
    if (fresh.length > 0) await document.insertMany(fresh, { session })
    return { seen: old.length, moved: fresh.length }
  }

  async function readSome(session: ClientSession): Promise<StateDocument[]> {
    const found: StateDocument[] = []
    let bytes = 0
    const cursor = document.find({ agent: names.of(from) }, { session, hint: 'by-agent', limit: MOST })
    for await (const one of cursor) {
      found.push(one)
      bytes += one.content.length()
      if (bytes > MOST_BYTES) break
    }
    return found
  }

  function moveName(_id: string): string {
    const path = JSON.parse(keyOf(_id)) as DocumentPath
    path[3] = to
    return names.of(JSON.stringify(path))
  }

  let moved = 0
  for (;;) {
    const done = await runAgainOnDuplicate(() => connection.transact(step))
    if (done.seen === 0) return moved
    moved += done.moved
  }
}
