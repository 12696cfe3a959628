import { getRequest, postBatch, postOne } from '../load/http.ts'
import type { RequestBytes } from '../load/work.ts'
import { createRandom } from '../random.ts'
import type { StartedServer } from '../server.ts'
import { credentialOf, ofReader, READER } from './build.ts'
import type { DataSet } from './data-set.ts'
import { pageShapes } from './page-shapes.ts'
import { makeStatements } from './statements.ts'

const SEED = 7_000

/** New statements of the same province, each a POST of its own. */
export function singlePosts(server: StartedServer, set: DataSet, count: number): RequestBytes[] {
  const to = { endpoint: server.endpoint, credential: credentialOf(0) }
  return newStatements(set, count).map((text) => postOne(to, text))
}

export function batchPosts(server: StartedServer, set: DataSet, count: number, size: number): RequestBytes[] {
  const to = { endpoint: server.endpoint, credential: credentialOf(0) }
  const texts = newStatements(set, count * size)
  return Array.from({ length: count }, (_, index) =>
    postBatch(to, texts.slice(index * size, (index + 1) * size)),
  )
}

export function idReads(server: StartedServer, set: DataSet): RequestBytes[] {
  const to = { endpoint: server.endpoint, credential: READER }
  return ofReader(set.samples).map(({ id }) => getRequest(to, `/statements?statementId=${id}`))
}

/** Pages of every shape, so many of each, in no order. */
export function mixedPages(server: StartedServer, set: DataSet, each: number): RequestBytes[] {
  const to = { endpoint: server.endpoint, credential: READER }
  const paths = pageShapes(ofReader(set.samples)).flatMap((shape, index) => shape.paths(each, SEED + index))
  const random = createRandom(SEED)
  return paths
    .map((path) => ({ path, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ path }) => getRequest(to, path))
}

function newStatements(set: DataSet, count: number): string[] {
  const made = makeStatements(set.size, SEED, (index) => Date.UTC(2026, 0, 1) + index * 1000)
  return made
    .filter(({ statement }) => 'timestamp' in statement)
    .take(count)
    .map(({ statement }) => JSON.stringify(statement))
    .toArray()
}
