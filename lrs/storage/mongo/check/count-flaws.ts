import type { ClientSession } from 'mongodb'
import { positionOf } from '../names.ts'
import type { Flaw, Look } from './flaw.ts'
import type { Place } from './place.ts'

/** The gate says what is there, and the feed lacks nothing that its commits brought and nothing erased. */
export function countLook(place: Place): Look {
  const { names } = place
  return {
    again: 'at one moment',
    async *pages() {
      yield [names.tenant]
    },
    flaws: (_, session) => countFlaws(place, session),
  }
}

async function countFlaws({ schema, names }: Place, session?: ClientSession): Promise<Flaw[]> {
  const { tenant: _id } = names
  const within = { _id: names.within() }
  const reading = session ? { session } : {}
  const options = { ...reading, hint: { _id: 1 } }
  const gate = await schema.gate.findOne({ _id }, reading)
  const last = await Promise.all(
    [schema.statement, schema.event].map(async (collection) => {
      const found = await collection.findOne(within, {
        ...options,
        projection: { _id: 1 },
        sort: { _id: -1 },
      })
      return found ? positionOf(found._id) : 0
    }),
  )
  const newest = Math.max(...last)
  if (!gate && newest === 0) return []

  const open = new Set((gate?.open ?? []).map(({ first }) => names.at(first)))
  // Kept by now, and counted as soon as their tickets are closed.
  const unclosed = await schema.moment
    .find({ _id: { $in: [...open] }, shut: { $ne: true } }, reading)
    .toArray()
  const counted = unclosed.reduce((sum, { fresh }) => sum + fresh, gate?.statements ?? 0)
  const there = await schema.statement.countDocuments(within, options)
  const brought = await schema.moment
    .aggregate<{ fresh: number }>(
      [{ $match: { ...within, shut: { $ne: true } } }, { $group: { _id: null, fresh: { $sum: '$fresh' } } }],
      options,
    )
    .next()
  const refers = await schema.statement.findOne(
    { referrer: names.within() },
    { ...reading, projection: { _id: 1 }, hint: 'referrers' },
  )
  const knowsOfReferences = gate?.references === true || unclosed.some(({ references }) => references)

  const flaws: Flaw[] = []
  if (newest > (gate?.position ?? 0))
    flaws.push({
      kind: 'position-wrong',
      what: `The newest position is said to be ${gate?.position ?? 0}, and ${newest} is in use.`,
      at: _id,
    })
  if (gate && counted !== there)
    flaws.push({
      kind: 'count-wrong',
      what: `The store counts ${counted} statements and holds ${there}.`,
      at: _id,
      // By itself: everybody who writes changes this document, and what is added to it is the same whenever it is.
      fix: () => schema.gate.updateOne({ _id }, { $inc: { statements: there - counted } }),
    })
  if (gate && refers && !knowsOfReferences)
    flaws.push({
      kind: 'reference-wrong',
      what: 'Statements refer to others, and the store does not know that any do: lists leave them out.',
      at: _id,
      fix: () => schema.gate.updateOne({ _id }, { $set: { references: true } }),
    })
  const missing = (brought?.fresh ?? 0) - there
  if (missing > 0)
    flaws.push({
      kind: 'feed-hole',
      what: `The feed lacks ${missing} statements that nothing erased.`,
      at: _id,
    })
  return flaws
}

/** Each statement that is voided was told of to the feed; voids of what was erased were too. */
export function voidEventLook({ connection: { ask }, schema, names }: Place): Look {
  return {
    again: 'apart',
    async *pages() {
      yield [names.tenant]
    },
    async flaws() {
      const within = names.within()
      // In this order: what is voided meanwhile is in the second number at least.
      const voided = await ask(() =>
        schema.statement.countDocuments({ _id: within, voided: true }, { hint: { _id: 1 } }),
      )
      const told = await ask(() =>
        schema.event.countDocuments({ _id: within, kind: 'voided' }, { hint: { _id: 1 } }),
      )
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
