import { createHash } from 'node:crypto'
import { type Collections, defineCollection } from '../storage/collections.ts'
import type { TenantId } from '../storage/port.ts'
import { AUDIT, type AuditEntry, auditNotBefore, auditTag, idAt } from './entry.ts'
import { entryOf } from './read.ts'

/** A range of the log, closed for ever: each seal's hash covers its entries and the seal before it. */
export interface AuditSeal {
  tenant: TenantId
  /** 1, 2, 3, … in one store. */
  number: number
  /** Last entry before the range, and last entry in it. */
  after: string
  to: string
  entries: number
  /** SHA-256, hex. */
  hash: string
}
const SEALS = defineCollection<AuditSeal>('audit-seals', { number: ['tenant', 'number'] })
const NONE = { number: 0, to: '', hash: '' }

/** Most entries under one seal. */
const STEP = 1_000
/** Entries are sealed at this age: what was on its way into the store when they were written has arrived by then. */
export const SEALED_AFTER_MS = 600_000

/**
 * Seals what is old enough, and returns the newest seal (null: nothing was ever sealed). Taking an entry out, changing
 * it or putting one in between is evident from then on (`checkAudit`), and rewriting the whole chain is, to whoever has
 * kept an earlier hash.
 */
export async function sealAudit(
  store: Collections,
  tenant: TenantId,
  now: number = Date.now(),
): Promise<AuditSeal | null> {
  for (;;) {
    const last = await lastSeal(store, tenant)
    if (last) auditNotBefore(Number.parseInt(last.to.slice(0, 9), 36))
    const before = last ?? NONE
    const entries = await entriesIn(store, tenant, before.to, { lt: idAt(now - SEALED_AFTER_MS) })
    const to = entries.at(-1)?.id
    if (to === undefined) return last
    const number = before.number + 1
    const hash = hashOf(before.hash, entries)
    const seal: AuditSeal = { tenant, number, after: before.to, to, entries: entries.length, hash }
    // `false`: another process was faster, and the next turn goes on behind its seal.
    await store.insert(SEALS, `${tenant} ${String(number).padStart(12, '0')}`, seal)
  }
}

export interface AuditFinding {
  kind: 'audit'
  tenant: TenantId
  what: string
  mend: string
}

/** Goes through all seals of one store and tells of each that does not fit the log any more. */
export async function* checkAudit(store: Collections, tenant: TenantId): AsyncIterable<AuditFinding> {
  let before: Pick<AuditSeal, 'number' | 'to' | 'hash'> = NONE
  for (;;) {
    const page = await store.find(SEALS, {
      index: 'number',
      equals: { tenant },
      range: { gt: before.number },
      limit: 100,
    })
    if (page.docs.length === 0) return
    for (const { value: seal } of page.docs) {
      const what = await whatIsWrong(store, seal, before)
      if (what) yield { kind: 'audit', tenant, what: `Seal ${seal.number} of the audit: ${what}`, mend: MEND }
      before = seal
    }
  }
}
const MEND =
  'Compare the audit with that of a backup from before the change, and find out who could write to the data folder. The log itself cannot be mended.'

async function whatIsWrong(
  store: Collections,
  seal: AuditSeal,
  before: Pick<AuditSeal, 'number' | 'to' | 'hash'>,
): Promise<string | null> {
  if (seal.number !== before.number + 1)
    return `the seals ${before.number + 1} to ${seal.number - 1} are gone.`
  if (seal.after !== before.to) return 'it does not follow the seal before it.'
  const entries = await entriesIn(store, seal.tenant, seal.after, { lte: seal.to }, seal.entries + STEP)
  if (entries.length < seal.entries) return `${seal.entries - entries.length} of its entries are gone.`
  if (entries.length > seal.entries) return `${entries.length - seal.entries} entries were put in afterwards.`
  return hashOf(before.hash, entries) === seal.hash ? null : 'an entry, or the seal, was changed.'
}

async function lastSeal(store: Collections, tenant: TenantId): Promise<AuditSeal | null> {
  const page = await store.find(SEALS, { index: 'number', equals: { tenant }, descending: true, limit: 1 })
  return page.docs[0]?.value ?? null
}

async function entriesIn(
  store: Collections,
  tenant: TenantId,
  after: string,
  end: { lt: string } | { lte: string },
  limit = STEP,
): Promise<AuditEntry[]> {
  const found = await store.find(AUDIT, {
    index: 'tags',
    equals: { tags: auditTag(tenant) },
    range: { gt: after, ...end },
    limit,
  })
  return found.docs.map((doc) => entryOf(doc.value))
}

/** Over the members in a fixed order, whatever order a store returns them in. */
function hashOf(before: string, entries: readonly AuditEntry[]): string {
  const hash = createHash('sha256').update(before)
  for (const { id, at, tenant, actor, action, source, credential, subjects, of, detail } of entries) {
    const told = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1))
    const row = [id, at, tenant, actor, action, source, credential, subjects, of, told]
    hash.update(`\n${JSON.stringify(row)}`)
  }
  return hash.digest('hex')
}
