import { positionOf } from '../names.ts'
import type { MomentDocument } from '../schema.ts'
import type { Flaw, Look } from './flaw.ts'
import { spansOf } from './pages.ts'
import type { Place } from './place.ts'

/** The gate says what is there, and the feed lacks nothing that its commits brought and nothing erased. */
export function countLook(place: Place): Look {
  return {
    again: 'apart',
    async *pages() {
      yield [place.names.tenant]
    },
    flaws: () => countFlaws(place),
  }
}

/**
 * Counts in steps, which takes longer than any one moment can be looked at. What was under way at its begin, and what was
 * erased since, may be in a number or not: only what neither explains is wrong.
 */
async function countFlaws(place: Place): Promise<Flaw[]> {
  const { schema, names } = place
  const { tenant: _id } = names
  // In this order: a position in use was given out before.
  const newest = await newestPosition(place)
  const gate = await schema.gate.findOne({ _id })
  if (!gate && newest === 0) return []
  const position = gate?.position ?? 0
  if (!gate || newest > position)
    return [
      {
        kind: 'position-wrong',
        what: `The newest position is said to be ${position}, and ${newest} is in use.`,
        at: _id,
      },
    ]
  const end = names.at(position)
  const there = await countStatements(place, end)
  const brought = await sumOfFresh(place, { $lte: end })
  const open = await schema.moment
    .find({ _id: { $in: gate.open.map(({ first }) => names.at(first)) }, shut: { $ne: true } })
    .toArray()
  const gained = sumOf(open.filter(({ fresh }) => fresh > 0))
  const lost = sumOf(open.filter(({ fresh }) => fresh < 0)) + (await sumOfFresh(place, { $gt: end }, true))
  const [least, most] = [gate.statements + lost, gate.statements + gained]

  const flaws: Flaw[] = []
  if (there < least || there > most)
    flaws.push({
      kind: 'count-wrong',
      what: `The store counts ${gate.statements} statements and holds ${there}.`,
      at: _id,
      // What is added is the same whoever adds to it meanwhile.
      fix: () =>
        schema.gate.updateOne({ _id }, { $inc: { statements: there - (there < least ? least : most) } }),
    })
  if (!gate.references && !open.some(({ references }) => references) && (await someRefer(place, end)))
    flaws.push({
      kind: 'reference-wrong',
      what: 'Statements refer to others, and the store does not know that any do: lists leave them out.',
      at: _id,
      fix: () => schema.gate.updateOne({ _id }, { $set: { references: true } }),
    })
  const missing = brought + lost - gained - there
  if (missing > 0)
    flaws.push({
      kind: 'feed-hole',
      what: `The feed lacks ${missing} statements that nothing erased.`,
      at: _id,
    })
  return flaws
}

async function newestPosition({ schema, names }: Place): Promise<number> {
  const newest = await Promise.all(
    [schema.statement, schema.event].map((collection) =>
      collection.findOne(
        { _id: names.within() },
        { projection: { _id: 1 }, sort: { _id: -1 }, hint: { _id: 1 } },
      ),
    ),
  )
  return Math.max(...newest.map((one) => (one ? positionOf(one._id) : 0)))
}

async function countStatements({ connection, schema, names }: Place, end: string): Promise<number> {
  let count = 0
  for await (const _id of spansOf(connection, schema.statement, names))
    count += await schema.statement.countDocuments(
      { $and: [{ _id }, { _id: { $lte: end } }] },
      { hint: { _id: 1 } },
    )
  return count
}

async function sumOfFresh(
  { connection, schema, names }: Place,
  bound: { $lte: string } | { $gt: string },
  isLoss = false,
): Promise<number> {
  let sum = 0
  for await (const _id of spansOf(connection, schema.moment, names, '$gt' in bound ? bound.$gt : undefined)) {
    const asked = {
      $and: [{ _id }, { _id: bound }],
      shut: { $ne: true },
      ...(isLoss && { fresh: { $lt: 0 } }),
    }
    const found = await schema.moment
      .aggregate<{ fresh: number }>(
        [{ $match: asked }, { $group: { _id: null, fresh: { $sum: '$fresh' } } }],
        {
          hint: { _id: 1 },
        },
      )
      .next()
    sum += found?.fresh ?? 0
  }
  return sum
}

async function someRefer({ schema, names }: Place, end: string): Promise<boolean> {
  const { $gte } = names.within()
  const found = await schema.statement.findOne(
    { referrer: { $gte, $lte: end } },
    { projection: { _id: 1 }, hint: 'referrers' },
  )
  return found !== null
}

const sumOf = (moments: readonly MomentDocument[]) => moments.reduce((sum, { fresh }) => sum + fresh, 0)

/** Each statement that is voided was told of to the feed; voids of what was erased were too. */
export function voidEventLook({ connection, schema, names }: Place): Look {
  return {
    again: 'apart',
    async *pages() {
      yield [names.tenant]
    },
    async flaws() {
      let [voided, told] = [0, 0]
      // In this order: what is voided meanwhile is in the second number at least.
      for await (const _id of spansOf(connection, schema.statement, names))
        voided += await schema.statement.countDocuments({ _id, voided: true }, { hint: { _id: 1 } })
      for await (const _id of spansOf(connection, schema.event, names))
        told += await schema.event.countDocuments({ _id, kind: 'voided' }, { hint: { _id: 1 } })
      if (told >= voided) return []
      return [
        {
          kind: 'feed-hole',
          what: `The feed tells of ${told} voids, and ${voided} statements are voided.`,
          at: names.tenant,
        },
      ]
    },
  }
}
