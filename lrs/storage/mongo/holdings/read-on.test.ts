import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReadOn, inSpans } from './read-on.ts'

/** Numbers in order; after so many answers of a cursor the connection is lost. */
function sourceOf(all: readonly number[], lostAfter = Number.POSITIVE_INFINITY) {
  let opened = 0
  let closed = 0
  const reading = createReadOn<number>(
    (after) => {
      opened++
      let at = all.findIndex((one) => one > after)
      let answers = 0
      return {
        async tryNext() {
          if (answers++ === lostAfter) throw new Error('the connection is lost')
          return at < 0 ? null : (all[at++] ?? null)
        },
        async close() {
          closed++
        },
      }
    },
    (one) => one,
  )
  return { reading, opened: () => opened, closed: () => closed }
}

test('pages of any size, of which any part is passed, tell all in order, over one cursor', async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 60 })
  const pages = fc.array(
    fc.record({ most: fc.integer({ min: 1, max: 9 }), passed: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  await fc.assert(
    fc.asyncProperty(numbers, pages, async (given, turns) => {
      const all = given.toSorted((a, b) => a - b)
      const { reading, opened, closed } = sourceOf(all)
      const told: number[] = []
      let place = 0
      for (let turn = 0; ; turn++) {
        const { most, passed } = turns[turn % turns.length]!
        const { items, isWhole } = await reading.look(place, (_, count) => count === most)
        const rest = all.filter((one) => one > place)
        expect(items).toEqual(rest.slice(0, most))
        expect(isWhole).toBe(rest.length < most)
        if (isWhole) {
          told.push(...items)
          break
        }
        told.push(...items.slice(0, passed))
        place = told.at(-1)!
        reading.pass(place)
      }
      expect(told).toEqual(all)
      await reading.close()
      expect([opened(), closed()]).toEqual([1, 1])
    }),
  )
})

test('from another place it is opened anew', async () => {
  const { reading, opened } = sourceOf([1, 2, 3, 4, 5])
  const two = (_: number, count: number) => count === 2
  expect((await reading.look(3, two)).items).toEqual([4, 5])
  expect((await reading.look(1, two)).items).toEqual([2, 3])
  expect(opened()).toBe(2)
})

test('a cursor that ends with its connection is opened once more where it was; what fails at once is told', async () => {
  const all = Array.from({ length: 10 }, (_, i) => i + 1)
  const { reading } = sourceOf(all, 4)
  expect((await reading.look(0, (_, count) => count === 6)).items).toEqual(all.slice(0, 6))
  await expect(sourceOf(all, 0).reading.look(0, () => false)).rejects.toThrow('lost')
})

test('what is read in spans is all of it, in order, each once, and every cursor is closed', async () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      numbers,
      fc.integer({ min: -1, max: 300 }),
      fc.integer({ min: 0, max: 320 }),
      fc.integer({ min: 1, max: 90 }),
      async (given, after, end, span) => {
        const all = given.toSorted((a, b) => a - b)
        let open = 0
        const widths: number[] = []
        const source = inSpans<number>(after, end, span, (from, to) => {
          open++
          widths.push(to - from)
          const rest = all.filter((one) => one > from && one <= to)
          return { tryNext: async () => rest.shift() ?? null, close: async () => void open-- }
        })
        const told: number[] = []
        for (let item = await source.tryNext(); item !== null; item = await source.tryNext()) told.push(item)
        expect(told).toEqual(all.filter((one) => one > after && one <= end))
        expect(Math.max(0, ...widths)).toBeLessThanOrEqual(span)
        expect(open).toBe(0)
        await source.close()
      },
    ),
  )
})
