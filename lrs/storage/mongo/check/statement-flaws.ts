import type { ClientSession } from 'mongodb'
import { positionOf } from '../names.ts'
import type { IdDocument } from '../schema.ts'
import { termsOf } from '../terms.ts'
import {
  keptBlobs,
  missingNames,
  named,
  namesRestored,
  type Statement,
  sameSets,
  unknownBlobs,
} from './content-flaws.ts'
import type { Flaw, Look } from './flaw.ts'
import { momentFlaws } from './moment-flaws.ts'
import { pagesOf } from './pages.ts'
import type { Place } from './place.ts'

type Known = ReadonlyMap<string, IdDocument>

/** What hangs on statements and is not as they say. */
export function statementLook(place: Place): Look {
  const { connection, schema, names } = place
  return {
    counts: true,
    again: 'at one moment',
    pages: () => pagesOf(connection, schema.statement, names),
    settled: (seeming) =>
      seeming.some(({ kind }) => kind === 'name-missing') ? namesRestored(place) : Promise.resolve(),
    async flaws(ids, session) {
      const options = session ? { session } : {}
      const statements = await schema.statement
        .find({ _id: { $in: [...ids] } }, { ...options, projection: { text: 0 } })
        .hint({ _id: 1 })
        .sort({ _id: 1 })
        .toArray()
      if (statements.length === 0) return []
      const wanted = new Set(
        statements.flatMap(({ id, refersTo }) => [
          names.of(id),
          ...(refersTo === undefined ? [] : [refersTo]),
        ]),
      )
      const found = await schema.id.find({ _id: { $in: [...wanted] } }, options).toArray()
      const known = new Map(found.map((one) => [one._id, one]))
      const flaws: Flaw[] = []
      for (const one of statements) {
        flaws.push(...(await ownId(place, one, known, session)), ...terms(place, one))
        flaws.push(...references(place, one, known), ...voids(place, one, known), ...keptBlobs(place, one))
      }
      flaws.push(...(await unknownBlobs(place, statements, session)))
      flaws.push(...(await missingNames(place, statements, session)))
      flaws.push(...(await momentFlaws(place, statements, session)))
      return flaws
    },
  }
}

/** What is known of its id in one place: that it is taken, by this statement, and what was marked on both. */
async function ownId(
  { schema, names }: Place,
  one: Statement,
  known: Known,
  session?: ClientSession,
): Promise<Flaw[]> {
  const _id = names.of(one.id)
  const id = known.get(_id)
  const at = positionOf(one._id)
  const { actor, fingerprint, source, voiding, refersTo } = one
  const said = { at, actor, fingerprint, source, voiding, refersTo }
  const voided = one.voided || id?.voided === true
  const target = one.target === true || id?.target === true
  const mark = async (session?: ClientSession) => {
    const options = session ? { session } : {}
    const marks = { ...(voided && { voided }), ...(target && { target }) }
    const absent = Object.entries(said).filter(([, value]) => value === undefined)
    await schema.id.updateOne(
      { _id },
      {
        $set: { ...said, ...marks } as Partial<IdDocument>,
        $unset: Object.fromEntries([...absent.map(([name]) => [name, true]), ['waiting', true]]),
      },
      { ...options, upsert: true },
    )
    await schema.statement.updateOne({ _id: one._id, actor }, { $set: { voided, ...marks } }, options)
  }
  const flaw = (kind: Flaw['kind'], what: string, fix?: Flaw['fix']): Flaw[] => [
    { kind, what, at: one._id, ...(fix && { fix }) },
  ]
  if (!id || id.at === undefined)
    return flaw(
      'id-missing',
      `The id of ${named(one)} is not in the list of ids: it could be taken again.`,
      mark,
    )
  if (id.at !== at) {
    const other = await schema.statement.findOne(
      { _id: names.at(id.at), id: one.id },
      { ...(session && { session }), projection: { _id: 1 } },
    )
    if (other) return flaw('statement-twice', `${named(one)} is there a second time, at position ${id.at}.`)
  }
  if (Object.entries(said).some(([name, value]) => id[name as keyof typeof said] !== value))
    return flaw('id-wrong', `The list of ids says another thing of ${named(one)} than the statement.`, mark)
  if (voided !== one.voided || voided !== (id.voided === true))
    return flaw('void-wrong', `${named(one)} was voided, and is not marked so.`, mark)
  if (target !== (one.target === true) || target !== (id.target === true))
    return flaw('reference-wrong', `That others refer to ${named(one)} is not marked.`, mark)
  return []
}

function terms({ schema, names }: Place, one: Statement): Flaw[] {
  const { _id, actor, keys, names: stated = [], source } = one
  const expected = termsOf(names.tenant, { keys, names: stated, source })
  if (sameSets(expected, one.terms)) return []
  return [
    {
      kind: 'term-wrong',
      what: `${named(one)} is not in the index under just its keys: lists by them may be wrong.`,
      at: _id,
      fix: (session) =>
        schema.statement.updateOne({ _id, actor }, { $set: { terms: expected } }, session ? { session } : {}),
    },
  ]
}

function references(place: Place, one: Statement, known: Known): Flaw[] {
  const { schema } = place
  const { _id, actor, refersTo, referrer } = one
  const flaws: Flaw[] = []
  if (referrer !== (refersTo === undefined ? undefined : _id))
    flaws.push({
      kind: 'reference-wrong',
      what: `${named(one)} is not in the index of those that refer to others as it should be.`,
      at: _id,
      fix: (session) =>
        schema.statement.updateOne(
          { _id, actor },
          refersTo === undefined ? { $unset: { referrer: true } } : { $set: { referrer: _id } },
          session ? { session } : {},
        ),
    })
  if (refersTo !== undefined && !known.get(refersTo)?.target)
    flaws.push({
      kind: 'reference-wrong',
      what: `What ${named(one)} refers to does not know of it.`,
      at: _id,
      fix: (session) => markTarget(place, refersTo, { target: true }, known, session),
    })
  return flaws
}

/** A voiding statement voids its target when that is there, and waits for it when it is not. */
function voids(place: Place, one: Statement, known: Known): Flaw[] {
  const { schema } = place
  const { _id, refersTo, source } = one
  if (!one.voiding || refersTo === undefined) return []
  const target = known.get(refersTo)
  if (target?.at === undefined) {
    if (target?.waiting) return []
    return [
      {
        kind: 'void-wrong',
        what: `${named(one)} voids another that is not there yet, and would not void it when it comes.`,
        at: _id,
        fix: (session) =>
          schema.id.updateOne(
            { _id: refersTo },
            { $set: { target: true, waiting: 1 } },
            { upsert: true, ...(session && { session }) },
          ),
      },
    ]
  }
  const isEffective = !target.voiding && (one.foreign === true || target.source === source)
  if (!isEffective || target.voided) return []
  return [
    {
      kind: 'void-wrong',
      what: `${named(one)} voids another, and that is not marked so.`,
      at: _id,
      fix: (session) => markTarget(place, refersTo, { voided: true }, known, session),
    },
  ]
}

/** On what is known of the id, and on its statement where that is there. */
async function markTarget(
  { schema, names }: Place,
  _id: string,
  mark: { target: true } | { voided: true },
  known: Known,
  session?: ClientSession,
): Promise<void> {
  const options = session ? { session } : {}
  await schema.id.updateOne({ _id }, { $set: mark }, { ...options, upsert: true })
  const { at, actor } = known.get(_id) ?? {}
  if (at === undefined || actor === undefined) return
  await schema.statement.updateOne({ _id: names.at(at), actor }, { $set: mark }, options)
}
