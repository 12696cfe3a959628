import type { Document } from 'mongodb'
import { DEFAULT_TENANT } from '../../lrs/index.ts'
import { docsWithin } from '../../lrs/storage/mongo/doc-names.ts'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import { namesOf } from '../../lrs/storage/mongo/names.ts'
import { AT_ONCE, PROJECTION } from '../data/projection.ts'
import type { Rebuilt } from '../data/rebuild.ts'
import { onDatabase } from '../mongo.ts'

/**
 * The floor of `mongo-projection`: as raw-records.ts, by the bare driver, in no order, as their names have none. What the
 * product left is read, taken out, and inserted again while the clock runs.
 *
 * `mongo-records.ts DATABASE`: its address. Prints one JSON object (Rebuilt).
 */
const [url] = process.argv.slice(2) as [string]
const names = namesOf(DEFAULT_TENANT)
const kinds = ['doc', 'entry'] as const

const found = await onDatabase(url, async (client) => {
  const taken: Document[][] = []
  for (const kind of kinds) {
    const all: Document[] = []
    for (const { name } of PROJECTION) {
      const within = { _id: docsWithin(names, name) } as Document
      const collection = client.db().collection<Document>(kind)
      all.push(...(await collection.find(within).toArray()))
      await collection.deleteMany(within)
    }
    taken.push(shuffled(all))
  }
  return taken
})

const storage = await openMongo({ url })
const { feed } = storage.tenant(DEFAULT_TENANT)
const rebuilt = await onDatabase(url, async (client): Promise<Rebuilt> => {
  const pages = Math.ceil((await feed.end()) / AT_ONCE)
  const partOf = (all: readonly Document[], page: number) =>
    all.slice(
      Math.floor((all.length * Math.min(page - 1, pages)) / pages),
      Math.floor((all.length * Math.min(page, pages)) / pages),
    )
  const began = performance.now()
  const cpu = process.cpuUsage()
  let entries = 0
  for (let position = 0, page = 1; ; page++) {
    const read = await feed.read(position, AT_ONCE)
    const last = read.at(-1)
    if (!last) break
    entries += read.length
    position = last.position
    await client.withSession((session) =>
      session.withTransaction(async () => {
        for (const [index, kind] of kinds.entries()) {
          const documents = partOf(found[index]!, page)
          if (documents.length > 0)
            await client.db().collection(kind).insertMany(documents, { ordered: false, session })
        }
      }),
    )
  }
  const { user, system } = process.cpuUsage(cpu)
  return { entries, seconds: (performance.now() - began) / 1000, cpuMs: (user + system) / 1000 }
})
await storage.close()
console.log(JSON.stringify(rebuilt))

/** In an order of their own, the same each time. */
function shuffled(all: Document[]): Document[] {
  const step = 7_919
  return all.map((_, index) => all[(index * step) % all.length]!)
}
