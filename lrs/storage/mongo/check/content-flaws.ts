import { setTimeout as pause } from 'node:timers/promises'
import type { ClientSession } from 'mongodb'
import { putToUse } from '../blobs.ts'
import { createGate } from '../gate.ts'
import { positionOf } from '../names.ts'
import type { StatementDocument } from '../schema.ts'
import { nameKey } from '../terms.ts'
import type { Flaw } from './flaw.ts'
import type { Place } from './place.ts'

export type Statement = Omit<StatementDocument, 'text'>

export const named = ({ id, _id }: Pick<Statement, 'id' | '_id'>) =>
  `statement ${id} (position ${positionOf(_id)})`

/** A statement keeps just its attachments from being collected. */
export function keptBlobs({ schema, names, clock }: Place, one: Statement): Flaw[] {
  const { _id, actor } = one
  const expected = [...new Set(one.attachments ?? [])].map(names.of)
  if (sameSets(expected, one.blobs ?? [])) return []
  return [
    {
      kind: 'attachment-wrong',
      what: `Other attachments are kept for ${named(one)} than it has: one could be collected.`,
      at: _id,
      async fix(session) {
        const options = session ? { session } : {}
        const change =
          expected.length > 0 ? { $set: { blobs: expected } } : { $unset: { blobs: true as const } }
        await schema.statement.updateOne({ _id, actor }, change, options)
        await schema.blob.updateMany({ _id: { $in: expected } }, putToUse(clock()), options)
      },
    },
  ]
}

export async function unknownBlobs(
  { schema, names }: Place,
  statements: readonly Statement[],
  session?: ClientSession,
): Promise<Flaw[]> {
  const all = new Set(statements.flatMap(({ attachments = [] }) => attachments))
  if (all.size === 0) return []
  const found = await schema.blob
    .find({ _id: { $in: [...all].map(names.of) } }, { ...(session && { session }), projection: { _id: 1 } })
    .toArray()
  const there = new Set(found.map(({ _id }) => _id))
  return statements.flatMap((one) =>
    [...new Set(one.attachments ?? [])]
      .filter((sha2) => !there.has(names.of(sha2)))
      .map(
        (sha2): Flaw => ({
          kind: 'blob-unknown',
          what: `The attachment ${sha2} of ${named(one)} is not in the store.`,
          at: one._id,
        }),
      ),
  )
}

/** Each name that these state is in the list of names. */
export async function missingNames(
  { schema, names }: Place,
  statements: readonly Statement[],
  session?: ClientSession,
): Promise<Flaw[]> {
  const stated = statements.flatMap((one) =>
    (one.names ?? []).map(({ agent, name }) => ({ one, _id: names.of(nameKey(agent, one.source, name)) })),
  )
  if (stated.length === 0) return []
  const options = session ? { session } : {}
  const found = await schema.name.find({ _id: { $in: stated.map(({ _id }) => _id) } }, options).toArray()
  const there = new Set(found.map(({ _id }) => _id))
  return stated
    .filter(({ _id }) => !there.has(_id))
    .map(
      ({ one, _id }): Flaw => ({
        kind: 'name-missing',
        what: `A name that ${named(one)} states is not in the list of names.`,
        at: one._id,
        fix: (session) =>
          schema.name.updateOne(
            { _id },
            { $setOnInsert: { _id } },
            { upsert: true, ...(session && { session }) },
          ),
      }),
    )
}

/** How long an erasure takes behind the last ticket that it waits for, ms. */
const RESTORING = 1_000

/**
 * A name that went with an erasure, and that a statement which was on its way states, is put back by who erased, when all
 * that was on its way has ended (erase.ts).
 */
export async function namesRestored({ connection, schema, names, clock }: Place): Promise<void> {
  const gate = createGate(connection, schema, names, clock)
  await gate.passed()
  await gate.end()
  await pause(RESTORING)
}

export function sameSets<T>(one: readonly T[], other: readonly T[]): boolean {
  const [a, b] = [new Set(one), new Set(other)]
  return a.size === b.size && [...a].every((value) => b.has(value))
}
