import type { HeldCounters, HeldEntry, HeldParts, HeldStatement, Part, Portion } from '../../holding.ts'
import { uuidBytes } from '../bytes.ts'
import { createArrivals } from '../operations/arrivals.ts'
import type { WriteContext } from '../operations/context.ts'
import { addEntries, type DeclaredIndex, declareIndexes, indexesOf } from '../operations/declared-indexes.ts'
import { internTarget, link } from '../operations/references.ts'
import { holdAttachment, termsOf } from '../operations/write-statements.ts'

/** Takes a portion of another store's holdings over. What is there already stays as it is: it came the same way. */
export function takePortion(context: WriteContext, { portion }: { count: number; portion: Portion }): void {
  const take = TAKERS[portion.part] as ((context: WriteContext, items: Portion['items']) => void) | undefined
  if (!take) throw new Error(`${portion.part} are put, not taken`)
  take(context, portion.items)
}

const TAKERS: { [P in Part]?: (context: WriteContext, items: HeldParts[P][]) => void } = {
  record: takeRecord,
  activities: (context, items) => {
    for (const item of items) takeActivity(context, item)
  },
  documents: (context, items) => {
    for (const item of items) takeDocument(context, item)
  },
  indexes: (context, items) => {
    for (const { collection, indexes } of items) declareIndexes(context, { name: collection, indexes })
  },
  docs: takeDocs,
  counters: (context, [counters]) => takeCounters(context, counters!),
}

function takeRecord(context: WriteContext, items: readonly HeldEntry[]): void {
  const { db } = context
  const arrivals = createArrivals()
  let statements = 0
  let position = 0
  for (const item of items) {
    if (item.kind === 'moment') {
      db.run('INSERT OR IGNORE INTO moment (stored, last_seq) VALUES (?, ?)', item.stored, item.last)
      continue
    }
    position = item.position
    if (item.kind === 'statement') {
      if (takeStatement(context, item, arrivals)) statements++
      continue
    }
    const { kind, position: seq, ...content } = item
    db.run(
      'INSERT OR IGNORE INTO event (seq, kind, content) VALUES (?, ?, ?)',
      seq,
      kind,
      JSON.stringify(content),
    )
  }
  arrivals.enter(db)
  context.countStatements(statements)
  context.raise({ position })
}

/** As it is written the first time (operations/write-statements.ts), but for what is known of it already. */
function takeStatement(
  context: WriteContext,
  held: HeldStatement,
  arrivals: ReturnType<typeof createArrivals>,
): boolean {
  const { db } = context
  const seq = held.position
  if (db.row('SELECT 1 FROM statement WHERE seq = ?', seq)) return false
  const id = uuidBytes(held.id)!
  const refersTo = held.refersTo === null ? null : uuidBytes(held.refersTo)!
  const terms = termsOf(context, held)
  db.run(
    `INSERT INTO statement (seq, id, stored, source, fingerprint, refers_to, voiding, voided, attachments, terms, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    id,
    held.stored,
    held.source,
    held.fingerprint,
    refersTo,
    held.voiding ? 1 : 0,
    held.voided ? 1 : 0,
    held.attachments.length > 0 ? JSON.stringify(held.attachments) : null,
    `[${terms.join()}]`,
    held.text,
  )
  arrivals.add(seq, terms)
  for (const sha2 of held.attachments) holdAttachment(context, seq, sha2)
  link(context, { seq, id, source: held.source, refersTo })
  if (held.voiding && refersTo)
    db.run(
      'INSERT INTO void (target, seq, source, foreign_too) VALUES (?, ?, ?, ?)',
      internTarget(db, refersTo),
      seq,
      held.source,
      held.mayVoidForeign ? 1 : 0,
    )
  return true
}

function takeActivity(
  { db }: WriteContext,
  { activity, definitions, chosen }: HeldParts['activities'],
): void {
  for (const { source, text } of definitions)
    db.run(
      'INSERT OR IGNORE INTO definition (activity, source, text) VALUES (?, ?, ?)',
      activity,
      source,
      text,
    )
  if (chosen !== null)
    db.run('INSERT OR IGNORE INTO chosen_source (activity, source) VALUES (?, ?)', activity, chosen)
}

function takeDocument({ db }: WriteContext, { key, ...document }: HeldParts['documents']): void {
  db.run(
    `INSERT OR IGNORE INTO document (kind, source, activity, agent, registration, id, content_type, etag, updated, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    key.kind,
    key.source,
    key.activity ?? '',
    key.agent ?? '',
    key.registration ?? '',
    key.id,
    document.contentType,
    document.etag,
    document.updated,
    document.content,
  )
}

function takeDocs(context: WriteContext, docs: readonly HeldParts['docs'][]): void {
  const { db } = context
  const indexes = new Map<string, DeclaredIndex[]>()
  for (const { collection, key, revision, expires, text } of docs) {
    const fresh = db.run(
      'INSERT OR IGNORE INTO doc (collection, key, revision, expires, value) VALUES (?, ?, ?, ?, ?)',
      collection,
      key,
      revision,
      expires,
      text,
    )
    // Those made here later are greater than all that came along.
    context.raise({ revision })
    if (fresh === 0) continue
    const kept = indexes.get(collection) ?? indexesOf(db, collection)
    indexes.set(collection, kept)
    const value: unknown = kept.length > 0 ? JSON.parse(text) : null
    for (const index of kept) addEntries(db, index, key, value)
  }
}

function takeCounters(context: WriteContext, { position, stored, unused }: HeldCounters): void {
  context.raise({ position, stored })
  context.db.run('UPDATE meta SET unused = ?', unused)
}

/** How far it is: in the system's database. */
export interface Mark {
  origin: string
  mark: string | null
}

export function setMark({ db }: WriteContext, { origin, mark }: Mark): void {
  db.run(
    `INSERT INTO taking_in (one, origin, mark) VALUES (1, ?, ?)
     ON CONFLICT (one) DO UPDATE SET origin = excluded.origin, mark = excluded.mark`,
    origin,
    mark,
  )
}

export function clearMark({ db }: WriteContext): void {
  db.run('DELETE FROM taking_in')
}

export const readMark = ({ db }: Pick<WriteContext, 'db'>): Mark | null =>
  db.row<Mark>('SELECT origin, mark FROM taking_in') ?? null

/** Whether a database keeps nothing, nor ever kept a statement. */
export function isEmpty({ db }: Pick<WriteContext, 'db'>): boolean {
  const isTenant = db.row("SELECT 1 FROM sqlite_schema WHERE name = 'blob'") !== undefined
  const tables = ['doc', ...(isTenant ? ['definition', 'document', 'blob', 'hold'] : [])]
  return (
    db.row(
      `SELECT 1 FROM meta WHERE position > 0 ${tables.map((table) => `OR EXISTS (SELECT 1 FROM ${table})`).join(' ')}`,
    ) === undefined
  )
}
