// Started by the tests of this folder, to be killed: says when the work begins, and does it.
import { mkdirSync } from 'node:fs'
import { openSqlite } from '../index.ts'
import { restore } from './restore.ts'

const [what, from, to] = process.argv.slice(2) as [string, string, string]
if (what === 'backup') {
  const storage = await openSqlite({ directory: from })
  await storage.migrate()
  process.send?.('begun')
  await storage.backup(to)
  await storage.close()
} else {
  mkdirSync(to, { recursive: true })
  process.send?.('begun')
  await restore(from, to)
}
process.disconnect?.()
