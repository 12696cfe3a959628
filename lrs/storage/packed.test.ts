import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordOf } from '../../tests/contract/support/records.ts'
import { openPacked, pack, setTimes, unpack } from './packed.ts'
import type { StatementRecord } from './port.ts'
import { stamp } from './stamp.ts'

const word = fc.string({ unit: 'binary', maxLength: 12 })
/** Few different ones, so that they come again. */
const few = fc.constantFrom('a', 'b', 'Đời 😀', '__proto__')
const record: fc.Arbitrary<StatementRecord> = fc.record({
  id: fc.uuid(),
  text: word.map((name) => `{"name":${JSON.stringify(name)}}`),
  needsTimestamp: fc.boolean(),
  fingerprint: word,
  source: few,
  keys: fc.uniqueArray(fc.oneof(few, word), { maxLength: 6 }),
  refersTo: fc.option(fc.uuid()),
  voiding: fc.boolean(),
  mayVoidForeign: fc.boolean(),
  attachments: fc.array(word, { maxLength: 2 }),
  definitions: fc.array(fc.record({ activity: few, text: fc.oneof(few, word) }), { maxLength: 4 }),
  names: fc.array(fc.record({ agent: few, name: fc.oneof(few, word) }), { maxLength: 4 }),
})

test('what is packed is unpacked as it was, in the same order', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      const packed = [...pack(records)]
      expect(packed.flatMap(({ bytes }) => unpack(bytes))).toEqual(records)
      expect(packed.flatMap(({ ids }) => ids)).toEqual(records.map(({ id }) => id))
    }),
    { numRuns: 500 },
  )
})

test('many, long ones and such with much beside their text are packed in several groups', () => {
  const groupsOf = (count: number, about: (i: number) => Partial<StatementRecord>) => {
    const records = Array.from({ length: count }, (_, i) => recordOf(i, about(i)))
    const packed = [...pack(records)]
    expect(packed.flatMap(({ bytes }) => unpack(bytes))).toEqual(records)
    return packed.map(({ ids }) => ids.length)
  }
  expect(groupsOf(600, () => ({}))).toEqual([250, 250, 100])
  expect(groupsOf(4, () => ({ text: `{"a":"${'ờ'.repeat(600_000)}"}` }))).toEqual([1, 1, 1, 1])
  const long = (i: number) => `${i}${'x'.repeat(200_000)}`
  expect(groupsOf(7, (i) => ({ keys: [long(i)] }))).toEqual([3, 3, 1])
  expect(groupsOf(7, (i) => ({ definitions: [{ activity: 'a', text: long(i) }] }))).toEqual([3, 3, 1])
  expect(groupsOf(7, (i) => ({ names: [{ agent: 'a', name: long(i) }] }))).toEqual([3, 3, 1])
  expect(groupsOf(7, () => ({ keys: [long(0)], definitions: [{ activity: 'a', text: long(0) }] }))).toEqual([
    7,
  ])
})

test('what many have in common takes no room for each of them', () => {
  const about = { keys: ['k'.repeat(1_000)], definitions: [{ activity: 'a', text: 'd'.repeat(1_000) }] }
  const [packed] = pack(Array.from({ length: 200 }, (_, i) => recordOf(i, about)))
  expect(packed!.bytes.length).toBeLessThan(200 * 500)
})

test('the times that are put into a text afterwards stand where they would be put at once', () => {
  const time = Date.UTC(2026, 10, 25, 1, 2, 3, 4)
  for (const needsTimestamp of [true, false]) {
    const record = recordOf('a', { needsTimestamp })
    const [packed] = pack([record])
    const { texts } = openPacked(packed!.bytes)
    setTimes(texts, record, new Date(time).toISOString())
    expect(texts.toString()).toBe(stamp(record, time))
  }
})
