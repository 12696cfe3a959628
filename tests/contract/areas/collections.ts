import { describe, expect, test } from 'vitest'
import {
  type Collection,
  type Collections,
  defineCollection,
  type Find,
  type Operation,
} from '../../../lrs/storage/collections.ts'
import { type Adapter, useSubject } from '../subject.ts'
import { type Thing, things } from '../support/things.ts'

export function collectionsContract(adapter: Adapter): void {
  describe('collections', () => {
    const { subject, freshTenant } = useSubject(adapter)

    test('values come back as they were put, in the tenant, in others not, and in the system apart', async () => {
      const [{ collections }, other] = [freshTenant(), freshTenant().collections]
      const value = { n: 1, kind: 'é 😀 \u0000', words: ['a'], extra: [null, true, 1.5, { deep: [] }] }
      await collections.put(things, 'k', value)
      expect(await collections.get(things, 'k')).toEqual({ key: 'k', value, revision: expect.any(Number) })
      expect(await other.get(things, 'k')).toBeNull()
      expect(await subject().storage.system.get(things, 'k')).toBeNull()
      await subject().storage.system.put(things, 'k', { n: 2 })
      expect((await subject().storage.system.get(things, 'k'))?.value).toEqual({ n: 2 })
      expect((await collections.get(things, 'k'))?.value).toEqual(value)
      expect(await collections.get(defineCollection('others'), 'k')).toBeNull()
    })

    test('many keys are read at once: those that are there, expired ones not', async () => {
      const { collections } = freshTenant()
      await collections.put(things, 'a', { n: 1 })
      await collections.put(things, 'b', { n: 2 }, { expires: Date.now() - 1 })
      await collections.put(things, 'c', { n: 3 })
      const found = await collections.getMany(things, ['c', 'a', 'b', 'none', 'a', '\ud800'])
      expect([...found.keys()].sort()).toEqual(['a', 'c'])
      expect(found.get('c')).toEqual(await collections.get(things, 'c'))
      expect(await collections.getMany(things, [])).toEqual(new Map())
    })

    test('insert, replace and delete each happen once, and a revision is never used again', async () => {
      const { collections } = freshTenant()
      const revision = async () => (await collections.get(things, 'k'))!.revision
      expect(await collections.insert(things, 'k', { n: 1 })).toBe(true)
      expect(await collections.insert(things, 'k', { n: 2 })).toBe(false)
      const first = await revision()
      expect(await collections.replace(things, 'k', { n: 3 }, first)).toBe(true)
      expect(await collections.replace(things, 'k', { n: 4 }, first)).toBe(false)
      expect((await collections.get(things, 'k'))!.value).toEqual({ n: 3 })
      const second = await revision()
      expect(await collections.delete(things, 'k')).toBe(true)
      expect(await collections.delete(things, 'k')).toBe(false)
      expect(await collections.replace(things, 'k', { n: 5 }, second)).toBe(false)
      await collections.put(things, 'k', { n: 6 })
      expect([first, second]).not.toContain(await revision())
    })

    test('of many that insert or replace at once, one does', async () => {
      const { collections } = freshTenant()
      const inserts = await Promise.all(
        Array.from({ length: 20 }, (_, n) => collections.insert(things, 'k', { n })),
      )
      expect(inserts.filter(Boolean)).toHaveLength(1)
      const { revision } = (await collections.get(things, 'k'))!
      const replaces = await Promise.all(
        Array.from({ length: 20 }, (_, n) => collections.replace(things, 'k', { n }, revision)),
      )
      expect(replaces.filter(Boolean)).toHaveLength(1)
    })

    test('a batch happens whole or not at all, and names the operation that failed', async () => {
      const { collections } = freshTenant()
      await collections.put(things, 'there', { n: 1 })
      const { revision } = (await collections.get(things, 'there'))!
      const at = (key: string) => ({ collection: things, key })
      const good: Operation[] = [
        { op: 'put', ...at('a'), value: { n: 1 } },
        { op: 'delete', ...at('absent') },
        { op: 'check', ...at('nobody'), revision: null },
      ]
      const bad: Operation[] = [
        { op: 'insert', ...at('there'), value: {} },
        { op: 'replace', ...at('there'), value: {}, revision: revision + 1 },
        { op: 'replace', ...at('gone'), value: {}, revision },
        { op: 'delete', ...at('there'), revision: revision + 1 },
        { op: 'delete', ...at('gone'), revision },
        { op: 'check', ...at('there'), revision: null },
        { op: 'check', ...at('there'), revision: revision + 1 },
        { op: 'check', ...at('gone'), revision },
      ]
      for (const one of bad) {
        expect(await collections.batch([...good, one])).toEqual({ ok: false, failed: 3 })
        expect(await collections.get(things, 'a')).toBeNull()
      }
      expect(
        await collections.batch([
          ...good,
          { op: 'check', ...at('there'), revision },
          { op: 'insert', ...at('b'), value: { n: 2 } },
        ]),
      ).toEqual({ ok: true })
      expect(await collections.batch([{ op: 'replace', ...at('there'), value: { n: 9 }, revision }])).toEqual(
        { ok: true },
      )
      expect(await collections.count(things)).toBe(3)
      expect(await collections.batch([])).toEqual({ ok: true })
    })

    test('of two batches that each check what the other writes, one happens', async () => {
      const { collections } = freshTenant()
      const at = (key: string) => ({ collection: things, key })
      for (let round = 0; round < 20; round++) {
        const [x, y, z] = [`x${round}`, `y${round}`, `z${round}`]
        const pairs: [Operation[], Operation[]][] = [
          // Nothing is there.
          [
            [
              { op: 'check', ...at(x), revision: null },
              { op: 'insert', ...at(y), value: { n: 1 } },
            ],
            [
              { op: 'check', ...at(y), revision: null },
              { op: 'put', ...at(x), value: { n: 2 } },
            ],
          ],
        ]
        await collections.put(things, z, { n: 0 })
        await collections.put(things, `${z}z`, { n: 0 })
        const [one, other] = [
          (await collections.get(things, z))!.revision,
          (await collections.get(things, `${z}z`))!.revision,
        ]
        // Both are there, and one batch removes what the other relies on.
        pairs.push([
          [
            { op: 'check', ...at(z), revision: one },
            { op: 'delete', ...at(`${z}z`), revision: other },
          ],
          [
            { op: 'check', ...at(`${z}z`), revision: other },
            { op: 'replace', ...at(z), value: { n: 1 }, revision: one },
          ],
        ])
        for (const pair of pairs) {
          const ordered = round % 2 ? pair : pair.toReversed()
          const outcomes = await Promise.all(ordered.map((batch) => collections.batch(batch)))
          expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
          expect(outcomes.filter(({ ok }) => !ok)).toEqual([{ ok: false, failed: 0 }])
        }
      }
    })

    test('a check leaves the document and its revision as they were', async () => {
      const { collections } = freshTenant()
      await collections.put(things, 'k', { n: 1 })
      const doc = (await collections.get(things, 'k'))!
      const check: Operation = { op: 'check', collection: things, key: 'k', revision: doc.revision }
      const absent: Operation = { op: 'check', collection: things, key: 'none', revision: null }
      const put: Operation = { op: 'put', collection: things, key: 'other', value: {} }
      expect(await collections.batch([check, absent, put])).toEqual({ ok: true })
      expect(await collections.get(things, 'k')).toEqual(doc)
      expect(await collections.get(things, 'none')).toBeNull()
      expect((await collections.scan(things, { limit: 9 })).docs.map(({ key }) => key)).toEqual([
        'k',
        'other',
      ])
      expect(await collections.count(things)).toBe(2)
      expect(await collections.insert(things, 'none', { n: 3 })).toBe(true)
    })

    test('a batch is limited to 1,000 operations on distinct keys', async () => {
      const { collections } = freshTenant()
      const puts = (count: number) =>
        Array.from(
          { length: count },
          (_, i): Operation => ({ op: 'put', collection: things, key: `${i}`, value: { n: i } }),
        )
      await expect(collections.batch(puts(1_001))).rejects.toThrow()
      await expect(collections.batch([...puts(1), ...puts(1)])).rejects.toThrow()
      expect(await collections.count(things)).toBe(0)
      expect(await collections.batch(puts(1_000))).toEqual({ ok: true })
      expect(await collections.count(things)).toBe(1_000)
    })

    test('values over 4 MB, deeper than 50 or not JSON are refused, and those just within are kept', async () => {
      const { collections } = freshTenant()
      const nested = (depth: number): object => (depth === 1 ? {} : { in: nested(depth - 1) })
      const c = defineCollection<object>('any')
      await expect(collections.put(c, 'k', { t: 'é'.repeat(2_000_000) })).rejects.toThrow()
      await expect(collections.put(c, 'k', nested(51))).rejects.toThrow()
      await expect(collections.put(c, 'k', undefined as never)).rejects.toThrow()
      expect(await collections.get(c, 'k')).toBeNull()
      const big = { t: 'x'.repeat(3_999_980) }
      await collections.put(c, 'k', big)
      expect((await collections.get(c, 'k'))?.value).toEqual(big)
      await collections.put(c, 'k', nested(50))
      expect((await collections.get(c, 'k'))?.value).toEqual(nested(50))
    })

    test('a value with two array fields in one index is refused, and what that write began leaves no trace', async () => {
      const { collections } = freshTenant()
      await expect(collections.put(things, 'k', { n: [1], words: ['a'] } as never)).rejects.toThrow()
      expect(await collections.count(things)).toBe(0)
      await collections.put(things, 'k', { n: 1, words: ['a'] })
      const found = await collections.find(things, { index: 'byWord', limit: 9 })
      expect(found.docs.map(({ key }) => key)).toEqual(['k'])
      await collections.put(things, 'k', { n: 2 })
      expect(await collections.count(things, { index: 'byN', equals: { n: 2 } })).toBe(1)
    })

    test('what has expired is gone at once, everywhere, and makes room', async () => {
      const { collections } = freshTenant()
      const expires = Date.now() + 60_000
      await collections.put(things, 'short', { n: 1, words: ['w'] }, { expires })
      await collections.put(things, 'long', { n: 1, words: ['w'] }, { expires: expires + 3_600_000 })
      await collections.put(things, 'ever', { n: 1, words: ['w'] })
      const { revision } = (await collections.get(things, 'short'))!
      expect(await collections.count(things)).toBe(3)
      subject().shiftClock(120_000)
      expect(await collections.get(things, 'short')).toBeNull()
      const rest = ['ever', 'long']
      expect((await collections.scan(things, { limit: 9 })).docs.map(({ key }) => key)).toEqual(rest)
      expect(
        (await collections.find(things, { index: 'byWord', limit: 9 })).docs.map(({ key }) => key),
      ).toEqual(rest)
      expect(await collections.count(things)).toBe(2)
      expect(await collections.count(things, { index: 'byN', equals: { n: 1 } })).toBe(2)
      expect(await collections.delete(things, 'short')).toBe(false)
      expect(await collections.replace(things, 'short', { n: 2 }, revision)).toBe(false)
      expect(await collections.insert(things, 'short', { n: 3 })).toBe(true)
      expect((await collections.get(things, 'short'))!.revision).not.toBe(revision)
      expect(await collections.count(things, { index: 'byN', equals: { n: 1 } })).toBe(2)
      subject().shiftClock(-120_000)
    })

    test('a put without expiry lifts the one before', async () => {
      const { collections } = freshTenant()
      await collections.put(things, 'k', { n: 1 }, { expires: Date.now() + 60_000 })
      await collections.put(things, 'k', { n: 2 })
      subject().shiftClock(120_000)
      expect((await collections.get(things, 'k'))?.value).toEqual({ n: 2 })
      subject().shiftClock(-120_000)
    })

    test('a scan goes by code point, within a prefix, in pages', async () => {
      const { collections } = freshTenant()
      const keys = ['', 'a', 'a\u0000', 'a b', 'aa', 'ab', 'b', 'é', '\uffff', '😀', 'a%', 'a_', 'A']
      for (const key of keys) await collections.put(things, key, {})
      const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const scan = async (prefix?: string, limit = 2) => {
        const found: string[] = []
        let after: string | null = null
        do {
          const page: Awaited<ReturnType<Collections['scan']>> = await collections.scan(things, {
            limit,
            ...(prefix !== undefined && { prefix }),
            ...(after !== null && { after }),
          })
          found.push(...page.docs.map(({ key }) => key))
          after = page.next
        } while (after !== null)
        return found
      }
      for (const limit of [1, 2, 13, 100]) expect(await scan(undefined, limit)).toEqual(sorted)
      for (const prefix of ['a', 'a\u0000', 'é', '😀', 'zz', '\uffff']) {
        expect(await scan(prefix)).toEqual(sorted.filter((key) => key.startsWith(prefix)))
      }
    })

    test('an index that is declared later is filled with what is there, also with other fields', async () => {
      const { collections } = freshTenant()
      const plain = defineCollection<Thing>('grown')
      await collections.put(plain, 'a', { n: 2, kind: 'x' })
      await collections.put(plain, 'b', { n: 1, kind: 'x' })
      const find = async (collection: Collection<Thing>) =>
        (await collections.find(collection, { index: 'by', limit: 9 })).docs.map(({ key }) => key)
      const grown = defineCollection<Thing>('grown', { by: ['n'] })
      expect(await find(grown)).toEqual(['b', 'a'])
      await collections.put(plain, 'c', { n: 0, kind: 'a' })
      expect(await find(grown)).toEqual(['c', 'b', 'a'])
      expect(await find(defineCollection<Thing>('grown', { by: ['kind', 'words'] }))).toEqual(['c', 'a', 'b'])
      await collections.delete(plain, 'a')
      expect(await find(grown)).toEqual(['c', 'b'])
      expect(await collections.count(grown, { index: 'by', range: { gt: 0 } })).toBe(1)
    })

    test('a find that the index cannot answer is refused', async () => {
      const { collections } = freshTenant()
      const find = (asked: Omit<Find, 'limit'>) => collections.find(things, { ...asked, limit: 1 })
      await expect(find({ index: 'none' })).rejects.toThrow()
      await expect(find({ index: 'byKind', equals: { n: 1 } })).rejects.toThrow()
      await expect(find({ index: 'byN', equals: { n: 1 }, range: { gt: 1 } })).rejects.toThrow()
      await expect(find({ index: 'byN', after: 'nonsense' })).rejects.toThrow()
    })
  })
}
