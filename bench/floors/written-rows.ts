import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** Rows of one table that the product wrote between two states of its database. */
export interface WrittenTable {
  table: string
  columns: string[]
  rows: SQLInputValue[][]
  /** Part of the whole, 0 to 1, at which each row belongs: with its statement where the row names one. */
  places: number[]
}

/** Beside the rows of statements: documents, projections, counters, and what is made of statements in the background. */
const NOT_THE_RECORD = new Set([
  ...['meta', 'doc', 'doc_index', 'declared_index'],
  ...['sealing', 'posting', 'outdated_posting'],
])

/**
 * The rows that are in one database and not in another, earlier one. Read from the tables as they are, so that it
 * follows the product's schema whatever that becomes.
 */
export function writtenRows(beforePath: string, afterPath: string): WrittenTable[] {
  const db = new DatabaseSync(afterPath, { readOnly: true })
  try {
    db.prepare('ATTACH ? AS earlier').run(beforePath)
    const { low, high } = db
      .prepare(
        `SELECT (SELECT coalesce(max(seq), 0) FROM earlier.statement) AS low,
                (SELECT coalesce(max(seq), 0) FROM main.statement) AS high`,
      )
      .get() as { low: number; high: number }
    return tableNames(db)
      .filter((table) => !NOT_THE_RECORD.has(table))
      .map((table) => writtenOf(db, table, (seq) => (seq - low) / Math.max(1, high - low)))
      .filter(({ rows }) => rows.length > 0)
  } finally {
    db.close()
  }
}

function writtenOf(db: DatabaseSync, table: string, placeOf: (seq: number) => number): WrittenTable {
  const columns = columnsOf(db, table)
  const ordering = db
    .prepare(`SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk`)
    .all(table)
    .map(({ name }) => `"${name}"`)
  const list = columns.map((name) => `"${name}"`).join(', ')
  const reading = db.prepare(
    `SELECT ${list} FROM (SELECT ${list} FROM main."${table}" EXCEPT SELECT ${list} FROM earlier."${table}")
     ORDER BY ${ordering.length > 0 ? ordering.join(', ') : '1'}`,
  )
  reading.setReturnArrays(true)
  const found = reading.all() as unknown as SQLInputValue[][]
  const seq = columns.findIndex((name) => name === 'seq' || name === 'last_seq')
  const placed = found.map((row, index) => ({
    row,
    place: typeof row[seq] === 'number' ? placeOf(row[seq]) : (index + 1) / found.length,
  }))
  placed.sort((a, b) => a.place - b.place)
  return { table, columns, rows: placed.map(({ row }) => row), places: placed.map(({ place }) => place) }
}

function tableNames(db: DatabaseSync): string[] {
  return db
    .prepare(
      `SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all()
    .map(({ name }) => String(name))
}

/** Columns that are stored; a generated one comes of itself. */
function columnsOf(db: DatabaseSync, table: string): string[] {
  return db
    .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
    .all(table)
    .map(({ name }) => String(name))
}

/** Every index of the tables, with how it is declared; `unique` ones that a table declares itself are named by their table. */
export function indexesOf(path: string, tables: readonly string[]): { table: string; index: string }[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return tables.flatMap((table) =>
      db
        .prepare(
          "SELECT l.name, group_concat(i.name, ', ') AS columns FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i GROUP BY l.name",
        )
        .all(table)
        .map(({ columns }) => ({ table, index: `${table} (${columns})` })),
    )
  } finally {
    db.close()
  }
}
