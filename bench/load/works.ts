import { createStatements } from '../statements.ts'
import { type Endpoint, getRequest, postBatch, postOne } from './http.ts'
import type { Work } from './work.ts'

/** Work that is the same against the product, a floor and a peer. */

export const BATCH = 50
const CONNECTIONS = 64
const BATCH_CONNECTIONS = 8
/** Distinct statements, sent in turn with a new id each. */
const STATEMENTS = 4_000
const PEOPLE = { actors: 10_000, activities: 1_600 }

export function postOneWork(to: Endpoint, durationMs: number): Work {
  const statements = createStatements({ seed: 1, ...PEOPLE })
  return {
    url: originOf(to),
    connections: CONNECTIONS,
    requests: Array.from({ length: STATEMENTS }, () => postOne(to, statements.next())),
    durationMs,
  }
}

/** So many batches, all distinct. */
export function postBatchWork(to: Endpoint, batches: number, seed: number): Work {
  const statements = createStatements({ seed, ...PEOPLE })
  const batch = () => Array.from({ length: BATCH }, () => statements.next())
  return {
    url: originOf(to),
    connections: BATCH_CONNECTIONS,
    requests: Array.from({ length: batches }, () => postBatch(to, batch())),
    count: batches,
    acknowledged: true,
  }
}

export function getByIdWork(to: Endpoint, ids: readonly string[], durationMs: number): Work {
  return {
    url: originOf(to),
    connections: CONNECTIONS,
    requests: ids.map((id) => getRequest(to, `/statements?statementId=${id}`)),
    durationMs,
  }
}

const originOf = ({ endpoint }: Endpoint): string => new URL(endpoint).origin
