import type { ClientSession } from 'mongodb'
import { positionOf } from '../names.ts'
import type { MomentDocument, StatementDocument } from '../schema.ts'
import type { Flaw } from './flaw.ts'
import type { Place } from './place.ts'

type Timed = Pick<StatementDocument, '_id' | 'id' | 'stored'>

/** Each of these statements, in order, lies within a moment of its own time that was kept. */
export async function momentFlaws(
  place: Place,
  statements: readonly Timed[],
  session?: ClientSession,
): Promise<Flaw[]> {
  const { schema, names } = place
  const [first, last] = [statements[0]!._id, statements.at(-1)!._id]
  const options = session ? { session } : {}
  const before = await momentAt(place, first, session)
  const rest = await schema.moment
    .find({ _id: { $gt: first, $lte: last } }, options)
    .sort({ _id: 1 })
    .hint({ _id: 1 })
    .toArray()
  const moments = before ? [before, ...rest] : rest
  let at = -1
  return statements.flatMap((one): Flaw[] => {
    while (at + 1 < moments.length && moments[at + 1]!._id <= one._id) at++
    if (covers(moments[at], one)) return []
    const position = positionOf(one._id)
    return [
      {
        kind: 'moment-missing',
        what: `The time at which statement ${one.id} (position ${position}) was stored is not in the index of times: since and until may be wrong.`,
        at: one._id,
        fix: (session) => cover(place, one, session),
      },
    ]
  })

  async function cover(place: Place, one: Timed, session?: ClientSession): Promise<void> {
    const options = session ? { session } : {}
    const there = await momentAt(place, one._id, session)
    // Put right with one before it.
    if (covers(there, one)) return
    const same = await schema.moment.findOne({ tenant: names.tenant, stored: one.stored }, options)
    if (there && !there.shut && there.last >= positionOf(one._id) && !same) {
      await schema.moment.updateOne({ _id: there._id }, { $set: { stored: one.stored } }, options)
      return
    }
    const { $lt } = names.within()
    const next = await schema.statement.findOne(
      { _id: { $gt: one._id, $lt }, stored: { $ne: one.stored } },
      { ...options, projection: { _id: 1 }, sort: { _id: 1 }, hint: { _id: 1 } },
    )
    const ids = await schema.statement
      .find(
        { _id: { $gte: one._id, $lt: next?._id ?? $lt } },
        { ...options, projection: { _id: 1 }, hint: { _id: 1 } },
      )
      .sort({ _id: 1 })
      .toArray()
    const last = Math.max(positionOf(ids.at(-1)!._id), same?.last ?? 0)
    if (same && !same.shut && same._id <= one._id) {
      await schema.moment.updateOne({ _id: same._id }, { $set: { last } }, options)
      return
    }
    if (same) await schema.moment.deleteOne({ _id: same._id }, options)
    const moment = { tenant: names.tenant, stored: one.stored, last, fresh: ids.length }
    await schema.moment.replaceOne({ _id: one._id }, moment, { ...options, upsert: true })
  }
}

const covers = (moment: MomentDocument | null | undefined, { _id, stored }: Timed) =>
  moment !== null &&
  moment !== undefined &&
  !moment.shut &&
  moment.stored === stored &&
  moment.last >= positionOf(_id)

/** The last one that begins at or before this place. */
function momentAt(
  { schema, names }: Place,
  _id: string,
  session?: ClientSession,
): Promise<MomentDocument | null> {
  return schema.moment.findOne(
    { _id: { $gte: names.within().$gte, $lte: _id } },
    { ...(session && { session }), sort: { _id: -1 }, hint: { _id: 1 } },
  )
}
