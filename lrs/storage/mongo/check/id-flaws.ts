import { keyOf } from '../names.ts'
import { termOf } from '../terms.ts'
import type { Flaw, Look } from './flaw.ts'
import { pagesOf } from './pages.ts'
import type { Place } from './place.ts'

/** Ids that are said to be taken by statements which are not there. */
export function idLook({ connection, schema, names }: Place): Look {
  return {
    again: 'at one moment',
    pages: () => pagesOf(connection, schema.id, names),
    async flaws(ids, session) {
      const options = session ? { session } : {}
      const found = await schema.id.find({ _id: { $in: [...ids] } }, options).toArray()
      const taken = found.filter(({ at }) => at !== undefined)
      const statements = await schema.statement
        .find({ _id: { $in: taken.map(({ at }) => names.at(at!)) } }, { ...options, projection: { id: 1 } })
        .hint({ _id: 1 })
        .toArray()
      const there = new Map(statements.map(({ _id, id }) => [_id, id]))
      return taken
        .filter(({ _id, at }) => there.get(names.at(at!)) !== keyOf(_id))
        .map(
          ({ _id, at, target }): Flaw => ({
            kind: 'id-wrong',
            what: `The id ${keyOf(_id)} is said to be taken by position ${at}, and no such statement is there.`,
            at: _id,
            // As after an erasure: those that refer to it stay, and a void among them waits.
            fix: (session) =>
              target
                ? schema.id.replaceOne({ _id }, { target, waiting: 1 }, session ? { session } : {})
                : schema.id.deleteOne({ _id }, session ? { session } : {}),
          }),
        )
    },
  }
}

/** Names that no statement states any more: they tell of a person who may have asked to be forgotten. */
export function nameLook({ connection, schema, names }: Place): Look {
  return {
    again: 'at one moment',
    pages: () => pagesOf(connection, schema.name, names),
    async flaws(ids, session) {
      const flaws: Flaw[] = []
      const options = { ...(session && { session }), projection: { _id: 1 }, hint: 'by-term' } as const
      for (const _id of ids) {
        // By now it may be gone itself.
        if (session && !(await schema.name.findOne({ _id }, { session }))) continue
        if (await schema.statement.findOne({ terms: termOf(names.tenant, keyOf(_id)) }, options)) continue
        flaws.push({
          kind: 'name-extra',
          what: 'A name is kept that no statement states any more.',
          at: _id,
          fix: (session) => schema.name.deleteOne({ _id }, session ? { session } : {}),
        })
      }
      return flaws
    },
  }
}
