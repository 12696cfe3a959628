import type { ClientSession } from 'mongodb'
import type { Connection } from './connect.ts'
import type { Content } from './content.ts'
import type { Names } from './names.ts'
import type { LooseDocument, Schema } from './schema.ts'

const DAY = 86_400_000
const PAGE = 500
/** So many are looked for at once. */
const ABREAST = 8

/**
 * Takes away, one by one, what was last put before `olderThan` and what no statement has and no owner holds. Whoever puts
 * one to use raises `touched` in its transaction, so that it and this cannot both be kept.
 */
export async function collectBlobs(
  { ask, transact }: Connection,
  schema: Schema,
  names: Names,
  content: Content,
  olderThan: number,
): Promise<number> {
  const lately = { touched: { $lt: olderThan } }

  const isKept = async (_id: string, session?: ClientSession) => {
    const options = { projection: { _id: 1 }, hint: 'by-blob', ...(session && { session }) }
    return (
      (await schema.statement.findOne({ blobs: _id }, options)) !== null ||
      (await schema.hold.findOne({ blobs: _id }, options)) !== null
    )
  }

  const forget = (_id: string): Promise<LooseDocument | null> =>
    transact(async (session) => {
      const blob = await schema.blob.findOne({ _id, ...lately }, { session })
      if (!blob || (await isKept(_id, session))) return null
      const loose = { _id: names.of(blob.file.toHexString()), file: blob.file, since: 0 }
      await schema.blob.deleteOne({ _id }, { session })
      await schema.loose.insertOne(loose, { session })
      return loose
    })

  async function collect(_id: string): Promise<boolean> {
    if (await ask(() => isKept(_id))) return false
    const loose = await forget(_id)
    if (loose) await removeLoose(schema, content, loose)
    return loose !== null
  }

  const { $gte, $lt } = names.within()
  let collected = 0
  for (let after: { $gte: string } | { $gt: string } = { $gte }; ; ) {
    const page = await ask(() =>
      schema.blob
        .find({ _id: { ...after, $lt }, ...lately }, { projection: { _id: 1 }, hint: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(PAGE)
        .toArray(),
    )
    for (let at = 0; at < page.length; at += ABREAST) {
      const gone = await Promise.all(page.slice(at, at + ABREAST).map(({ _id }) => collect(_id)))
      collected += gone.filter((is) => is).length
    }
    const last = page.at(-1)
    if (!last || page.length < PAGE) return collected
    after = { $gt: last._id }
  }
}

/** Files whose upload never ended, or whose removal did not. One that is under way in another process ends within a day. */
export async function collectLoose(
  { ask }: Connection,
  schema: Schema,
  names: Names,
  content: Content,
  { underWay, now }: { underWay: ReadonlySet<string>; now: number },
): Promise<void> {
  const stale = schema.loose.find({ _id: names.within(), since: { $lt: now - DAY } })
  const ended = (await ask(() => stale.toArray())).filter(({ _id }) => !underWay.has(_id))
  for (const note of ended) {
    const { _id, since } = note
    // From here on its upload is refused, should it end after all.
    const claimed = await ask(() => schema.loose.updateOne({ _id, since }, { $set: { since: 0 } }))
    if (claimed.matchedCount > 0) await removeLoose(schema, content, note)
  }
}

export async function removeLoose(
  schema: Schema,
  content: Content,
  { _id, file }: LooseDocument,
): Promise<void> {
  await content.remove(file)
  await schema.loose.deleteOne({ _id })
}
