import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { StatementQuery, StatementRecord, StatementStore } from '../../../lrs/storage/port.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { createModel } from '../support/model.ts'
import { everything, idOf, recordOf } from '../support/records.ts'

const KEYS = ['a', 'b', 'c']
const SOURCES = ['s1', 's2', 's3']
const NODES = 10

const shape = fc.record({
  node: fc.nat({ max: NODES - 1 }),
  variant: fc.constantFrom(0, 0, 0, 1),
  keys: fc.subarray(KEYS),
  source: fc.constantFrom(...SOURCES),
  target: fc.option(fc.nat({ max: NODES }), { freq: 4 }),
  voiding: fc.boolean(),
  mayVoidForeign: fc.boolean(),
})
const batches = fc.array(
  fc.uniqueArray(shape, { minLength: 1, maxLength: 4, selector: ({ node }) => node }),
  { minLength: 1, maxLength: 12 },
)
const filter = fc.record({
  keys: fc.subarray(KEYS),
  sources: fc.option(fc.subarray(SOURCES), { nil: undefined }),
  includeVoided: fc.boolean(),
  ascending: fc.boolean(),
  since: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
  until: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 4 }),
})
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never
type Filter = typeof filter extends fc.Arbitrary<infer T> ? T : never

/** Ids, keys and sources of one run, so that runs can share a tenant. */
function recordFor(
  run: string,
  { node, variant, keys, source, target, voiding, mayVoidForeign }: Shape,
): StatementRecord {
  const refers = target !== null
  return recordOf(`${run} ${node}`, {
    fingerprint: `1:${variant}`,
    keys: keys.map((key) => `${run} ${key}`),
    source: `${run} ${source}`,
    refersTo: refers ? idOf(`${run} ${target}`) : null,
    voiding: voiding && refers,
    mayVoidForeign,
  })
}

async function checkAgainstModel(
  statements: StatementStore,
  run: string,
  written: Shape[][],
  filters: Filter[],
): Promise<void> {
  const model = createModel()
  const times: number[] = []
  for (const batch of written) {
    const records = batch.map((one) => recordFor(run, one))
    const outcome = await statements.write(records)
    const stored = outcome.ok ? outcome.stored : 0
    if (outcome.ok) times.push(stored)
    expect(outcome).toEqual(model.write(records, stored))
  }
  for (let node = 0; node < NODES; node++) {
    const id = idOf(`${run} ${node}`)
    expect((await statements.get(id))?.voided ?? false).toBe(model.isVoided(id))
  }
  for (const { keys, sources, since, until, limit, ...rest } of filters) {
    const timeAt = (index: number | undefined) =>
      index === undefined ? undefined : times[index % times.length]
    const query = {
      ...rest,
      keys: keys.map((key) => `${run} ${key}`),
      ...(sources && { sources: sources.map((source) => `${run} ${source}`) }),
      ...defined('since', timeAt(since)),
      ...defined('until', timeAt(until)),
    }
    expect(await listAll(statements, { ...query, limit, maxBytes: 1_000_000 })).toEqual(model.list(query))
  }
}

function defined<K extends string>(key: K, value: number | undefined): { [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: number })
}

/** All ids that a query lists, page by page. */
async function listAll(statements: StatementStore, query: StatementQuery): Promise<string[]> {
  const ids: string[] = []
  let after: number | undefined
  for (;;) {
    const page = await statements.query({ ...query, ...defined('after', after) })
    expect(page.statements.length).toBeLessThanOrEqual(query.limit)
    const { statements: parts, more } = await statements.queryTexts({ ...query, ...defined('after', after) })
    expect([parts.map(({ position }) => position), more]).toEqual([
      page.statements.map(({ position }) => position),
      page.more,
    ])
    ids.push(...page.statements.map(({ id }) => id))
    if (!page.more) return ids
    after = page.statements.at(-1)!.position
  }
}

