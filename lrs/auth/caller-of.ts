import type { Authority, Caller, Scope } from '../caller.ts'
import type { TenantId } from '../storage/port.ts'
import type { Source } from './sources.ts'

/**
 * The agent that stands as `authority` on all that a source sends. Its account depends on nothing but tenant and
 * source, so it outlives secrets, host names and addresses.
 */
export function authorityOf(source: Pick<Source, 'id' | 'tenant' | 'name'>): Authority {
  return {
    objectType: 'Agent',
    name: source.name,
    account: { homePage: authorityHomePage(source.tenant), name: source.id },
  }
}

export const authorityHomePage = (tenant: TenantId) => `urn:suotdoi:tenant:${tenant}`

/** The only place where a `Caller` is made. */
export function callerFor(source: Source, credential: string, scopes: readonly Scope[]): Caller {
  return {
    tenant: source.tenant,
    source: source.id,
    credential,
    authority: authorityOf(source),
    scopes: new Set(scopes),
  }
}
