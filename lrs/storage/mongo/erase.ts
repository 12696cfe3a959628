import type { AnyBulkWriteOperation, ClientSession } from 'mongodb'
import type { Rewrite, StatementStore } from '../port.ts'
import { putToUse } from './blobs.ts'
import type { Gate } from './gate.ts'
import { inOrder } from './in-order.ts'
import type { IdDocument, StatementDocument } from './schema.ts'
import type { TenantParts } from './tenant.ts'
import { ACTOR, nameKey, termOf, termsOf } from './terms.ts'

type Held = Pick<StatementDocument, '_id' | 'id' | 'actor' | 'source' | 'names' | 'refersTo'>
const HELD = { id: 1, actor: 1, source: 1, names: 1, refersTo: 1 } as const

/** Lawful re-keying and erasure: at most 500 statements in one unit. */
export function createErasure(
  { connection, schema, names, clock }: TenantParts,
  gate: Gate,
): Pick<StatementStore, 'rewrite' | 'purge'> {
  async function findHeld(
    ids: readonly string[],
    session: ClientSession,
  ): Promise<Map<string, { known: IdDocument; held: Held }>> {
    const known = await schema.id.find({ _id: { $in: ids.map(names.of) } }, { session }).toArray()
    const places = known.filter(({ at }) => at !== undefined).map(({ at }) => names.at(at!))
    const held = await schema.statement
      .find({ _id: { $in: places } }, { session, projection: HELD })
      .hint({ _id: 1 })
      .toArray()
    const byPlace = new Map(held.map((one) => [one._id, one]))
    return new Map(
      known.flatMap((one) => {
        const statement = one.at === undefined ? undefined : byPlace.get(names.at(one.at))
        return statement ? [[statement.id, { known: one, held: statement }] as const] : []
      }),
    )
  }

  async function rewriteAll(
    changes: readonly Rewrite[],
    reason: string,
    session: ClientSession,
    position: number,
  ): Promise<string[] | null> {
    const there = await findHeld(
      changes.map(({ id }) => id),
      session,
    )
    if (!changes.every(({ id, expected }) => there.get(id)?.known.fingerprint === expected)) return null
    const statements: AnyBulkWriteOperation<StatementDocument>[] = []
    const ids: AnyBulkWriteOperation<IdDocument>[] = []
    for (const change of changes) {
      const { known, held } = there.get(change.id)!
      const actor = names.of(change.keys.find((key) => key.startsWith(ACTOR)) ?? change.id)
      const { text, fingerprint } = change
      const attached = change.attachments.length > 0
      statements.push({
        updateOne: {
          filter: { _id: held._id, actor: held.actor },
          update: {
            $set: {
              actor,
              text,
              fingerprint,
              keys: [...new Set(change.keys)],
              names: change.names.map(({ agent, name }) => ({ agent, name })),
              terms: termsOf(names.tenant, { ...change, source: held.source }),
              ...(attached && {
                attachments: [...change.attachments],
                blobs: change.attachments.map(names.of),
              }),
            },
            ...(!attached && { $unset: { attachments: true, blobs: true } }),
          },
        },
      })
      ids.push({ updateOne: { filter: { _id: known._id }, update: { $set: { actor, fingerprint } } } })
    }
    // One by one: a statement whose actor is another may move to another shard, and only a lone update may do that.
    for (const one of statements) await schema.statement.bulkWrite([one], { session })
    await schema.id.bulkWrite(ids, { session, ordered: false })
    await keepNames(changes, there, session)
    const blobs = changes.flatMap(({ attachments }) => attachments.map(names.of))
    if (blobs.length > 0)
      await schema.blob.updateMany({ _id: { $in: blobs } }, putToUse(clock()), { session })
    const told = changes.map(({ id }) => id)
    await schema.event.insertOne(
      { _id: names.at(position), kind: 'rewritten', ids: told, reason },
      { session },
    )
    return dropNames(
      [...there.values()].map(({ held }) => held),
      session,
    )
  }

  /** Names that are stated now have a document each. */
  async function keepNames(
    changes: readonly Rewrite[],
    there: ReadonlyMap<string, { held: Held }>,
    session: ClientSession,
  ): Promise<void> {
    const stated = changes.flatMap(({ id, names: all }) =>
      all.map(({ agent, name }) => names.of(nameKey(agent, there.get(id)!.held.source, name))),
    )
    await insertNames(stated, session)
  }

  async function insertNames(stated: readonly string[], session?: ClientSession): Promise<void> {
    const upserts = [...new Set(stated)].map((_id) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { _id } }, upsert: true },
    }))
    if (upserts.length > 0)
      await schema.name.bulkWrite(upserts, { ...(session && { session }), ordered: false })
  }

  /** A name that no statement states any more goes, for it tells of a person. Returns the keys of those that went. */
  async function dropNames(held: readonly Held[], session: ClientSession): Promise<string[]> {
    const keys = new Set(
      held.flatMap(({ source, names: all }) =>
        (all ?? []).map(({ agent, name }) => nameKey(agent, source, name)),
      ),
    )
    const gone: string[] = []
    for (const key of keys) if (!(await isStated(key, session))) gone.push(key)
    if (gone.length > 0) await schema.name.deleteMany({ _id: { $in: gone.map(names.of) } }, { session })
    return gone
  }

  const isStated = (key: string, session?: ClientSession) =>
    schema.statement
      .find({ terms: termOf(names.tenant, key) }, { ...(session && { session }), projection: { _id: 1 } })
      .hint('by-term')
      .limit(1)
      .next()

  /**
   * A statement that was on its way while a name went may state it, and saw it there. Once every transaction that could
   * have seen that has ended, such a name is put back.
   */
  async function restoreNames(gone: readonly string[]): Promise<void> {
    if (gone.length === 0) return
    await gate.passed()
    const stated: string[] = []
    for (const key of gone) if (await isStated(key)) stated.push(names.of(key))
    await insertNames(stated)
  }

  async function purgeAll(
    ids: readonly string[],
    reason: string,
    session: ClientSession,
    position: number,
  ): Promise<{ purged: string[]; gone: string[] }> {
    const there = [...(await findHeld([...new Set(ids)], session)).values()]
    const purged = there.map(({ held }) => held.id)
    if (purged.length === 0) return { purged, gone: [] }
    await schema.statement.deleteMany({ _id: { $in: there.map(({ held }) => held._id) } }, { session })
    await schema.id.bulkWrite(
      there.map(({ known: { _id, target } }) =>
        // Referrers stay, as to one that never came; and a void among them waits again.
        target
          ? { replaceOne: { filter: { _id }, replacement: { target, waiting: 1 } } }
          : { deleteOne: { filter: { _id } } },
      ),
      { session, ordered: false },
    )
    await schema.event.insertOne(
      { _id: names.at(position), kind: 'purged', ids: purged, reason },
      { session },
    )
    const gone = await dropNames(
      there.map(({ held }) => held),
      session,
    )
    return { purged, gone }
  }

  return {
    rewrite: (changes, reason) =>
      connection.ask(async () => {
        if (changes.length === 0) return true
        const { result: gone } = await inOrder(connection, schema, gate, 1, async (session, ticket) => {
          const result = await rewriteAll(changes, reason, session, ticket.first)
          return { result, done: result && { fresh: 0, references: false } }
        })
        if (gone) await restoreNames(gone)
        return gone !== null
      }),
    purge: (ids, reason) =>
      connection.ask(async () => {
        const { result } = await inOrder(connection, schema, gate, 1, async (session, ticket) => {
          const one = await purgeAll(ids, reason, session, ticket.first)
          const fresh = -one.purged.length
          return { result: one, done: fresh === 0 ? null : { fresh, references: false } }
        })
        await restoreNames(result.gone)
        return result.purged.length
      }),
  }
}
