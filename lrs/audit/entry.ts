import { createHash, randomBytes } from 'node:crypto'
import { defineCollection, type Operation } from '../storage/collections.ts'
import type { SourceId, TenantId } from '../storage/port.ts'

/** Every act that leaves an entry, with the kind under which it is looked for. */
export const AUDIT_KIND = {
  'tenant-create': 'source',
  'source-create': 'source',
  'source-change': 'source',
  'credential-issue': 'credential',
  'credential-rotate': 'credential',
  'credential-narrow': 'credential',
  'credential-revoke': 'credential',
  'foreign-read': 'read',
  void: 'void',
  purge: 'erasure',
  rewrite: 're-keying',
  link: 'link',
  unlink: 'link',
  'link-contest': 'link',
  'link-source': 'link',
  'claim-code': 'link',
  merge: 'link',
  unmerge: 'link',
  'role-grant': 'account',
  'role-take': 'account',
  'dispute-make': 'correction',
  'dispute-answer': 'correction',
  'dispute-withdraw': 'correction',
  'organisation-create': 'organisation',
  'organisation-change': 'organisation',
  'organisation-close': 'organisation',
  'organisation-open': 'organisation',
  'invitation-make': 'organisation',
  'invitation-revoke': 'organisation',
  'invitation-decline': 'organisation',
  'hand-over-lessons': 'organisation',
  'lesson-move': 'organisation',
  confirm: 'organisation',
  'confirm-withdraw': 'organisation',
  'confirm-decline': 'organisation',
  'class-enter': 'organisation',
  'class-take-back': 'organisation',
  'password-change': 'account',
  'password-recover': 'account',
  'identifier-add': 'account',
  'identifier-prove': 'account',
  'identifier-remove': 'account',
  'recovery-codes-make': 'account',
  'recovery-code-issue': 'account',
  'sessions-end': 'account',
  'second-factor-add': 'account',
  'second-factor-change': 'account',
  'second-factor-remove': 'account',
  'second-factor-removal-ask': 'account',
  'second-factor-keep': 'account',
  'recovery-code-use': 'account',
  'passkey-add': 'account',
  'passkey-remove': 'account',
  'archive-make': 'account',
  'consent-answer': 'account',
  'provider-add': 'account',
  'provider-remove': 'account',
  'configuration-change': 'configuration',
  'mapping-change': 'configuration',
  'library-approve': 'configuration',
  'library-refuse': 'configuration',
  backup: 'operation',
  rebuild: 'operation',
} as const
export type AuditAction = keyof typeof AUDIT_KIND
export type AuditKind = (typeof AUDIT_KIND)[AuditAction]
export const AUDIT_KINDS = [...new Set(Object.values(AUDIT_KIND))]

/**
 * Who did what to what, when. Only ever appended, and sealed a while later (seal.ts). It names ids alone: no names of
 * people, no mail addresses, phone numbers, identifiers of LMSs or secrets.
 */
export interface AuditEntry {
  /** Grows with time; the order of the log. */
  id: string
  at: number
  tenant: TenantId
  /** A person's id, `cli:<account>` for a command, a credential, a source that voided, or a part of the product. */
  actor: string
  action: AuditAction
  /** The source that was changed, that read, or that voided. */
  source: SourceId | null
  credential: string | null
  /** Ids of the persons and statements concerned. */
  subjects: string[]
  /** Other sources concerned: those whose statements were read or voided. */
  of: SourceId[]
  detail: { [key: string]: string | number | null | string[] }
}
/** What the caller tells of an entry; what is left out is none. */
export type AuditNote = Pick<AuditEntry, 'tenant' | 'actor' | 'action'> &
  Partial<Pick<AuditEntry, 'source' | 'credential' | 'subjects' | 'of' | 'detail'>>

/** `tags` is what an entry is found under: every combination of kind, source and whom it concerns. */
export type AuditDocument = AuditEntry & { tags: string[] }
export const AUDIT = defineCollection<AuditDocument>('audit', { tags: ['tags', 'id'] })

/** Entries of more subjects than this are bulk work: they are found by kind, source, actor and time. */
const MOST_TAGGED = 20

/** The clock may step back, the log may not: what was sealed stays complete. */
let latest = 0
/** Entries of this process in that millisecond: they keep their order. */
let inIt = 0
/** No entry of this process gets an earlier time from now on. */
export function auditNotBefore(at: number): void {
  if (at <= latest) return
  latest = at
  inIt = 0
}

/**
 * The operation that appends an entry, for the batch of the change that it tells of. With `key`, the batch fails when
 * that entry is there already; else the key is random, so that appending never conflicts.
 */
export function appendAudit(note: AuditNote, key?: string): Operation {
  auditNotBefore(Date.now())
  const id = `${idAt(latest)}-${(inIt++).toString(16).padStart(4, '0')}${randomBytes(5).toString('hex')}`
  const entry: AuditEntry = {
    source: null,
    credential: null,
    subjects: [],
    of: [],
    detail: {},
    ...note,
    id,
    at: latest,
  }
  const value: AuditDocument = { ...entry, tags: tagsOf(entry) }
  return { op: 'insert', collection: AUDIT, key: key ?? id, value }
}

/** The beginning of the ids of that millisecond; ids compare as their times do. */
export const idAt = (ms: number) => Math.max(0, ms).toString(36).padStart(9, '0')

/**
 * The tag under which a tenant's entries with all of these are found; without any, all of its entries. Hashed: an entry
 * has a dozen of them, and short ones halve what it takes on disk.
 */
export function auditTag(
  tenant: TenantId,
  of: { kind?: string; source?: string; who?: string } = {},
): string {
  const text = JSON.stringify([tenant, of.kind ?? 0, of.source ?? 0, of.who ?? 0])
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

function tagsOf(entry: AuditEntry): string[] {
  const { tenant, action, actor, source, credential, subjects, of } = entry
  const whos = [actor, credential, ...(subjects.length > MOST_TAGGED ? [] : subjects)]
  const pairs = [
    ...[source, null].flatMap((one) => [null, ...whos].map((who) => [one, who] as const)),
    ...of.map((one) => [one, null] as const),
  ]
  const tags = pairs.flatMap(([one, who]) => {
    const rest = { ...(one !== null && { source: one }), ...(who !== null && { who }) }
    return [auditTag(tenant, rest), auditTag(tenant, { ...rest, kind: AUDIT_KIND[action] })]
  })
  return [...new Set(tags)]
}
