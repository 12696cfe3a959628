import { appendAudit } from '../audit/entry.ts'
import { type Problem, type Refusal, refuse } from '../problem.ts'
import type { Collections } from '../storage/collections.ts'
import type { Storage, TenantId } from '../storage/port.ts'
import { TENANTS, type Tenant } from './collections.ts'

export const DEFAULT_TENANT: TenantId = 'main'

export interface Tenants {
  /** Ids are 1 to 63 of `a-z 0-9 -`, because they name folders and databases. */
  create(id: TenantId, name: string, by: string): Promise<Tenant | Refusal>
  get(id: TenantId): Promise<Tenant | null>
  list(): Promise<Tenant[]>
}

/** The tenants of one store. The tenant `main` is always there. */
export async function createTenants(storage: Pick<Storage, 'system'>): Promise<Tenants> {
  const { system } = storage
  await system.insert(TENANTS, DEFAULT_TENANT, {
    id: DEFAULT_TENANT,
    name: DEFAULT_TENANT,
    created: Date.now(),
  })
  return {
    create: (id, name, by) => createTenant(system, id, name, by),
    get: async (id) => (await system.get(TENANTS, id))?.value ?? null,
    async list() {
      const tenants: Tenant[] = []
      let after: string | undefined
      do {
        const page = await system.scan(TENANTS, { limit: 500, ...(after === undefined ? {} : { after }) })
        tenants.push(...page.docs.map((doc) => doc.value))
        after = page.next ?? undefined
      } while (after !== undefined)
      return tenants
    },
  }
}

/** Whether the store was ever used. */
export async function hasTenants({ system }: Pick<Storage, 'system'>): Promise<boolean> {
  return (await system.get(TENANTS, DEFAULT_TENANT)) !== null
}

async function createTenant(system: Collections, id: TenantId, name: string, by: string) {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) return refuse(MALFORMED)
  const tenant: Tenant = { id, name: name.trim() || id, created: Date.now() }
  const outcome = await system.batch([
    { op: 'insert', collection: TENANTS, key: id, value: tenant },
    appendAudit({ tenant: id, actor: by, action: 'tenant-create', detail: { name } }),
  ])
  return outcome.ok ? tenant : refuse(taken(id))
}

const MALFORMED: Problem = {
  id: 'tenant-id-malformed',
  status: 400,
  path: 'id',
  message: 'A tenant id is 1 to 63 of a-z, 0-9 and "-", not starting with "-". Choose such an id.',
}
const taken = (id: string): Problem => ({
  id: 'tenant-id-taken',
  status: 409,
  path: 'id',
  message: `There is a tenant "${id}" already. Choose another id.`,
})
