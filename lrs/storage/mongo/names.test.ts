import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf, namesOf, positionOf, SYSTEM } from './names.ts'

const bytes = (text: string) => Buffer.from(text)
const isWithin = (name: string, { $gte, $lt }: { $gte: string; $lt: string }) =>
  Buffer.compare(bytes(name), bytes($gte)) >= 0 && Buffer.compare(bytes(name), bytes($lt)) < 0
const key = fc.string({ unit: 'binary', maxLength: 8 })
const tenant = fc.constantFrom('a', 'a-b', 'a0', 'ab', 'b')

describe('names of documents', () => {
  test('a key is within the keys that begin like it, of its own tenant, and no other is', () => {
    fc.assert(
      fc.property(tenant, tenant, key, key, (one, other, name, prefix) => {
        const mine = namesOf(one)
        expect(keyOf(mine.of(name))).toBe(name)
        const beginsSo = name.startsWith(prefix)
        expect(isWithin(mine.of(name), mine.within(prefix))).toBe(beginsSo)
        expect(isWithin(namesOf(other).of(name), mine.within(prefix))).toBe(one === other && beginsSo)
      }),
    )
  })

  test('positions are in the order of their names', () => {
    const { at } = namesOf('t')
    const position = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(positionOf(at(a))).toBe(a)
        expect(Math.sign(Buffer.compare(bytes(at(a)), bytes(at(b))))).toBe(Math.sign(a - b))
      }),
    )
  })

  test("what is no tenant's id is refused, and the system has a name that none can have", () => {
    for (const id of ['', 'A', '../x', 'a/b', '~system ', 'a'.repeat(64)]) expect(() => namesOf(id)).toThrow()
    expect(namesOf(SYSTEM).of('k')).toBe('~system/k')
  })
})
