import type { IdDocument, Schema } from './schema.ts'
import { type Criteria, idsOf, type Span } from './span.ts'

/** So many references are gone through when not a few targets match, and then so many times more. */
const FIRST = 256
const GROWTH = 4
const MOST = 16_384
/** Following a matching target takes as long as going through so many references. */
const REFERENCES_A_TARGET = 4
/** Steps down from matching targets; a longer chain is found from its other end. */
const MOST_STEPS = 32
/** Steps up that are asked for one after another; from then on, where few are left, many steps at once. */
const STEPS = 4
const FEW_WAYS = 16
const LONG_WAY = 500
/** So many ids in one question. */
const AT_ONCE = 1_000

/**
 * `_id`s of the first statements in the span that refer, directly or over others, to one that matches by itself. From both
 * sides in turn, each time further: down from the matching targets, or up from the references in the span, so that it
 * takes as long as the better of both, within a constant.
 */
export async function findReferrers(schema: Schema, criteria: Criteria, span: Span): Promise<string[]> {
  const found: string[] = []
  const answers = new Map<string, boolean>()
  let rest = span
  for (let references = FIRST; rest.low <= rest.high; references = Math.min(MOST, references * GROWTH)) {
    const down = await downFromMatches(schema, criteria, Math.floor(references / REFERENCES_A_TARGET), rest)
    if (down) return [...found, ...down]
    const { ids, edge } = await upFromReferrers(schema, criteria, rest, references, answers)
    found.push(...ids)
    if (edge === null || found.length >= span.limit) break
    rest = span.ascending ? { ...rest, low: edge + 1 } : { ...rest, high: edge - 1 }
    rest = { ...rest, limit: span.limit - found.length }
  }
  return found
}

interface Step {
  source: string
  refersTo: string | undefined
  at: number | undefined
}

/** Goes through so many references in order and asks of each whether its way up passes a match. */
async function upFromReferrers(
  schema: Schema,
  criteria: Criteria,
  span: Span,
  references: number,
  answers: Map<string, boolean>,
): Promise<{ ids: string[]; edge: number | null }> {
  const rows = await schema.statement
    .find({ referrer: idsOf(criteria.names, span), ...criteria.shown() }, { projection: { refersTo: 1 } })
    .sort({ referrer: span.ascending ? 1 : -1 })
    .hint('referrers')
    .limit(references)
    .toArray()
  await resolve(
    schema,
    criteria,
    rows.map(({ refersTo }) => refersTo!),
    answers,
  )
  const ids = rows.filter(({ refersTo }) => answers.get(refersTo!)).map(({ _id }) => _id)
  const last = rows.at(-1)
  return {
    ids: ids.slice(0, span.limit),
    edge: last && rows.length === references ? Number(last._id.slice(-16)) : null,
  }
}

/** Whether each target, or what it refers to over any number of steps, matches. A cycle without a match does not. */
async function resolve(
  schema: Schema,
  criteria: Criteria,
  targets: readonly string[],
  answers: Map<string, boolean>,
): Promise<void> {
  const steps = new Map<string, Step | null>()
  const matching = new Set<string>()
  let frontier = unanswered(targets)
  for (let step = 0; frontier.length > 0; step++) {
    const next: string[] = []
    for (let from = 0; from < frontier.length; from += AT_ONCE) {
      const part = frontier.slice(from, from + AT_ONCE)
      const isLong = step >= STEPS && part.length <= FEW_WAYS
      const known = await (isLong ? waysFrom(schema, part) : schema.id.find({ _id: { $in: part } }).toArray())
      for (const id of part) steps.set(id, null)
      const allowed = known.filter(({ at, source }) => at !== undefined && criteria.followed(source!))
      const places = new Map(allowed.map(({ _id, at }) => [criteria.names.at(at!), _id]))
      const matched = schema.statement
        .find({ _id: { $in: [...places.keys()] }, ...criteria.matches() }, { projection: { _id: 1 } })
        .hint({ _id: 1 })
      for await (const { _id } of matched) matching.add(places.get(_id)!)
      for (const { _id, source, refersTo, at } of allowed) {
        steps.set(_id, { source: source!, refersTo, at })
        if (!matching.has(_id) && refersTo !== undefined) next.push(refersTo)
      }
    }
    frontier = unanswered(next)
  }
  for (const target of new Set(targets)) answer(target)

  function unanswered(ids: readonly string[]): string[] {
    return [...new Set(ids)].filter((id) => !answers.has(id) && !steps.has(id))
  }

  function answer(start: string): void {
    const way: string[] = []
    const passed = new Set<string>()
    let result = false
    let here: string | undefined = start
    while (here !== undefined && !passed.has(here)) {
      const known = answers.get(here)
      if (known !== undefined || matching.has(here)) {
        result = known ?? true
        if (known === undefined) way.push(here)
        break
      }
      passed.add(here)
      way.push(here)
      here = steps.get(here)?.refersTo
    }
    for (const one of way) answers.set(one, result)
  }
}

/** What these are, and what they refer to over so many steps, in one question. */
function waysFrom(schema: Schema, ids: readonly string[]): Promise<IdDocument[]> {
  return schema.id
    .aggregate<IdDocument>([
      { $match: { _id: { $in: ids } } },
      {
        $graphLookup: {
          from: schema.id.collectionName,
          startWith: '$_id',
          connectFromField: 'refersTo',
          connectToField: '_id',
          as: 'way',
          maxDepth: LONG_WAY,
        },
      },
      { $unwind: '$way' },
      { $replaceRoot: { newRoot: '$way' } },
    ])
    .toArray()
}

/**
 * From matching targets, over the targets that lead to them, to the referrers of all these. Null where more targets than
 * that match, or a chain is too long: then it is better to come from the other side.
 */
async function downFromMatches(
  schema: Schema,
  criteria: Criteria,
  most: number,
  span: Span,
): Promise<string[] | null> {
  const { names } = criteria
  const matches = await schema.statement
    .find(criteria.target(), { projection: { id: 1 } })
    .hint('targets-by-term')
    .limit(most + 1)
    .toArray()
  if (matches.length > most) return null
  const reached = new Set<string>()
  let frontier = matches.map(({ id }) => names.of(id))
  for (let step = 0; frontier.length > 0; step++) {
    for (const id of frontier) reached.add(id)
    if (step === MOST_STEPS || reached.size > most) return null
    const chained = await schema.statement
      .find({ refersTo: { $in: frontier }, target: true }, { projection: { id: 1, source: 1 } })
      .hint('chains')
      .toArray()
    frontier = chained
      .filter(({ id, source }) => criteria.followed(source) && !reached.has(names.of(id)))
      .map(({ id }) => names.of(id))
  }
  let found: string[] = []
  const targets = [...reached]
  for (let from = 0; from < targets.length; from += AT_ONCE) {
    const rows = await schema.statement
      .find(
        {
          refersTo: { $in: targets.slice(from, from + AT_ONCE) },
          _id: idsOf(names, span),
          ...criteria.shown(),
        },
        { projection: { _id: 1 } },
      )
      .sort({ _id: span.ascending ? 1 : -1 })
      .hint('by-target')
      .limit(span.limit)
      .toArray()
    found = [...found, ...rows.map(({ _id }) => _id)].sort()
    if (!span.ascending) found.reverse()
    found = found.slice(0, span.limit)
  }
  return found
}