export function referencesContract(adapter: Adapter): void {
  describe('references', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('any graph of statements, references and voids lists as the plain model does', async () => {
      await fc.assert(
        fc.asyncProperty(batches, fc.array(filter, { minLength: 5, maxLength: 15 }), (written, filters) =>
          checkAgainstModel(freshTenant().statements, 'only', written, filters),
        ),
        { numRuns: 40 },
      )
    })

    test('the same among thousands of other references', async () => {
      const { statements } = freshTenant()
      await statements.write(
        Array.from({ length: 2_500 }, (_, i) =>
          recordOf(`crowd ${i}`, { refersTo: idOf(`crowd ${i >> 1}`), source: 'crowd', keys: ['crowd'] }),
        ),
      )
      let run = 0
      const withKey = filter.filter(({ keys }) => keys.length > 0)
      await fc.assert(
        fc.asyncProperty(batches, fc.array(withKey, { minLength: 5, maxLength: 15 }), (written, filters) =>
          checkAgainstModel(statements, `run ${++run}`, written, filters),
        ),
        { numRuns: 60 },
      )
    })

    test('a chain of any length leads to its match, whichever end came first', async () => {
      const { statements } = freshTenant()
      const length = 3_000
      const chain = Array.from({ length }, (_, i) =>
        recordOf(`c${i}`, { refersTo: idOf(`c${i + 1}`), keys: i === length - 1 ? ['verb:end'] : [] }),
      )
      // Even ones from the far end, then odd ones from the near end: most references are filled in later.
      for (const half of [
        chain.filter((_, i) => i % 2 === 0).reverse(),
        chain.filter((_, i) => i % 2 === 1),
      ]) {
        for (let i = 0; i < half.length; i += 500) await statements.write(half.slice(i, i + 500))
      }
      const found = await listAll(statements, {
        keys: ['verb:end'],
        ascending: true,
        limit: 1_000,
        maxBytes: 1e8,
      })
      expect(found).toHaveLength(length)
    })

    test('a cycle neither loops nor loses a match', async () => {
      const { statements } = freshTenant()
      await statements.write([
        recordOf('self', { refersTo: idOf('self'), keys: ['verb:self'] }),
        recordOf('x', { refersTo: idOf('y'), keys: ['verb:x'] }),
        recordOf('y', { refersTo: idOf('z') }),
        recordOf('z', { refersTo: idOf('x') }),
        recordOf('outside', { refersTo: idOf('y') }),
      ])
      const find = (key: string) => listAll(statements, { ...everything, keys: [key] })
      expect(await find('verb:self')).toEqual([idOf('self')])
      expect(await find('verb:x')).toEqual(['x', 'y', 'z', 'outside'].map(idOf))
      expect(await find('verb:done')).toEqual(['x', 'y', 'z', 'outside'].map(idOf))
    })

    test('a target with a hundred thousand referrers: all are found, and pages and writes stay quick', async () => {
      const { statements } = freshTenant()
      const many = 100_000
      const begun = performance.now()
      for (let i = 0; i < many; i += 1_000) {
        await statements.write(
          Array.from({ length: 1_000 }, (_, k) =>
            recordOf(`r${i + k}`, { refersTo: idOf('t'), keys: ['verb:r'] }),
          ),
        )
      }
      // Far from going through all of them again, on a machine of any speed.
      const quick = (performance.now() - begun) / 2
      const timed = async <T>(act: () => Promise<T>): Promise<[T, number]> => {
        const start = performance.now()
        return [await act(), performance.now() - start]
      }
      const [, arrival] = await timed(() => statements.write([recordOf('t', { keys: ['verb:t'] })]))
      expect(arrival).toBeLessThan(quick)
      for (const ascending of [true, false]) {
        const [page, time] = await timed(() =>
          statements.query({ keys: ['verb:t'], ascending, limit: 100, maxBytes: 1e7 }),
        )
        expect(page.statements).toHaveLength(100)
        expect(page.more).toBe(true)
        expect(time).toBeLessThan(quick)
      }
      const found = await listAll(statements, {
        keys: ['verb:t'],
        ascending: true,
        limit: 10_000,
        maxBytes: 1e9,
      })
      expect(new Set(found).size).toBe(many + 1)
    }, 400_000)

    for (const order of ['target first', 'referrer first'] as const) {
      test(`a reference and its target that are both under way before either is kept end linked (${order})`, async () => {
        const { statements } = freshTenant()
        // So many that not all of them are gone through.
        await statements.write(
          Array.from({ length: 1_000 }, (_, i) => recordOf(`crowd ${i}`, { refersTo: idOf('absent') })),
        )
        const release = subject().holdCommits()
        const target = () => statements.write([recordOf('t', { keys: ['verb:t'] })])
        const referrer = () => statements.write([recordOf('r', { keys: [], refersTo: idOf('t') })])
        const [first, second] = order === 'target first' ? [target, referrer] : [referrer, target]
        const one = first()
        await setTimeout(150)
        const other = second()
        await setTimeout(150)
        release()
        expect(await Promise.all([one, other])).toMatchObject([{ ok: true }, { ok: true }])
        const found = await listAll(statements, { ...everything, keys: ['verb:t'] })
        expect(found.sort()).toEqual([idOf('r'), idOf('t')].sort())
      })
    }

    test('no one reference between two statements that are sent at once is lost', async () => {
      const { statements } = freshTenant()
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => [
          statements.write([recordOf(`r${i}`, { refersTo: idOf(`t${i}`), keys: [] })]),
          statements.write([recordOf(`t${i}`, { keys: ['verb:target'] })]),
        ]).flat(),
      )
      expect(await listAll(statements, { ...everything, keys: ['verb:target'] })).toHaveLength(100)
    })
  })
}
