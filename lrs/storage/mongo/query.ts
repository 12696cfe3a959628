import type { Filter } from 'mongodb'
import type { StatementQuery, StatementStore } from '../port.ts'
import type { Gate, View } from './gate.ts'
import { keyOf } from './names.ts'
import { findReferrers } from './referrers.ts'
import type { StatementDocument } from './schema.ts'
import { criteriaOf, type Span } from './span.ts'
import { joinTexts, SHOWN, type ShownStatement, statementText, storedStatement } from './stored-statement.ts'
import type { TenantParts } from './tenant.ts'

/** A page that takes longer is given up, ms: only filters of which no two narrow it down take more than a moment. */
export const LONGEST = 10_000
const MOST_RELATED = 100

export function createQueries(
  { connection, schema, names }: TenantParts,
  gate: Gate,
): Pick<StatementStore, 'get' | 'getText' | 'query' | 'queryTexts' | 'relations' | 'inspect'> {
  const { ask } = connection

  const find = (id: string) =>
    ask(async () => {
      const known = await schema.id.findOne({ _id: names.of(id) }, { projection: { at: 1, actor: 1 } })
      if (known?.at === undefined) return null
      const { at, actor } = known
      return schema.statement.findOne({ _id: names.at(at), actor: actor! }, { projection: SHOWN })
    })

  /** The last position whose time is not later. */
  async function lastAt(time: number): Promise<number> {
    const moment = await schema.moment
      .find({ tenant: names.tenant, stored: { $lte: time } }, { projection: { last: 1 } })
      .sort({ stored: -1 })
      .hint('by-time')
      .limit(1)
      .next()
    return moment?.last ?? 0
  }

  async function spanOf(query: StatementQuery, { visible }: View): Promise<Span> {
    const [since, until] = await Promise.all(
      [query.since, query.until].map((time) => (time === undefined ? undefined : lastAt(time))),
    )
    let low = since === undefined ? 1 : since + 1
    let high = until === undefined ? visible : Math.min(until, visible)
    if (query.after !== undefined) {
      if (query.ascending) low = Math.max(low, query.after + 1)
      else high = Math.min(high, query.after - 1)
    }
    return { low, high, ascending: query.ascending, limit: Math.max(1, query.limit) + 1 }
  }

  /** What a page lists, and whether there is more. */
  const list = (query: StatementQuery) =>
    gate.view(query.fresh).then((view) =>
      ask(async (): Promise<{ page: ShownStatement[]; more: boolean }> => {
        const span = await spanOf(query, view)
        if (span.low > span.high || query.sources?.length === 0) return { page: [], more: false }
        const criteria = criteriaOf(names, query)
        const own = schema.statement
          .find(criteria.listed(span), { projection: SHOWN, maxTimeMS: LONGEST })
          .sort({ _id: span.ascending ? 1 : -1 })
          .hint(criteria.hint)
          .limit(span.limit)
        if (query.keys.length === 0 || !view.references) return onePage(own, query)
        const ids = (await own.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id)
        const found = await findReferrers(schema, criteria, narrowed(span, ids))
        const sorted = [...new Set([...ids, ...found])].sort()
        const wanted = (span.ascending ? sorted : sorted.reverse()).slice(0, span.limit)
        const rows = schema.statement
          .find({ _id: { $in: wanted } }, { projection: SHOWN })
          .sort({ _id: span.ascending ? 1 : -1 })
          .hint({ _id: 1 })
        return onePage(rows, query)
      }),
    )

  /** A full page of own matches bounds where referrers could still push in. */
  function narrowed(span: Span, ids: readonly string[]): Span {
    if (ids.length < span.limit) return span
    const edge = Number(keyOf(ids.at(-1)!))
    return span.ascending ? { ...span, high: edge } : { ...span, low: edge }
  }

  return {
    async get(id) {
      const found = await find(id)
      return found && storedStatement(found)
    },
    async getText(id) {
      const found = await find(id)
      return found && statementText(found)
    },
    async query(query) {
      const { page, more } = await list(query)
      return { statements: page.map(storedStatement), more }
    },
    async queryTexts(query) {
      const { page, more } = await list(query)
      return { ...joinTexts(page), more }
    },
    relations: (id) =>
      ask(async () => {
        const refersTo = names.of(id)
        const first = (filter: Filter<StatementDocument>) =>
          schema.statement
            .find({ refersTo, ...filter }, { projection: { id: 1, source: 1, foreign: 1 } })
            .sort({ _id: 1 })
            .hint('by-target')
            .limit(MOST_RELATED)
            .toArray()
        const [referrers, voiders, target] = await Promise.all([
          first({}),
          first({ voiding: true }),
          schema.id.findOne({ _id: refersTo }),
        ])
        const isEffective = ({ source, foreign }: Pick<StatementDocument, 'source' | 'foreign'>) =>
          target?.at !== undefined && !target.voiding && (target.source === source || foreign === true)
        return {
          referrers: referrers.map((one) => one.id),
          voiders: voiders.map((one) => ({ id: one.id, source: one.source, effective: isEffective(one) })),
        }
      }),
    async inspect(after, limit) {
      const { visible } = await gate.view()
      return ask(async () => {
        const found = schema.statement
          .find({ _id: { $gt: names.at(after), $lte: names.at(visible) } }, { projection: { terms: 0 } })
          .sort({ _id: 1 })
          .hint({ _id: 1 })
          .limit(limit)
        const statements = []
        let letters = 0
        for await (const document of found) {
          letters += document.text.length
          if (statements.length > 0 && letters > MOST_INSPECTED) break
          statements.push({ statement: storedStatement(document), keys: [...document.keys] })
        }
        return statements
      })
    },
  }
}

const MOST_INSPECTED = 8_000_000

/** Reads no further than the page goes. */
async function onePage(
  rows: AsyncIterable<ShownStatement>,
  { limit, maxBytes }: StatementQuery,
): Promise<{ page: ShownStatement[]; more: boolean }> {
  const page: ShownStatement[] = []
  let bytes = 0
  for await (const row of rows) {
    bytes += Buffer.byteLength(row.text)
    if (page.length >= Math.max(1, limit) || (page.length > 0 && bytes > maxBytes))
      return { page, more: true }
    page.push(row)
  }
  return { page, more: false }
}
