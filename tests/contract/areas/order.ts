import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { StatementStore } from '../../../lrs/storage/port.ts'
import type { Adapter, Subject } from '../subject.ts'
import { everything, idOf, recordOf } from '../support/records.ts'

export function orderContract(adapter: Adapter): void {
  describe('order', () => {
    let subject: Subject
    beforeEach(async () => {
      subject = await adapter.open()
    })
    afterEach(() => subject.destroy())
    const statements = () => subject.storage.tenant('order').statements

    async function store(name: string): Promise<number> {
      const outcome = await statements().write([recordOf(name)])
      if (!outcome.ok) throw new Error('refused')
      return outcome.stored
    }

    test('a later commit has a later time, also when the clock steps back and the store is opened anew', async () => {
      const times = [await store('1'), await store('2')]
      subject.shiftClock(-3_600_000)
      times.push(await store('3'), await store('4'))
      await subject.reopen()
      times.push(await store('5'))
      subject.shiftClock(7_200_000)
      times.push(await store('6'))
      for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]!)
      expect(times[5]! - times[0]!).toBeGreaterThan(3_000_000)
    })

    test('among writers at once, order of time is order of position, and one call has one time', async () => {
      await Promise.all(
        Array.from({ length: 200 }, (_, i) => statements().write([recordOf(`${i} a`), recordOf(`${i} b`)])),
      )
      const { statements: all } = await statements().query(everything)
      expect(all).toHaveLength(400)
      for (let i = 1; i < all.length; i++) {
        expect(all[i]!.position).toBeGreaterThan(all[i - 1]!.position)
        expect(all[i]!.stored).toBeGreaterThanOrEqual(all[i - 1]!.stored)
      }
      const byId = new Map(all.map((one) => [one.id, one]))
      for (let i = 0; i < 200; i++) {
        expect(byId.get(idOf(`${i} a`))!.stored).toBe(byId.get(idOf(`${i} b`))!.stored)
      }
    })

    test('nothing appears at or below a watermark that was told', async () => {
      await store('first')
      let writing = true
      let told = 0
      const watching = (async () => {
        for (let i = 1; writing; i++) {
          const next = await statements().watermark()
          expect(next).toBeGreaterThanOrEqual(told)
          told = next
          await new Promise((resolve) => setTimeout(resolve, 1))
          subject.shiftClock(i % 50 === 0 ? -500 : 1)
        }
      })()
      const stored: { before: number; time: number }[] = []
      await Promise.all(
        Array.from({ length: 8 }, async (_, lane) => {
          for (let i = 0; i < 40; i++) {
            const before = told
            stored.push({ before, time: await store(`${lane} ${i}`) })
          }
        }),
      )
      writing = false
      await watching
      for (const { before, time } of stored) expect(time).toBeGreaterThan(before)
      expect(told).toBeGreaterThan(0)
    })

    test('the watermark follows the clock within 200 ms when idle, and survives its steps', async () => {
      // Of the moment at which it is asked: how long the answer takes is another matter.
      const lag = async () => {
        const asked = Date.now()
        return asked - (await statements().watermark())
      }
      await store('first')
      expect(await lag()).toBeLessThanOrEqual(200)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(await lag()).toBeLessThanOrEqual(200)
      const before = await statements().watermark()
      subject.shiftClock(-60_000)
      expect(await statements().watermark()).toBeGreaterThanOrEqual(before)
      await subject.reopen()
      expect(await statements().watermark()).toBeGreaterThanOrEqual(before)
      expect(await store('second')).toBeGreaterThan(before)
    })

    test('what a query shows is never above the watermark told next', async () => {
      let writing = true
      const watch = async () => {
        let seen = 0
        while (writing) {
          const page = await newest(statements())
          const shown = page[0]?.stored ?? 0
          expect(await statements().watermark()).toBeGreaterThanOrEqual(shown)
          expect(shown).toBeGreaterThanOrEqual(seen)
          seen = shown
        }
      }
      const watching = Promise.all(Array.from({ length: 4 }, watch))
      await Promise.all(
        Array.from({ length: 8 }, async (_, lane) => {
          for (let i = 0; i < 50; i++) await store(`${lane} ${i}`)
        }),
      )
      writing = false
      await watching
    })

    test('pages neither skip nor repeat while statements arrive', async () => {
      for (let i = 0; i < 40; i++) await store(`old ${i}`)
      let writing = true
      const arriving = (async () => {
        // Fewer than are looked at below, so that the old ones are reached whoever is quicker.
        for (let i = 0; writing && i < 300; i++) await store(`new ${i}`)
      })()
      for (const ascending of [true, false]) {
        for (const keys of [[], ['verb:done']]) {
          const seen: string[] = []
          let after: number | undefined
          do {
            const page = await statements().query({
              ...everything,
              keys,
              ascending,
              limit: 7,
              ...(after !== undefined && { after }),
            })
            seen.push(...page.statements.map(({ id }) => id))
            after = page.statements.at(-1)?.position
            if (!page.more) break
          } while (seen.length < 500)
          expect(new Set(seen).size).toBe(seen.length)
          const old = Array.from({ length: 40 }, (_, i) => idOf(`old ${i}`))
          const order = seen.filter((id) => old.includes(id))
          expect(order).toEqual(ascending ? old : old.toReversed())
        }
      }
      writing = false
      await arriving
    })
  })
}

async function newest(statements: StatementStore) {
  return (await statements.query({ ...everything, ascending: false, limit: 1 })).statements
}
