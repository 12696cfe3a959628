import type { SQLInputValue } from 'node:sqlite'
import { connect } from '../../lrs/storage/sqlite/connection.ts'
import { indexesOf, writtenRows } from './written-rows.ts'

/**
 * The floor of `post-batch`: the rows that the product wrote, inserted again on the state it began with: same tables,
 * same indexes, same pragmas (the product's own connection), one durable transaction for every so many statements.
 * Nothing is read, parsed, checked or answered.
 *
 * `raw-insert.ts BEFORE AFTER TARGET BATCH`: databases before and after the product wrote; a copy of the first to write
 * into; statements per transaction. Prints one JSON object (RawInserted).
 */
export interface RawInserted {
  statements: number
  /** Of the inserts, without reading what to insert. */
  seconds: number
  cpuMs: number
  tables: { table: string; rows: number }[]
  indexes: string[]
}

/** Of the statements: written before the clock starts, for warm code and a warm cache. */
const WARM_UP = 0.1

const [beforePath, afterPath, targetPath, batch] = process.argv.slice(2) as [string, string, string, string]
const tables = writtenRows(beforePath, afterPath)
const statements = tables.find(({ table }) => table === 'statement')!.rows.length
const transactions = Math.ceil(statements / Number(batch))
const warmUps = Math.ceil(transactions * WARM_UP)

const db = connect(targetPath, 'writer')
const at = tables.map(() => 0)
let start = performance.now()
let cpu = process.cpuUsage()
for (let transaction = 1; transaction <= transactions; transaction++) {
  if (transaction === warmUps + 1) {
    start = performance.now()
    cpu = process.cpuUsage()
  }
  const until = transaction / transactions
  db.exec('BEGIN IMMEDIATE')
  tables.forEach(({ table, columns, rows, places }, index) => {
    const sql = `INSERT INTO "${table}" (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
    let next = at[index]!
    while (next < rows.length && places[next]! <= until) db.run(sql, ...(rows[next++] as SQLInputValue[]))
    at[index] = next
  })
  db.run('UPDATE meta SET position = position + ?, statements = statements + ?', Number(batch), Number(batch))
  db.exec('COMMIT')
}
const seconds = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(cpu)
db.close()

const told: RawInserted = {
  statements: Math.round((statements * (transactions - warmUps)) / transactions),
  seconds,
  cpuMs: (user + system) / 1000,
  tables: tables.map(({ table, rows }) => ({ table, rows: rows.length })),
  indexes: indexesOf(
    afterPath,
    tables.map(({ table }) => table),
  ).map(({ index }) => index),
}
console.log(JSON.stringify(told))
