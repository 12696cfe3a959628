import { tmpdir } from 'node:os'
import { type Caller, DEFAULT_SCOPES, DEFAULT_TENANT } from '../../lrs/index.ts'
import { recordStatements } from '../../lrs/resources/statements/record-statements.ts'
import { connect } from '../../lrs/storage/mongo/connect.ts'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import { namesOf } from '../../lrs/storage/mongo/names.ts'
import { schemaOf } from '../../lrs/storage/mongo/schema.ts'
import { createTenant } from '../../lrs/storage/mongo/tenant.ts'
import { createStatements } from '../statements.ts'

/**
 * Writers of statements about one activity, each with its next as soon as the last is kept, over clients of the MongoDB
 * store that know nothing of each other, as the processes of a cluster do.
 *
 * `contend.ts URL WRITERS CLIENTS MS`. Prints one JSON object (Contended).
 */
export interface Contended {
  perSecond: number
  transactions: number
  /** Of them: begun again because another one came between. */
  again: number
}

const [url, writers, clients, ms] = process.argv.slice(2) as [string, string, string, string]
const LONGEST_WRITE = 20_000
/** Not counted: names and the activity's definition are written once. */
const WARM_UP = 0.3
const CALLER: Caller = {
  tenant: DEFAULT_TENANT,
  source: 'bench',
  credential: 'bench',
  authority: {
    objectType: 'Agent',
    name: 'bench',
    account: { homePage: 'https://bench.example', name: 'bench' },
  },
  scopes: new Set(DEFAULT_SCOPES),
}

await (await openMongo({ url })).close()
const opened = await Promise.all(
  Array.from({ length: Number(clients) }, async () => {
    const connection = await connect({ url })
    const tenant = createTenant({
      connection,
      schema: schemaOf(connection.db),
      names: namesOf(DEFAULT_TENANT),
      clock: Date.now,
      tell: () => {},
      spool: tmpdir(),
      longestWrite: LONGEST_WRITE,
    })
    return { connection, tenant }
  }),
)
let kept = 0
const writing = Array.from({ length: Number(writers) }, (_, writer) => {
  const statements = createStatements({ seed: writer + 1, actors: 10_000, activities: 1_600 })
  const { storage } = opened[writer % opened.length]!.tenant
  return async (until: number) => {
    while (performance.now() < until) {
      const text = statements.next({ actor: writer, activity: 0 })
      const outcome = await recordStatements(storage, CALLER, { version: '1.0.3', statements: text })
      if (!outcome.ok) throw new Error(outcome.problems[0]?.message)
      kept++
    }
  }
})
const write = (time: number) => Promise.all(writing.map((one) => one(performance.now() + time)))
const counts = () => {
  const all = opened.map(({ connection }) => connection.counts)
  return {
    transactions: all.reduce((sum, one) => sum + one.transactions, 0),
    again: all.reduce((sum, one) => sum + one.again, 0),
  }
}

await write(Number(ms) * WARM_UP)
kept = 0
const before = counts()
const begun = performance.now()
await write(Number(ms))
const seconds = (performance.now() - begun) / 1000
const after = counts()
const told: Contended = {
  perSecond: kept / seconds,
  transactions: after.transactions - before.transactions,
  again: after.again - before.again,
}
console.log(JSON.stringify(told))
for (const { tenant, connection } of opened) {
  await tenant.end()
  await connection.close()
}
