import type { Connection } from '../connection.ts'
import type { Flaw } from './flaw.ts'

interface Counted {
  position: number
  unused: number
  told: number
  statements: number
  events: number
  last: number
  purged: number
}

/** The feed has no hole but those of erased statements, and the counters say what is there. */
export function countFlaws(db: Connection): Flaw[] {
  const counted = db.row<Counted>(
    `SELECT m.position, m.unused, m.statements AS told,
       (SELECT count(*) FROM statement) AS statements, (SELECT count(*) FROM event) AS events,
       max((SELECT coalesce(max(seq), 0) FROM statement), (SELECT coalesce(max(seq), 0) FROM event)) AS last,
       (SELECT coalesce(sum(json_array_length(content, '$.ids')), 0) FROM event WHERE kind = 'purged') AS purged
     FROM meta m`,
  )!
  const { position, unused, told, statements, events, last, purged } = counted
  const flaws: Flaw[] = []
  if (told !== statements)
    flaws.push({
      kind: 'count-wrong',
      what: `The store counts ${told} statements and holds ${statements}.`,
      fix({ db, countStatements }) {
        db.run('UPDATE meta SET statements = ?', statements)
        countStatements(statements - told)
      },
    })
  if (last > position)
    flaws.push({
      kind: 'position-wrong',
      what: `The newest position is said to be ${position}, and ${last} is in use.`,
    })
  const missing = position - unused - statements - events - purged
  if (missing !== 0)
    flaws.push({
      kind: 'feed-hole',
      what:
        missing > 0
          ? `The feed lacks ${missing} entries that nothing erased, near ${holes(db).join(', ')}.`
          : `The feed has ${-missing} entries more than it gave positions to.`,
    })
  return flaws
}

/** Where positions are missing, the first few, erased ones among them. */
function holes(db: Connection): string[] {
  return db
    .rows<{ seq: number; before: number }>(
      `SELECT seq, before FROM (
         SELECT seq, coalesce(lag(seq) OVER (ORDER BY seq), 0) AS before
         FROM (SELECT seq FROM statement UNION ALL SELECT seq FROM event UNION ALL SELECT position + 1 FROM meta)
       ) WHERE seq > before + 1 LIMIT 5`,
    )
    .map(({ seq, before }) => (seq === before + 2 ? `${seq - 1}` : `${before + 1} to ${seq - 1}`))
}

/** Rows that hang on statements or blobs which are not there. */
export function danglingFlaws(db: Connection): Flaw[] {
  return DANGLING.flatMap(({ kind, table, condition, words }) => {
    const { n } = db.row<{ n: number }>(`SELECT count(*) AS n FROM ${table} x WHERE ${condition}`)!
    if (n === 0) return []
    return {
      kind,
      what: `${n} ${words}.`,
      ...(kind === 'blob-unknown'
        ? {}
        : { fix: ({ db }) => void db.run(`DELETE FROM ${table} AS x WHERE ${condition}`) }),
    } satisfies Flaw
  })
}

const NO_STATEMENT = 'NOT EXISTS (SELECT 1 FROM statement s WHERE s.seq = x.seq)'
const DANGLING = [
  {
    kind: 'reference-wrong',
    table: 'reference',
    condition: NO_STATEMENT,
    words: 'references are of statements that are not there',
  },
  {
    kind: 'void-wrong',
    table: 'void',
    condition: NO_STATEMENT,
    words: 'voids are of statements that are not there',
  },
  {
    kind: 'attachment-wrong',
    table: 'attachment',
    condition: NO_STATEMENT,
    words: 'attachments are kept for statements that are not there',
  },
  {
    kind: 'blob-unknown',
    table: 'hold',
    condition: 'NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha2 = x.sha2)',
    words: 'files that lessons keep are not in the store',
  },
] as const
