import type { Find } from '../../../lrs/storage/collections.ts'

type Scalar = null | boolean | number | string

/** Documents in a Map, and finds as loops over it. */
export interface DocModel {
  set(key: string, value: object): void
  delete(key: string): void
  find(fields: readonly string[], find: Pick<Find, 'equals' | 'range'>, descending: boolean): string[]
}

export function createDocModel(): DocModel {
  const docs = new Map<string, object>()
  return {
    set: (key, value) => docs.set(key, value),
    delete: (key) => docs.delete(key),
    find(fields, find, descending) {
      const sign = descending ? -1 : 1
      const entries = [...docs]
        .flatMap(([key, value]) => entriesOf(value, fields).map((tuple) => ({ key, tuple })))
        .filter(({ tuple }) => isAsked(tuple, fields, find))
        .sort((a, b) => sign * (compareTuples(a.tuple, b.tuple) || compareText(a.key, b.key)))
      return [...new Set(entries.map(({ key }) => key))]
    },
  }
}

function entriesOf(value: object, fields: readonly string[]): Scalar[][] {
  const columns = fields.map((field) => {
    const found = field
      .split('.')
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], value)
    return (Array.isArray(found) ? found : [found ?? null]) as Scalar[]
  })
  return columns.reduce<Scalar[][]>(
    (all, column) => all.flatMap((one) => column.map((next) => [...one, next])),
    [[]],
  )
}

function isAsked(
  tuple: Scalar[],
  fields: readonly string[],
  { equals = {}, range }: Pick<Find, 'equals' | 'range'>,
): boolean {
  const fixed = Object.keys(equals).length
  for (let i = 0; i < fixed; i++) if (compare(tuple[i]!, equals[fields[i]!]!) !== 0) return false
  if (!range) return true
  const value = tuple[fixed]!
  const holds = (bound: string | number | undefined, test: (order: number) => boolean) =>
    bound === undefined || (typeof bound === typeof value && test(compare(value, bound)))
  return (
    holds(range.gt, (order) => order > 0) &&
    holds(range.gte, (order) => order >= 0) &&
    holds(range.lt, (order) => order < 0) &&
    holds(range.lte, (order) => order <= 0) &&
    (range.prefix === undefined || (typeof value === 'string' && value.startsWith(range.prefix)))
  )
}

const RANK = (value: Scalar) =>
  value === null ? 0 : typeof value === 'boolean' ? 1 : typeof value === 'number' ? 2 : 3

function compare(a: Scalar, b: Scalar): number {
  if (RANK(a) !== RANK(b)) return RANK(a) - RANK(b)
  if (typeof a === 'string') return compareText(a, b as string)
  return a === b ? 0 : Number(a) < Number(b) ? -1 : 1
}

function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function compareTuples(a: Scalar[], b: Scalar[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compare(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return 0
}
