import { type Extent, type HeldParts, type Part, partsOf } from '../../holding.ts'
import type { DocumentKey, TenantId } from '../../port.ts'
import { hexText } from '../bytes.ts'
import type { Connection, Value } from '../connection.ts'
import { readRecord } from './read-record.ts'

/** Pages of each part of one database, for `portionsOf`. */
export interface Page {
  items: HeldParts[Part][]
  next: unknown
}

const MOST = 500
const MOST_BYTES = 4_000_000

export function readPage(db: Connection, part: Part, after: unknown): Page {
  return (READERS[part] as (db: Connection, after: unknown) => Page)(db, after)
}

const READERS: { [P in Part]: (db: Connection, after: never) => { items: HeldParts[P][]; next: unknown } } = {
  record: readRecord,
  blobs(db, after: string | null) {
    const rows = db.rows<{ sha2: Uint8Array; size: number }>(
      'SELECT sha2, size FROM blob WHERE sha2 > ? ORDER BY sha2 LIMIT ?',
      Buffer.from(after ?? '', 'hex'),
      MOST,
    )
    const items = rows.map(({ sha2, size }) => ({ sha2: hexText(sha2), size }))
    return { items, next: rows.length === MOST ? items.at(-1)!.sha2 : null }
  },
  holds(db, after: string | null) {
    const owners = db.rows<{ owner: string }>(
      'SELECT DISTINCT owner FROM hold WHERE owner > ? ORDER BY owner LIMIT ?',
      after ?? '',
      MOST,
    )
    const items = owners.map(({ owner }) => ({
      owner,
      sha2s: db
        .rows<{ sha2: Uint8Array }>('SELECT sha2 FROM hold WHERE owner = ? ORDER BY sha2', owner)
        .map(({ sha2 }) => hexText(sha2)),
    }))
    return { items, next: items.length === MOST ? items.at(-1)!.owner : null }
  },
  activities(db, after: string | null) {
    // Each by its own index; together they are cut where one of them ends early.
    const activities = ['definition', 'chosen_source'].flatMap((table) =>
      db.rows<{ activity: string }>(
        `SELECT DISTINCT activity FROM ${table} WHERE activity > ? ORDER BY activity LIMIT ?`,
        after ?? '',
        MOST,
      ),
    )
    const sorted = [...new Set(activities.map(({ activity }) => activity))].sort(compareText).slice(0, MOST)
    const items = sorted.map((activity) => ({
      activity,
      definitions: db.rows<{ source: string; text: string }>(
        'SELECT source, text FROM definition WHERE activity = ? ORDER BY no',
        activity,
      ),
      chosen:
        db.row<{ source: string }>('SELECT source FROM chosen_source WHERE activity = ?', activity)?.source ??
        null,
    }))
    return { items, next: sorted.length === MOST ? sorted.at(-1)! : null }
  },
  documents(db, after: Value[] | null) {
    const { items, cut } = cutAt(
      db.scan<DocumentRow>(
        `SELECT * FROM document WHERE (kind, source, activity, agent, registration, id) > (?, ?, ?, ?, ?, ?)
         ORDER BY kind, source, activity, agent, registration, id LIMIT ?`,
        ...(after ?? ['', '', '', '', '', '']),
        MOST,
      ),
      ({ content }) => content.length,
    )
    const last = items.at(-1)
    return {
      items: items.map((row) => ({
        key: keyOf(row),
        content: row.content,
        contentType: row.content_type,
        etag: row.etag,
        updated: row.updated,
      })),
      next:
        last && cut ? [last.kind, last.source, last.activity, last.agent, last.registration, last.id] : null,
    }
  },
  indexes(db) {
    const rows = db.rows<{ collection: string; name: string; fields: string }>(
      'SELECT collection, name, fields FROM declared_index ORDER BY collection, name',
    )
    const items = [...Map.groupBy(rows, ({ collection }) => collection)].map(([collection, indexes]) => ({
      collection,
      indexes: Object.fromEntries(indexes.map(({ name, fields }) => [name, JSON.parse(fields) as string[]])),
    }))
    return { items, next: null }
  },
  docs(db, after: [string, string] | null) {
    const { items, cut } = cutAt(
      db.scan<HeldParts['docs']>(
        `SELECT collection, key, revision, expires, value AS text FROM doc WHERE (collection, key) > (?, ?)
         ORDER BY collection, key LIMIT ?`,
        ...(after ?? ['', '']),
        MOST,
      ),
      ({ text }) => text.length,
    )
    const last = items.at(-1)
    return { items, next: last && cut ? [last.collection, last.key] : null }
  },
  counters: (db) => ({ items: [readCounters(db)], next: null }),
}

interface DocumentRow {
  kind: DocumentKey['kind']
  source: string
  activity: string
  agent: string
  registration: string
  id: string
  content_type: string
  etag: string
  updated: number
  content: Uint8Array
}

const keyOf = ({ kind, source, activity, agent, registration, id }: DocumentRow): DocumentKey => ({
  kind,
  source,
  ...(activity !== '' && { activity }),
  ...(agent !== '' && { agent }),
  ...(registration !== '' && { registration }),
  id,
})

/** Rows of a page until there are enough of them, or of their bytes. */
function cutAt<R>(rows: Iterable<R>, bytesOf: (row: R) => number): { items: R[]; cut: boolean } {
  const items: R[] = []
  let bytes = 0
  for (const row of rows) {
    items.push(row)
    bytes += bytesOf(row)
    if (bytes > MOST_BYTES) return { items, cut: true }
  }
  return { items, cut: items.length === MOST }
}

/** As SQLite compares them. */
const compareText = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

const readCounters = (db: Connection) =>
  db.row<HeldParts['counters']>('SELECT position, stored, statements, unused FROM meta')!

const TABLES: Readonly<Record<Part, string>> = {
  blobs: '(SELECT count(*) FROM blob)',
  holds: '(SELECT count(DISTINCT owner) FROM hold)',
  record: '(SELECT count(*) FROM statement) + (SELECT count(*) FROM event) + (SELECT count(*) FROM moment)',
  activities:
    '(SELECT count(*) FROM (SELECT activity FROM definition UNION SELECT activity FROM chosen_source))',
  documents: '(SELECT count(*) FROM document)',
  indexes: '(SELECT count(DISTINCT collection) FROM declared_index)',
  docs: '(SELECT count(*) FROM doc)',
  counters: '1',
}

export function readExtent(db: Connection, tenant: TenantId | null): Extent {
  const parts = partsOf(tenant)
  const counts = db.row<Record<Part, number>>(
    `SELECT ${parts.map((part) => `${TABLES[part]} AS ${part}`).join(', ')}`,
  )!
  const none = {
    blobs: 0,
    holds: 0,
    record: 0,
    activities: 0,
    documents: 0,
    indexes: 0,
    docs: 0,
    counters: 0,
  }
  const blobBytes =
    tenant === null ? 0 : db.row<{ n: number }>('SELECT coalesce(sum(size), 0) AS n FROM blob')!.n
  return { tenant, ...readCounters(db), items: { ...none, ...counts }, blobBytes }
}
