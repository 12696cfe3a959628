import type { Collection } from 'mongodb'
import type { TenantId } from '../../port.ts'
import type { Connection } from '../connect.ts'
import { namesOf, tenantOf } from '../names.ts'
import type { Schema } from '../schema.ts'

const ANYTHING = [
  'statement',
  'id',
  'event',
  'name',
  'doc',
  'entry',
  'blob',
  'hold',
  'document',
  'definition',
  'choice',
] as const

/** Everybody who has something in the database, the system too; a few reads for each. */
export async function tenantsOf({
  connection: { ask },
  schema,
}: {
  connection: Connection
  schema: Schema
}): Promise<TenantId[]> {
  const tenants = new Set(
    (await ask(() => schema.gate.find({}, { projection: { _id: 1 } }).toArray())).map(({ _id }) => _id),
  )
  for (const name of ANYTHING) {
    const collection = schema[name] as unknown as Collection<{ _id: string }>
    for (let from = ''; ; ) {
      const next = await ask(() =>
        collection.findOne(
          { _id: { $gte: from } },
          { projection: { _id: 1 }, sort: { _id: 1 }, hint: { _id: 1 } },
        ),
      )
      if (!next) break
      const tenant = tenantOf(next._id)
      tenants.add(tenant)
      from = namesOf(tenant).within().$lt
    }
  }
  return [...tenants].sort()
}
