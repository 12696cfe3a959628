import { join } from 'node:path'
import type { SQLInputValue } from 'node:sqlite'
import { DEFAULT_TENANT } from '../../lrs/index.ts'
import { connect } from '../../lrs/storage/sqlite/connection.ts'
import { openSqlite } from '../../lrs/storage/sqlite/index.ts'
import { AT_ONCE, PROJECTION } from '../data/projection.ts'
import type { Rebuilt } from '../data/rebuild.ts'

/**
 * The floor of `projection`: reads the same feed and inserts the documents and index rows that the product left, each
 * once, in the order in which it made them, into a store without them; a durable transaction for every page of the
 * feed. Nothing is parsed, looked up or added together.
 *
 * `raw-records.ts WRITTEN TARGET`: data folders. Prints one JSON object (Rebuilt).
 */
const [written, target] = process.argv.slice(2) as [string, string]
const database = (folder: string) => join(folder, 'tenants', `${DEFAULT_TENANT}.db`)

const from = connect(database(written), 'reader')
const names = PROJECTION.map(({ name }) => name)
const listed = names.map(() => '?').join(', ')
const docs = from.rows<{ collection: string; key: string; revision: number; value: string }>(
  `SELECT collection, key, revision, value FROM doc WHERE collection IN (${listed}) AND expires IS NULL ORDER BY no`,
  ...names,
)
const indexed = Map.groupBy(
  from.rows<{ collection: string; key: string; index_no: number; tuple: Uint8Array }>(
    `SELECT d.collection, i.key, i.index_no, i.tuple FROM doc_index i JOIN declared_index d ON d.no = i.index_no
     WHERE d.collection IN (${listed})`,
    ...names,
  ),
  ({ collection, key }) => `${collection} ${key}`,
)
from.close()

const storage = await openSqlite({ directory: target })
const { feed } = storage.tenant(DEFAULT_TENANT)
const db = connect(database(target), 'writer')
const insert = (sql: string, ...values: SQLInputValue[]) => db.run(sql, ...values)
const pages = Math.ceil((await feed.end()) / AT_ONCE)
const began = performance.now()
const cpu = process.cpuUsage()
let entries = 0
let next = 0
for (let position = 0, page = 1; ; page++) {
  const read = await feed.read(position, AT_ONCE)
  const last = read.at(-1)
  if (!last) break
  entries += read.length
  position = last.position
  db.exec('BEGIN IMMEDIATE')
  for (const until = Math.min(docs.length, (docs.length * page) / pages); next < until; next++) {
    const { collection, key, revision, value } = docs[next]!
    insert(
      'INSERT INTO doc (collection, key, revision, value) VALUES (?, ?, ?, ?)',
      ...[collection, key, revision, value],
    )
    for (const { index_no: no, tuple } of indexed.get(`${collection} ${key}`) ?? [])
      insert('INSERT INTO doc_index (index_no, tuple, key) VALUES (?, ?, ?)', no, tuple, key)
  }
  db.exec('COMMIT')
}
const { user, system } = process.cpuUsage(cpu)
const rebuilt: Rebuilt = {
  entries,
  seconds: (performance.now() - began) / 1000,
  cpuMs: (user + system) / 1000,
}
if (next < docs.length) throw new Error(`${docs.length - next} documents were left.`)
db.close()
await storage.close()
console.log(JSON.stringify(rebuilt))
