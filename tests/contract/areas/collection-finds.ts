import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Collections, Find } from '../../../lrs/storage/collections.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { createDocModel } from '../support/doc-model.ts'
import { type Thing, things } from '../support/things.ts'

export function collectionFindsContract(adapter: Adapter): void {
  describe('finds in collections', () => {
    const { freshTenant } = useSubject(adapter)

    const text = fc.constantFrom('', 'a', 'ab', 'b', 'é', 'a\u0000', 'a\u0000b', '😀', '\uffff')
    const number = fc.oneof(fc.constantFrom(-0, 0, 1, -1, 255, 256, 1e300, -1e300, 5e-324, 0.5), fc.integer())
    const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
    const thing = fc.record(
      { n: scalar, kind: text, words: fc.array(text, { maxLength: 3 }), deep: fc.record({ at: number }) },
      { requiredKeys: [] },
    )
    const key = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6')
    const change = fc.oneof(
      fc.record({ op: fc.constant('put' as const), key, value: thing }),
      fc.record({ op: fc.constant('delete' as const), key }),
    )
    const bound = fc.oneof(text, number)
    const range = fc.oneof(
      fc.record({ gt: bound, lt: bound }, { requiredKeys: [] }),
      fc.record({ gte: bound, lte: bound }, { requiredKeys: [] }),
      fc.record({ prefix: text }),
    )
    const asked = fc.oneof(
      fc.record({ index: fc.constant('byN'), range }, { requiredKeys: ['index'] }),
      fc.record({ index: fc.constant('byN'), equals: fc.record({ n: scalar }) }),
      fc.record({ index: fc.constant('byKind'), range }, { requiredKeys: ['index'] }),
      fc.record(
        { index: fc.constant('byKind'), equals: fc.record({ kind: text }), range },
        { requiredKeys: ['index', 'equals'] },
      ),
      fc.record({ index: fc.constant('byKind'), equals: fc.record({ kind: text, n: scalar }) }),
      fc.record({ index: fc.constant('byWord'), range }, { requiredKeys: ['index'] }),
      fc.record(
        { index: fc.constant('byWord'), equals: fc.record({ words: text }), range },
        { requiredKeys: ['index', 'equals'] },
      ),
      fc.record({ index: fc.constant('byDeep'), range }, { requiredKeys: ['index'] }),
    )

    test('any find lists and counts as the plain model does, in both directions and pages of any size', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 20 }),
          fc.array(fc.tuple(asked, fc.boolean(), fc.integer({ min: 1, max: 4 })), {
            minLength: 5,
            maxLength: 15,
          }),
          async (changes, finds) => {
            const { collections } = freshTenant()
            const model = createDocModel()
            for (const one of changes) {
              if (one.op === 'put') await collections.put(things, one.key, one.value as Thing)
              else await collections.delete(things, one.key)
              if (one.op === 'put') model.set(one.key, one.value)
              else model.delete(one.key)
            }
            for (const [find, descending, limit] of finds) {
              const fields = things.indexes[find.index]!
              const expected = model.find(fields, find as Find, descending)
              const found: string[] = []
              let after: string | null = null
              do {
                const page: Awaited<ReturnType<Collections['find']>> = await collections.find(things, {
                  ...(find as Find),
                  descending,
                  limit,
                  ...(after !== null && { after }),
                })
                expect(page.docs.length).toBeLessThanOrEqual(limit)
                found.push(...page.docs.map((doc) => doc.key))
                after = page.next
              } while (after !== null)
              expect(found).toEqual(expected)
              expect(await collections.count(things, find as Find)).toBe(expected.length)
            }
          },
        ),
        { numRuns: 40 },
      )
    })
  })
}
