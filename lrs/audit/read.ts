import type { Collections } from '../storage/collections.ts'
import type { TenantId } from '../storage/port.ts'
import { AUDIT, type AuditDocument, type AuditEntry, type AuditKind, auditTag, idAt } from './entry.ts'

export interface AuditFilter {
  kind?: AuditKind
  /** Source that was changed, that read or voided, or whose statements were read or voided. */
  source?: string
  /** Actor, credential, person or statement. */
  who?: string
  /** Both inclusive, ms. */
  since?: number
  until?: number
  /** Only entries before this one: `next` of an earlier page. */
  before?: string
  limit: number
}
export interface AuditPage {
  /** Newest first. */
  entries: AuditEntry[]
  next: string | null
}

/**
 * A page of the log. An entry lies where its change lies, so a log is kept in several places (`stores`): what concerns
 * credentials in the system's collections, what concerns people and statements in the tenant's.
 */
export async function readAudit(
  stores: readonly Collections[],
  tenant: TenantId,
  { kind, source, who, since = 0, until, before, limit }: AuditFilter,
): Promise<AuditPage> {
  const tags = auditTag(tenant, { ...(kind && { kind }), ...(source && { source }), ...(who && { who }) })
  const ends = [before, until === undefined ? undefined : idAt(until + 1)].filter((end) => end !== undefined)
  const [end] = ends.sort()
  const pages = await Promise.all(
    stores.map((store) =>
      store.find(AUDIT, {
        index: 'tags',
        equals: { tags },
        range: { gte: idAt(since), ...(end === undefined ? {} : { lt: end }) },
        descending: true,
        limit: limit + 1,
      }),
    ),
  )
  const found = pages.flatMap((page) => page.docs.map((doc) => entryOf(doc.value)))
  const entries = found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit)
  return { entries, next: found.length > limit ? (entries.at(-1)?.id ?? null) : null }
}

/** The entry without what only serves to find it. */
export function entryOf({ tags: _, ...entry }: AuditDocument): AuditEntry {
  return entry
}
