import type { Document } from 'mongodb'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import { onDatabase } from '../mongo.ts'

/**
 * The floor of what is written to MongoDB: the documents that the product wrote, inserted again by the bare driver into
 * a database with the same indexes and with the same write concern, so many statements at once on so many lines; each
 * time in a transaction, or by one insertMany a collection. Nothing is read, checked or ordered.
 *
 * `mongo-insert.ts SOURCE TARGET TENANT AT-ONCE LINES transaction|insertMany`. Prints one JSON object (Inserted).
 */
export interface Inserted {
  statements: number
  seconds: number
  cpuMs: number
  /** Documents of each collection. */
  documents: Record<string, number>
  /** Transactions that had to be begun again. */
  again: number
}

const [source, target, tenant, atOnce, lines, how] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
]
const KINDS = ['statement', 'id', 'definition', 'name', 'moment'] as const
/** Of the statements: written before the clock starts. */
const WARM_UP = 0.1

const found = await onDatabase(source, async (client) => {
  const ofTenant = { _id: { $gte: `${tenant}/`, $lt: `${tenant}0` } } as Document
  const all = await Promise.all(
    KINDS.map((kind) => client.db().collection(kind).find(ofTenant).sort({ _id: 1 }).toArray()),
  )
  const [statement = [], id = [], definition = [], name = [], moment = []] = all as Document[][]
  return { statement, id, definition, name, moment }
})
// Each id beside its statement; what does not name one is spread over all.
const ids = new Map(found.id.map((one) => [one._id, one]))
found.id = found.statement.flatMap(({ id }) => ids.get(`${tenant}/${id}`) ?? [])

await (await openMongo({ url: target })).close()
await onDatabase(target, async (client) => {
  const steps = Math.ceil(found.statement.length / Number(atOnce))
  const partOf = (all: readonly Document[], step: number) =>
    all.slice(Math.floor((all.length * step) / steps), Math.floor((all.length * (step + 1)) / steps))
  let next = 0
  let again = 0

  async function insert(step: number): Promise<void> {
    const write = async (options: Document) => {
      for (const kind of KINDS) {
        const documents = partOf(found[kind], step)
        if (documents.length > 0)
          await client
            .db()
            .collection(kind)
            .insertMany(documents, { ordered: false, ...options })
      }
    }
    if (how !== 'transaction') return write({})
    let tries = 0
    await client.withSession((session) =>
      session.withTransaction(
        async () => {
          if (tries++ > 0) again++
          await write({ session })
        },
        { readConcern: { level: 'snapshot' } },
      ),
    )
  }
  const insertUntil = (end: number) =>
    Promise.all(
      Array.from({ length: Number(lines) }, async () => {
        while (next < end) await insert(next++)
      }),
    )

  const warmUps = Math.ceil(steps * WARM_UP)
  await insertUntil(warmUps)
  const begun = performance.now()
  const cpu = process.cpuUsage()
  await insertUntil(steps)
  const { user, system } = process.cpuUsage(cpu)
  const told: Inserted = {
    statements: Math.round((found.statement.length * (steps - warmUps)) / steps),
    seconds: (performance.now() - begun) / 1000,
    cpuMs: (user + system) / 1000,
    documents: Object.fromEntries(KINDS.map((kind) => [kind, found[kind].length])),
    again,
  }
  console.log(JSON.stringify(told))
})
