import type { ForeignRead, MayShow } from '../lrs.ts'
import type { Storage, TenantId } from '../storage/port.ts'
import { PAGE_LIMITS, type PageLimits, type Services } from './services.ts'
import { createCursorSigner, loadCursorKey } from './statements/cursor.ts'

/** The services of each tenant, made once. */
export function createServices(
  options: {
    storage: Storage
    page?: Partial<PageLimits>
    mayShowOf?(tenant: TenantId): MayShow | undefined
    onForeignRead?(read: ForeignRead): void
  },
  documentBytes: number,
): (tenant: TenantId) => Promise<Services> {
  const { storage, page = {}, mayShowOf, onForeignRead = () => {} } = options
  const made = new Map<TenantId, Services>()
  let key: Promise<Buffer> | undefined
  return async (tenant) => {
    const known = made.get(tenant)
    if (known) return known
    key ??= loadCursorKey(storage.system)
    // After an outage the next request tries anew.
    key.catch(() => {
      key = undefined
    })
    const services: Services = {
      tenant,
      storage: storage.tenant(tenant),
      cursors: createCursorSigner(await key, tenant),
      page: { ...PAGE_LIMITS, ...page },
      documentBytes,
      mayShow: mayShowOf?.(tenant),
      onForeignRead,
    }
    made.set(tenant, services)
    return services
  }
}
