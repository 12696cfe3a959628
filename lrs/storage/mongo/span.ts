import type { Filter } from 'mongodb'
import type { Position, SourceId, StatementQuery } from '../port.ts'
import type { Names } from './names.ts'
import type { StatementDocument } from './schema.ts'
import { ACTOR, narrowest, sourceKey, type Term } from './terms.ts'

/** Positions that a page may come from, both ends inclusive, and how it goes through them. */
export interface Span {
  low: Position
  high: Position
  ascending: boolean
  /** How many positions are wanted. */
  limit: number
}

/** What a query asks of a statement, as conditions. */
export interface Criteria {
  names: Names
  /** The statement matches by itself, and may be listed. */
  listed(span: Span): Filter<StatementDocument>
  /** It matches by itself, may be followed, and others refer to it. */
  target(): Filter<StatementDocument>
  /** It matches by itself, and may be followed. */
  matches(): Filter<StatementDocument>
  /** It may be listed, whether or not it matches by itself. */
  shown(): Filter<StatementDocument>
  /** It may be followed. */
  followed(source: SourceId): boolean
  /** The index of `listed`. */
  hint: string | { _id: 1 }
}

export function criteriaOf(names: Names, query: StatementQuery): Criteria {
  const sources = query.sources && [...new Set(query.sources)]
  const one = sources?.length === 1 ? [sourceKey(sources[0]!)] : []
  const actor = query.keys.find((key) => key.startsWith(ACTOR))
  const { term, asked } = narrowest(names.tenant, [...query.keys, ...one])
  const matching = (narrow: Term | null): Filter<StatementDocument> => ({
    ...(narrow !== null && { terms: narrow }),
    // Terms are hashes.
    ...(asked.length > 0 && { keys: { $all: asked } }),
    ...(sources && { source: { $in: sources } }),
    // The shard of a person's own statements.
    ...(actor !== undefined && { actor: names.of(actor) }),
  })
  const unvoided = query.includeVoided ? {} : { voided: false }
  return {
    names,
    listed: (span) => ({ ...matching(term), _id: idsOf(names, span), ...unvoided }),
    target: () => ({ ...matching(term), target: true }),
    matches: () => matching(null),
    shown: () => ({ ...(sources && { source: { $in: sources } }), ...unvoided }),
    followed: (source) => !sources || sources.includes(source),
    hint: term === null ? { _id: 1 } : 'by-term',
  }
}

export const idsOf = (names: Names, { low, high }: Span) => ({ $gte: names.at(low), $lte: names.at(high) })
