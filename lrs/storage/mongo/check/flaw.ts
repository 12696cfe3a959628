import type { ClientSession } from 'mongodb'
import type { TenantId } from '../../port.ts'

/** Something wrong with what one tenant has. */
export interface Flaw<Id = string> {
  kind: FlawKind
  what: string
  /** The document at which it was found. */
  at: Id
  /** Where it is not the tenant that is looked through. */
  tenant?: TenantId
  /** Puts it right; absent where nothing in the database tells how. */
  fix?(session?: ClientSession): Promise<unknown>
}

/** One way through what one tenant has. */
export interface Look<Id = string> {
  /** What it counts for in the progress. */
  counts?: true
  /** Ids of the documents it goes through, page by page. */
  pages(): AsyncIterable<readonly Id[]>
  /** What is wrong with these, as far as reads one after another can tell; within a session, as of one moment. */
  flaws(ids: readonly Id[], session?: ClientSession): Promise<Flaw<Id>[]>
  /** Resolves when what seems wrong, and only seems so for a while, has been put right by who is at it. */
  settled?(seeming: readonly Flaw<Id>[]): Promise<void>
  /** How to look again at what seems wrong, for others write. */
  again: 'at one moment' | 'apart'
}

const INDEXES = 'Run: suotdoi rebuild indexes'
const RESTORE =
  'Keep a copy of the database, then restore the newest backup that verifies (docs/operations.md, “A damaged file”).'
const BLOB =
  'Ask its sender to send it again, or restore it from a backup (docs/operations.md, “A damaged attachment”).'

/** What each kind of flaw asks for. */
export const REMEDIES = {
  'index-missing': INDEXES,
  'id-missing': INDEXES,
  'id-wrong': INDEXES,
  'term-wrong': INDEXES,
  'name-missing': INDEXES,
  'name-extra': INDEXES,
  'reference-wrong': INDEXES,
  'void-wrong': INDEXES,
  'moment-missing': INDEXES,
  'attachment-wrong': INDEXES,
  'count-wrong': INDEXES,
  'document-index-missing': INDEXES,
  'document-index-extra': INDEXES,
  'file-unknown': INDEXES,
  'statement-twice': RESTORE,
  'feed-hole': RESTORE,
  'position-wrong': RESTORE,
  'blob-unknown': BLOB,
  'blob-missing': BLOB,
  'blob-changed': `Remove its document from content.files. ${BLOB}`,
} as const
export type FlawKind = keyof typeof REMEDIES
