import type { RecordPlace } from '../../held-record.ts'
import {
  type Extent,
  type HeldCounters,
  type Holdings,
  type Part,
  type Place,
  type Portion,
  portionsOf,
  type ReadPage,
  sortedTenants,
} from '../../holding.ts'
import { type Position, StorageUnavailable, type TenantId } from '../../port.ts'
import { tenantsOf } from '../check/tenants-of.ts'
import type { Connection } from '../connect.ts'
import { namesOf, SYSTEM } from '../names.ts'
import { type Schema, schemaOf } from '../schema.ts'
import { READERS } from './read.ts'
import { createRecordReader, lastPosition, SPAN } from './read-record.ts'
import type { Reading } from './reading.ts'

/**
 * What the database keeps: as of one moment, for as long as the server remembers that, or as it is when nobody writes.
 * Rejects with MomentForgotten when the server does not remember it any more.
 */
export async function holdingsOf(connection: Connection, still: boolean): Promise<Holdings> {
  const { ask } = connection
  const { client, db } = connection.unhurried()
  const schema = schemaOf(db)
  const session = still ? null : client.startSession({ snapshot: true })
  const close = async () => {
    await session?.endSession()
    await client.close()
  }
  const inSession = session ? { session } : {}
  const reading = (tenant: TenantId | null): Reading => ({
    schema,
    names: namesOf(tenant ?? SYSTEM),
    session: inSession,
  })
  const asked = <T>(work: () => Promise<T>) =>
    ask(() =>
      work().catch((error: unknown) => {
        throw isForgotten(error) ? new MomentForgotten(FORGOTTEN) : error
      }),
    )
  try {
    // The first read says which moment it is; of several at once each would.
    await asked(() => schema.format.findOne({ _id: SYSTEM }, inSession))
    const tenants = sortedTenants(
      (await asked(() => tenantsOf({ connection, schema }))).filter((tenant) => tenant !== SYSTEM),
    )
    const extents: Extent[] = []
    for (const tenant of tenants) extents.push(await asked(() => extentOf(reading(tenant), tenant)))
    const counters = new Map(extents.map((extent) => [extent.tenant, countersOf(extent)]))
    async function* portions(from: Place | null): AsyncGenerator<Portion> {
      const records = new Map(
        extents.map(({ tenant, position }) => [tenant, createRecordReader(reading(tenant), position)]),
      )
      const read: ReadPage = (tenant, part, after) =>
        asked<unknown>(() =>
          part === 'record'
            ? records.get(tenant)!.read(after as RecordPlace | null)
            : READERS[part as Exclude<Part, 'record'>](
                reading(tenant),
                after as never,
                counters.get(tenant)!,
              ),
        ) as never
      try {
        yield* portionsOf(tenants, read, from)
      } finally {
        for (const record of records.values()) await record.close()
      }
    }
    return {
      extents,
      portions,
      async content(tenant, sha2) {
        const { names } = reading(tenant)
        const blob = await asked(() => schema.blob.findOne({ _id: names.of(sha2) }, inSession))
        const file =
          blob && (await asked(() => schema['content.files'].findOne({ _id: blob.file }, inSession)))
        if (!blob || file?.length !== blob.size) return null
        return piecesOf(schema, blob.file, inSession)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** By the session, so that what is collected meanwhile is still there. */
async function* piecesOf(
  schema: Schema,
  file: unknown,
  session: Reading['session'],
): AsyncGenerator<Uint8Array> {
  const chunks = schema['content.chunks'].find({ files_id: file as never }, session).sort({ n: 1 })
  for await (const { data } of chunks) yield (data as unknown as { value(): Uint8Array }).value()
}

async function extentOf(reading: Reading, tenant: TenantId | null): Promise<Extent> {
  const { schema, names, session } = reading
  const within = { _id: names.within() }
  const count = (name: 'blob' | 'hold' | 'definition' | 'document' | 'doc') =>
    (schema[name] as unknown as Schema['event']).countDocuments(within, { ...session, hint: { _id: 1 } })
  const [gate, position, blobs, holds, activities, documents, docs] = await Promise.all([
    schema.gate.findOne({ _id: names.tenant }, session),
    lastPosition(reading),
    ...(['blob', 'hold', 'definition', 'document', 'doc'] as const).map((name) => count(name)),
  ])
  const [statements, events, moments] = await Promise.all(
    (['statement', 'event', 'moment'] as const).map((name) => countRecord(reading, name, position)),
  )
  const [purged, bytes] = await Promise.all([
    sumOf(schema.event, [{ $match: { ...within, kind: 'purged' } }, sumBy({ $size: '$ids' })], session),
    sumOf(schema.blob, [{ $match: within }, sumBy('$size')], session),
  ])
  return {
    tenant,
    position,
    stored: gate?.last ?? 0,
    statements: statements!,
    unused: position - statements! - events! - purged,
    items: {
      blobs: blobs!,
      holds: holds!,
      record: statements! + events! + moments!,
      activities: activities!,
      documents: documents!,
      indexes: 0,
      docs: docs!,
      counters: 1,
    },
    blobBytes: bytes,
  }
}

/** Of millions, span by span as they are read. */
async function countRecord(
  { schema, names, session }: Reading,
  name: 'statement' | 'event' | 'moment',
  end: Position,
): Promise<number> {
  let count = 0
  for (let after = 0; after < end; after += SPAN) {
    const within = { _id: { $gt: names.at(after), $lte: names.at(Math.min(after + SPAN, end)) } }
    count += await (schema[name] as Schema['event']).countDocuments(within, { ...session, hint: { _id: 1 } })
  }
  return count
}

const sumBy = (what: unknown) => ({ $group: { _id: null, sum: { $sum: what } } })

async function sumOf(
  collection: { aggregate: Schema['event']['aggregate'] },
  pipeline: object[],
  session: Reading['session'],
): Promise<number> {
  const [found] = await collection.aggregate<{ sum: number }>(pipeline, session).toArray()
  return found?.sum ?? 0
}

const countersOf = ({ position, stored, statements, unused }: Extent): HeldCounters => ({
  position,
  stored,
  statements,
  unused,
})

/** The server keeps what was at a moment for so long only as it is told to. */
export class MomentForgotten extends StorageUnavailable {
  override name = 'MomentForgotten'
}

const FORGOTTEN =
  'it took longer than the server remembers what was at one moment; let it remember for longer (docs/operations.md, “Backup of MongoDB”) and begin again'
/** SnapshotTooOld, SnapshotUnavailable. */
const FORGETTING = new Set<unknown>([239, 246])
const isForgotten = (error: unknown): boolean => FORGETTING.has((error as { code?: unknown }).code)
