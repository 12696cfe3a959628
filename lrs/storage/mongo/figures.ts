import { MongoServerError } from 'mongodb'
import type { DatabaseFigures, TenantId } from '../port.ts'
import type { Connection } from './connect.ts'
import type { Calls } from './count-calls.ts'
import { namesOf, SYSTEM } from './names.ts'
import { INDEXES, type Schema } from './schema.ts'
import type { Tenant } from './tenant.ts'

/** What hangs on statements grows with their number; what else a tenant has is counted. */
const BY_STATEMENTS = ['statement', 'id', 'moment', 'event', 'definition', 'name'] as const
const COUNTED = ['document', 'doc', 'entry'] as const
/** Counting goes through all of a tenant's documents: so long its answer is told again, ms. */
const COUNTED_FOR = 300_000

/**
 * Figures of the system and of every tenant that statements were written for. MongoDB tells the size of collections, which
 * tenants share: each has the part of its documents, indexes with it, as they are before they are compressed. Calls are
 * those of this process.
 */
export function createFigures(
  { ask }: Connection,
  schema: Schema,
): (system: Calls, tenants: ReadonlyMap<TenantId, Tenant>) => Promise<DatabaseFigures[]> {
  const counts = new Map<string, { count: Promise<number>; at: number }>()

  function countOf(tenant: TenantId, name: (typeof COUNTED)[number]): Promise<number> {
    const key = `${tenant}/${name}`
    const known = counts.get(key)
    if (known && performance.now() - known.at < COUNTED_FOR) return known.count
    const count = ask(() =>
      schema[name].countDocuments({ _id: namesOf(tenant).within() } as object, { hint: { _id: 1 } }),
    )
    counts.set(key, { count, at: performance.now() })
    count.catch(() => counts.delete(key))
    return count
  }

  async function bytesOf(tenant: TenantId, statements: number, sizes: Sizes, all: number): Promise<number> {
    const ofStatements = BY_STATEMENTS.reduce((sum, name) => sum + sizes[name].bytes, 0)
    const others = await Promise.all(
      COUNTED.map(async (name) => part(sizes[name].bytes, await countOf(tenant, name), sizes[name].count)),
    )
    return Math.round(others.reduce((sum, bytes) => sum + bytes, part(ofStatements, statements, all)))
  }

  return async (system, tenants) => {
    const gates = await ask(() =>
      schema.gate.find({ position: { $gt: 0 } }, { projection: { statements: 1 } }).toArray(),
    )
    const sizes = await ask(() => sizesOf(schema))
    const counted = await Promise.all(
      gates.map(async ({ _id, statements }) => ({
        tenant: _id,
        calls: { ...(tenants.get(_id)?.calls ?? NO_CALLS) },
        statements: (await tenants.get(_id)?.storage.statements.count()) ?? statements,
      })),
    )
    const all = counted.reduce((sum, { statements }) => sum + statements, 0)
    return Promise.all([
      bytesOf(SYSTEM, 0, sizes, all).then((bytes) => ({
        tenant: null,
        bytes,
        logBytes: 0,
        ...system,
        statements: 0,
      })),
      ...counted.map(async ({ tenant, statements, calls }) => ({
        tenant,
        bytes: await bytesOf(tenant, statements, sizes, all),
        logBytes: 0,
        ...calls,
        statements,
      })),
    ])
  }
}

const NO_CALLS: Calls = { reading: 0, waiting: 0 }

type Sizes = Record<keyof Schema, { bytes: number; count: number }>

const part = (bytes: number, mine: number, all: number) => bytes * Math.min(1, mine / Math.max(1, all))

/** Each shard tells its own. */
async function sizesOf(schema: Schema): Promise<Sizes> {
  const names = Object.keys(INDEXES) as (keyof Schema)[]
  const sizes = await Promise.all(
    names.map(async (name) => {
      const shards = await schema[name]
        .aggregate<{ storageStats: { size: number; count: number; totalIndexSize?: number } }>([
          { $collStats: { storageStats: {} } },
        ])
        .toArray()
        .catch(noneWhereNotThere)
      const told = shards.map(({ storageStats }) => storageStats)
      return [
        name,
        {
          bytes: told.reduce((sum, { size, totalIndexSize = 0 }) => sum + size + totalIndexSize, 0),
          count: told.reduce((sum, { count }) => sum + count, 0),
        },
      ]
    }),
  )
  return Object.fromEntries(sizes) as Sizes
}

const NAMESPACE_NOT_FOUND = 26
function noneWhereNotThere(error: unknown): [] {
  if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return []
  throw error
}
