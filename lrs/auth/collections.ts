import { defineCollection } from '../storage/collections.ts'
import type { SourceId, TenantId } from '../storage/port.ts'
import type { Credential, Source } from './sources.ts'

/** One body that keeps its own record: a province. */
export interface Tenant {
  id: TenantId
  name: string
  created: number
}

/** A credential as kept: its secret only as hashes. */
export interface CredentialRow extends Credential {
  /** Argon2id, for whatever the secret is. */
  hash: string
  /** SHA-256, base64url, of a secret that was made here: of 256 random bits it tells nothing. Absent for one that was given. */
  digest?: string
}

export const TENANTS = defineCollection<Tenant>('tenants')
/** Key: `<tenant>/<source>`. */
export const SOURCES = defineCollection<Source>('sources', { tenant: ['tenant', 'created'] })
/** Key: the credential's key, unique in the whole store, because it is looked up before the tenant is known. */
export const CREDENTIALS = defineCollection<CredentialRow>('credentials', {
  tenant: ['tenant', 'created'],
  source: ['tenant', 'source', 'created'],
})

export const sourceKey = (tenant: TenantId, source: SourceId) => `${tenant}/${source}`
