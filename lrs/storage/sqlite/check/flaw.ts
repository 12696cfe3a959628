import type { WriteContext } from '../operations/context.ts'

/** Something wrong in one database, as the threads find it. */
export interface Flaw {
  kind: FlawKind
  what: string
  /** Puts it right; absent where nothing in the database tells how. */
  fix?: (context: WriteContext) => void
}

const INDEXES = 'Run: suotdoi rebuild indexes'
const RESTORE =
  'Copy the data folder aside, then restore the newest backup that verifies (docs/operations.md, “A damaged file”).'
const BLOB =
  'Put the file from a backup back in its place (docs/operations.md, “A damaged attachment”); without one, ask its sender to send it again.'

/** What each kind of flaw asks for. */
export const REMEDIES = {
  'database-damaged': RESTORE,
  'entry-missing': INDEXES,
  'entry-extra': INDEXES,
  'term-missing': INDEXES,
  'posting-wrong': INDEXES,
  'reference-wrong': INDEXES,
  'void-wrong': INDEXES,
  'moment-missing': INDEXES,
  'attachment-wrong': INDEXES,
  'count-wrong': INDEXES,
  'document-index-missing': INDEXES,
  'document-index-extra': INDEXES,
  'feed-hole': RESTORE,
  'position-wrong': RESTORE,
  'blob-unknown': BLOB,
  'blob-missing': BLOB,
  'blob-changed': BLOB,
  'file-unknown':
    'Nothing names this file. Leave it to the daily collection of attachments; if it is still there tomorrow, remove it.',
} as const
export type FlawKind = keyof typeof REMEDIES
