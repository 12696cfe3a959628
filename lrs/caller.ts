import type { SourceId, TenantId } from './storage/port.ts'

/** What a credential may do (xAPI 1.0.3 Communication 4.2, with `statements/void` and `define`'s neighbours). */
export const SCOPES = [
  'statements/write',
  'statements/read',
  'statements/read/mine',
  'statements/void',
  'state',
  'define',
  'profile',
  'all/read',
  'all',
] as const
export type Scope = (typeof SCOPES)[number]

/** What a new credential gets: its own source's business and nothing of others'. */
export const DEFAULT_SCOPES: readonly Scope[] = [
  'statements/write',
  'statements/read/mine',
  'state',
  'profile',
  'define',
]

/** Who speaks: made by lrs/auth from a credential, or by a part of the product for its own source. */
export interface Caller {
  tenant: TenantId
  source: SourceId
  /** Id of the credential, or of the part of the product (`h5p`). */
  credential: string
  /** The source's agent, set as `authority`; deterministic per source. */
  authority: Authority
  scopes: ReadonlySet<Scope>
  /** The person who reads through a page of the product. All that a person sees so is told as a foreign read. */
  person?: string
}

export interface Authority {
  objectType: 'Agent'
  name: string
  account: { homePage: string; name: string }
}

const IMPLIED: Partial<Record<Scope, readonly Scope[]>> = {
  'statements/read/mine': ['statements/read', 'all/read'],
  'statements/read': ['all/read'],
}

/** Whether the caller holds the scope itself, one that implies it, or `all`. */
export function allows(caller: Pick<Caller, 'scopes'>, scope: Scope): boolean {
  const { scopes } = caller
  return (
    scopes.has(scope) || scopes.has('all') || (IMPLIED[scope]?.some((wider) => scopes.has(wider)) ?? false)
  )
}
