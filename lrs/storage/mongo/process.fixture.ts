// Started by several-processes.test.ts: writes one statement and says when it is about to commit it, and when it has.
import { setTimeout as pause } from 'node:timers/promises'
import { recordOf } from '../../../tests/contract/support/records.ts'
import { openMongo } from './index.ts'

const [url] = process.argv.slice(2) as [string]
let first = true
const storage = await openMongo({
  url,
  async beforeCommit() {
    if (!first) return
    first = false
    process.send?.('committing')
    await pause(1_000)
  },
})
await storage.tenant('t').statements.write([recordOf('child')])
process.send?.('stored')
