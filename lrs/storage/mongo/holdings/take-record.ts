import {
  type AnyBulkWriteOperation,
  type Collection,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
} from 'mongodb'
import type { HeldEvent, HeldMoment, HeldParts, HeldStatement } from '../../holding.ts'
import type { Names } from '../names.ts'
import type { EventDocument, IdDocument, MomentDocument, Schema, StatementDocument } from '../schema.ts'
import { ACTOR, nameKey, termsOf } from '../terms.ts'

/**
 * Takes statements and what befell them over. Every document is the same whenever it is made, and one that is there
 * stays: so it needs no transaction, and can be done again.
 */
export async function takeRecord(
  schema: Schema,
  names: Names,
  items: readonly HeldParts['record'][],
): Promise<void> {
  const statements = items.filter((item): item is HeldStatement => item.kind === 'statement')
  const moments = items.filter((item): item is HeldMoment => item.kind === 'moment')
  const events = items.filter(
    (item): item is HeldEvent => item.kind !== 'statement' && item.kind !== 'moment',
  )
  const documents = statements.map((held) => documentOf(names, held))
  const stated = statements.flatMap((held) =>
    held.names.map(({ agent, name }) => names.of(nameKey(agent, held.source, name))),
  )
  await Promise.all([
    insertNew(schema.statement, documents),
    takeIds(schema, documents),
    insertNew(
      schema.event,
      events.map((event) => eventOf(names, event)),
    ),
    insertNew(
      schema.name,
      [...new Set(stated)].map((_id) => ({ _id })),
    ),
  ])
  await takeMoments(schema, names, moments, statements)
}

/** As it is written the first time (statement-unit.ts), but for what is known of it already. */
function documentOf(names: Names, held: HeldStatement): StatementDocument {
  const { id, stored, source, fingerprint, text, voided, attachments, keys } = held
  const _id = names.at(held.position)
  return {
    _id,
    id,
    stored,
    source,
    actor: names.of(keys.find((key) => key.startsWith(ACTOR)) ?? id),
    fingerprint,
    text,
    voided,
    ...(held.voiding && { voiding: true, ...(held.mayVoidForeign && { foreign: true }) }),
    ...(held.refersTo !== null && { refersTo: names.of(held.refersTo), referrer: _id }),
    ...(held.isTarget && { target: true }),
    ...(attachments.length > 0 && {
      attachments,
      blobs: [...new Set(attachments)].map(names.of),
    }),
    keys,
    ...(held.names.length > 0 && { names: held.names }),
    terms: termsOf(names.tenant, held),
  }
}

async function takeIds(schema: Schema, documents: readonly StatementDocument[]): Promise<void> {
  const ids = documents.map(({ _id, actor, source, fingerprint, voiding, voided, refersTo, target }) => ({
    at: Number(_id.slice(_id.indexOf('/') + 1)),
    actor,
    source,
    fingerprint,
    ...(voiding && { voiding }),
    ...(voided && { voided: true as const }),
    ...(refersTo !== undefined && { refersTo }),
    ...(target && { target }),
  }))
  const named = ids.map((rest, i): IdDocument => {
    const { _id, id } = documents[i]!
    return { _id: `${_id.slice(0, _id.indexOf('/') + 1)}${id}`, ...rest }
  })
  const there = await insertNew(schema.id, named)
  const changes: AnyBulkWriteOperation<IdDocument>[] = there.map(({ _id, ...rest }) => ({
    // Others referred to it before it came.
    updateOne: { filter: { _id, at: { $exists: false } }, update: { $set: rest, $unset: { waiting: true } } },
  }))
  for (const { refersTo, voiding } of documents) {
    if (refersTo === undefined) continue
    changes.push({
      updateOne: { filter: { _id: refersTo }, update: { $setOnInsert: { target: true } }, upsert: true },
    })
    if (voiding)
      changes.push({
        updateOne: { filter: { _id: refersTo, at: { $exists: false } }, update: { $set: { waiting: 1 } } },
      })
  }
  if (changes.length > 0) await schema.id.bulkWrite(changes)
}

function eventOf(names: Names, { position, ...event }: HeldEvent): EventDocument {
  return { _id: names.at(position), ...event }
}

/** A moment begins behind the one before. */
async function takeMoments(
  schema: Schema,
  names: Names,
  moments: readonly HeldMoment[],
  statements: readonly HeldStatement[],
): Promise<void> {
  const [first] = moments
  if (!first) return
  const before = await schema.moment
    .find({ tenant: names.tenant, stored: { $lt: first.stored } })
    .sort({ stored: -1 })
    .hint('by-time')
    .limit(1)
    .next()
  let last = before?.last ?? 0
  const documents: MomentDocument[] = []
  let at = 0
  for (const moment of moments) {
    let fresh = 0
    for (; at < statements.length && statements[at]!.position <= moment.last; at++) fresh++
    // Of the first one, some may have come with the portion before.
    if (moment === first)
      fresh = await schema.statement.countDocuments(
        { _id: { $gt: names.at(last), $lte: names.at(moment.last) } },
        { hint: { _id: 1 } },
      )
    documents.push({
      _id: names.at(last + 1),
      tenant: names.tenant,
      stored: moment.stored,
      last: moment.last,
      fresh,
    })
    last = moment.last
  }
  await insertNew(schema.moment, documents)
}

const DUPLICATE_KEY = 11_000

/** So many are inserted by one command; the server works on several at once. */
const AT_ONCE = 250

/** Inserts those that are not there. Returns the others. */
export async function insertNew<D extends { _id: string }>(
  collection: Collection<D>,
  documents: readonly D[],
): Promise<D[]> {
  const begins = Array.from({ length: Math.ceil(documents.length / AT_ONCE) }, (_, i) => i * AT_ONCE)
  const there = await Promise.all(
    begins.map((begin) => insertSome(collection, documents.slice(begin, begin + AT_ONCE))),
  )
  return there.flat()
}

async function insertSome<D extends { _id: string }>(collection: Collection<D>, documents: readonly D[]) {
  try {
    await collection.insertMany(documents as unknown as OptionalUnlessRequiredId<D>[], { ordered: false })
    return []
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error
    const errors = [error.writeErrors].flat()
    if (error.result.getWriteConcernError() || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error
    return errors.map(({ index }) => documents[index]!)
  }
}
