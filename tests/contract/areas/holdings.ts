import { describe, expect, test } from 'vitest'
import { compareHoldings } from '../../../lrs/storage/compare.ts'
import type { Portion, Taking } from '../../../lrs/storage/holding.ts'
import { move } from '../../../lrs/storage/move.ts'
import { type Storage, StorageUnavailable } from '../../../lrs/storage/port.ts'
import { describeUnless } from '../../support/left-out.ts'
import { ADAPTERS } from '../adapters.ts'
import type { Adapter, Subject } from '../subject.ts'
import { idOf, recordOf, voidOf } from '../support/records.ts'
import { things } from '../support/things.ts'
import { answers, fill } from '../support/whole.ts'

export function holdingsContract(adapter: Adapter): void {
  describe('what is moved from one store to another', () => {
    /** A store with something of every kind. */
    async function full<T>(body: (storage: Storage) => Promise<T>): Promise<T> {
      const source = await adapter.open()
      try {
        await fill(source.storage)
        return await body(source.storage)
      } finally {
        await source.destroy()
      }
    }

    for (const other of ADAPTERS)
      describeUnless(other.lacks(), `to ${other.name}`, {}, () => {
        /** And an empty one of the other kind. */
        const into = (name: string, body: (from: Storage, target: Subject) => Promise<void>) =>
          test(name, async () => {
            const target = await other.open()
            try {
              await full((from) => body(from, target))
            } finally {
              await target.destroy()
            }
          })

        into('answers the same, is whole, and goes on behind it', async (from, target) => {
          const holdings = await from.holdings()
          const outcome = await move(holdings, target.storage, 'here')
          expect(outcome).toMatchObject({ ok: true, moved: { damaged: [] } })
          const there = await target.storage.holdings()
          const compared = await compareHoldings(holdings, there)
          expect(compared.differences).toEqual([])
          await Promise.all([holdings.close(), there.close()])
          await finish(outcome)
          await target.storage.migrate()
          expect(await answers(target.storage)).toEqual(await answers(from))
          await expectWell(target.storage)

          const before = await from.tenant('one').feed.end()
          for (const storage of [from, target.storage]) {
            // On what came along the same rules hold as on what was written there.
            const { statements, feed, collections } = storage.tenant('one')
            const doc = await collections.get(things, 'key 1')
            expect(await collections.replace(things, 'key 1', { n: 100 }, doc!.revision)).toBe(true)
            expect(await collections.replace(things, 'key 1', { n: 101 }, doc!.revision)).toBe(false)
            const written = await statements.write([
              recordOf('after', { source: 'third' }),
              recordOf('nothing'),
              voidOf('v2', 2),
            ])
            const last = (await feed.read(0, 1_000)).findLast((entry) => entry.position <= before)
            expect(written).toMatchObject({ ok: true, fresh: 3 })
            const entries = await feed.read(before, 10)
            expect(entries.map((entry) => ('statement' in entry ? entry.statement.id : entry.kind))).toEqual([
              idOf('after'),
              idOf('nothing'),
              idOf('v2'),
              'voided',
            ])
            if (last?.kind === 'stored' && written.ok)
              expect(written.stored).toBeGreaterThan(last.statement.stored)
            const again = await statements.write([recordOf(1)])
            expect(again).toMatchObject({ ok: true, fresh: 0 })
            const conflict = await statements.write([recordOf(2, { fingerprint: '1:x' })])
            expect(conflict).toMatchObject({ ok: false, refusal: { kind: 'conflict' } })
            expect((await statements.relations(idOf('nothing'))).referrers).toEqual([idOf('never')])
          }
          await expectWell(target.storage)
        })

        into(
          'what was cut off cannot be used, goes on, and changes nothing that is there',
          async (from, target) => {
            const holdings = await from.holdings()
            const portions: Portion[] = []
            for await (const portion of holdings.portions(null)) portions.push(portion)
            const stop = new AbortController()
            let steps = 0
            const stopped = move(holdings, target.storage, 'here', {
              signal: stop.signal,
              progress: () => ++steps === Math.floor(portions.length / 2) && stop.abort(new Error('enough')),
            })
            await expect(stopped).rejects.toThrow('enough')
            await target.reopen()
            await expect(target.storage.migrate()).rejects.toThrow(StorageUnavailable)
            expect(await target.storage.takeIn('elsewhere')).toEqual({ ok: false, refusal: 'other-origin' })
            // A kill between taking and remembering it: the last portions come once more.
            const again = await target.storage.takeIn('here')
            const { taking } = again as { taking: Taking }
            const at = portions.findIndex(({ place }) => place === JSON.parse(taking.mark!).place)
            expect(at).toBeGreaterThan(0)
            for (const portion of portions.slice(0, at + 2)) {
              if (portion.part === 'blobs' || portion.part === 'holds') continue
              await taking.take(portion, taking.mark!)
            }
            const outcome = await move(holdings, target.storage, 'here')
            const there = await target.storage.holdings()
            expect((await compareHoldings(holdings, there)).differences).toEqual([])
            await Promise.all([holdings.close(), there.close()])
            await finish(outcome)
            await expectWell(target.storage)
            expect(await target.storage.takeIn('here')).toEqual({ ok: false, refusal: 'not-empty' })
          },
        )

        into('is compared in words', async (from, target) => {
          await fill(target.storage)
          const { collections } = target.storage.tenant('one')
          await collections.put(things, 'one more', { n: 1 })
          const [here, there] = await Promise.all([from.holdings(), target.storage.holdings()])
          const { differences } = await compareHoldings(here, there)
          await Promise.all([here.close(), there.close()])
          // The times are others, and one document is more.
          expect(differences.join('\n')).toMatch(/Statements and what befell them of tenant two-2: /)
          expect(differences.join('\n')).toMatch(/at positions 0 to 999/)
          expect(differences.join('\n')).toMatch(/settings of tenant one: \d+ here, \d+ there/)
          expect(differences.join('\n')).not.toMatch(/lesson files of tenant/)
        })
      })

    test('a store that keeps something takes nothing in', () =>
      full(async (storage) => {
        expect(await storage.takeIn('here')).toEqual({ ok: false, refusal: 'not-empty' })
      }))

    test('holdings are as of one moment while others write', async (context) => {
      const lack = await adapter.lacksMoments()
      if (lack !== null) return context.skip(lack)
      await full(async (from) => {
        const holdings = await from.holdings()
        const before = holdings.extents.find(({ tenant }) => tenant === 'one')!.statements
        await from.tenant('one').statements.write([recordOf('while')])
        await from.tenant('one').collections.put(things, 'while', { n: 1 })
        let statements = 0
        for await (const { tenant, items } of holdings.portions(null))
          for (const item of items) {
            if (tenant === 'one' && 'kind' in item && item.kind === 'statement') statements++
            if ('collection' in item && 'key' in item) expect(item.key).not.toBe('while')
          }
        await holdings.close()
        expect(statements).toBe(before)
      })
    })
  })
}

async function finish(outcome: Awaited<ReturnType<typeof move>>): Promise<void> {
  if (!outcome.ok) throw new Error(outcome.refusal)
  await outcome.taking.finish()
}

async function expectWell(storage: Storage): Promise<void> {
  const found = []
  for await (const finding of storage.check()) found.push(finding)
  expect(found).toEqual([])
}
