// Started by several-processes.test.ts: writes one statement or document, and says when it is about to commit it, does so when it is told to, and says when it has.
import { once } from 'node:events'
import { recordOf } from '../../../tests/contract/support/records.ts'
import { things } from '../../../tests/contract/support/things.ts'
import { openMongo } from './index.ts'

const [url, what] = process.argv.slice(2) as [string, 'statement' | 'document']
let first = true
const storage = await openMongo({
  url,
  async beforeCommit() {
    if (!first) return
    first = false
    process.send?.('committing')
    await once(process, 'message')
  },
})
const { statements, collections } = storage.tenant('t')
if (what === 'statement') await statements.write([recordOf('child')])
else await collections.batch([{ op: 'put', collection: things, key: 'k', value: { n: 1 } }])
process.send?.('stored')
