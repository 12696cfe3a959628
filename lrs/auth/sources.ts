import type { Caller, Scope } from '../caller.ts'
import type { Refusal } from '../problem.ts'
import type { SourceId, TenantId } from '../storage/port.ts'

/** One LMS, centre, organisation or tool. */
export interface Source {
  id: SourceId
  tenant: TenantId
  name: string
  kind: 'lms' | 'centre' | 'organisation' | 'tool' | 'product' | 'diary'
  /** Account home pages whose accounts this source vouches for. */
  homePages: string[]
  /** Activity IRI prefixes that are this source's own. */
  activityPrefixes: string[]
  /** Id of the organisation whose own it is; absent where that is not told. */
  organisation?: string
  /**
   * Id of the organisation in whose name the product itself tells what its people enter here. Set when it is made, and
   * never by hand: a source of an outside system has none, whatever its kind and its organisation.
   */
  speaksFor?: string
  created: number
}

/** A key of a source, without its secret. Two may be valid at once, so that a secret is changed without a gap. */
export interface Credential {
  /** The key: public half, user name of HTTP Basic. */
  key: string
  tenant: TenantId
  source: SourceId
  label: string
  scopes: Scope[]
  created: number
  expires: number | null
  revoked: number | null
}

/** Sources and their credentials: what the operator's page and the `suotdoi` commands call. Every change is logged with `by`. */
export interface SourceRegistry {
  create(
    source: {
      name: string
      kind: Source['kind']
      homePages?: string[]
      activityPrefixes?: string[]
      organisation?: string
      speaksFor?: string
    },
    by: string,
  ): Promise<Source | Refusal>
  change(
    id: SourceId,
    /** `organisation` null: none. */
    change: Partial<Pick<Source, 'name' | 'homePages' | 'activityPrefixes'>> & {
      organisation?: string | null
    },
    by: string,
  ): Promise<Source | Refusal>
  get(id: SourceId): Promise<Source | null>
  list(): Promise<Source[]>
  /** The secret is in the answer once and nowhere else. */
  issue(
    source: SourceId,
    options: {
      label: string
      scopes?: readonly Scope[]
      expires?: number | null
      key?: string
      secret?: string
    },
    by: string,
  ): Promise<{ credential: Credential; secret: string } | Refusal>
  /** A new credential with the same scopes; the old one stays valid until `overlapMs` from now (default one day). */
  rotate(
    key: string,
    by: string,
    overlapMs?: number,
  ): Promise<{ credential: Credential; secret: string } | Refusal>
  narrow(key: string, scopes: readonly Scope[], by: string): Promise<Credential | Refusal>
  revoke(key: string, by: string): Promise<Credential | Refusal>
  credentials(source?: SourceId): Promise<Credential[]>
  /** The caller for a part of the product that speaks as a source of its own (`h5p`). */
  callerOf(source: SourceId, part: string, scopes: readonly Scope[]): Promise<Caller>
}

/** Last requests of a source, kept in memory: what the LMS administrator watches while connecting. Never bodies or secrets. */
export interface RequestLog {
  note(entry: RequestNote): void
  /** Newest first, at most 50. */
  recent(source: SourceId): RequestNote[]
}
export interface RequestNote {
  at: number
  source: SourceId
  credential: string
  method: string
  path: string
  status: number
  /** First problems' messages when it was refused. */
  problems: string[]
  /** Id of the first. */
  problem?: string
  statements: number
  userAgent: string
}
