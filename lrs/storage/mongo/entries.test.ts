import { expect, test } from 'vitest'
import { entryName, tupleOf } from './doc-names.ts'
import { changeEntries, entriesOf, readEntries, writeEntries } from './entries.ts'
import { namesOf } from './names.ts'

const names = namesOf('t')
const words = { no: 7, fields: ['words'] }
const n = { no: 12, fields: ['n', 'deep.at'] }
const texts = ['', 'a', 'a\u0000', 'a\u0001b', 'ab', 'é', 'Ā', '\uffff', '😀', ':', '1:']

test('entries are read as they were written, whatever is in them', () => {
  const entries = entriesOf(JSON.stringify({ words: texts, n: -1.5, deep: { at: null } }), [words, n])
  expect(entries.get(7)).toHaveLength(texts.length)
  expect(readEntries(writeEntries(entries))).toEqual(entries)
  expect(writeEntries(entriesOf('{"words":[]}', [words]))).toBeUndefined()
  expect(readEntries(undefined).size).toBe(0)
})

test('names of entries are ordered as tuples and keys are, and tell both', () => {
  const all = texts.flatMap((word) => {
    const tuple = entriesOf(JSON.stringify({ words: word }), [words]).get(7)![0]!
    return texts.map((key) => ({ word, key, tuple, name: entryName(names, 'c', 7, tuple, key) }))
  })
  for (const { tuple, key, name } of all) expect(tupleOf(name, key)).toEqual(tuple)
  const byteOrder = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other))
  const sorted = all.toSorted((one, other) => byteOrder(one.name, other.name))
  const expected = all.toSorted(
    (one, other) => byteOrder(one.word, other.word) || byteOrder(one.key, other.key),
  )
  expect(sorted).toEqual(expected)
})

test('only entries that change are written', () => {
  const indexed = (value: object, expires?: Date) => ({
    collection: 'c',
    key: 'k',
    expires,
    entries: entriesOf(JSON.stringify(value), [words, n]),
  })
  const old = indexed({ words: ['a', 'b'], n: 1 })
  expect(changeEntries(names, old, indexed({ words: ['b', 'a'], n: 1, more: true }))).toEqual([])
  expect(changeEntries(names, old, indexed({ words: ['a', 'b', 'c'], n: 1 }))).toHaveLength(1)
  // Its only one is no more one of several.
  expect(changeEntries(names, old, indexed({ words: ['a'], n: 1 }))).toHaveLength(2)
  expect(changeEntries(names, old, indexed({ words: ['a', 'b'], n: 1 }, new Date(1)))).toHaveLength(3)
  const gone = old.entries.get(7)!.map((tuple) => entryName(names, 'c', 7, tuple, 'k'))
  expect(changeEntries(names, old, { ...old, entries: new Map([[12, old.entries.get(12)!]]) })).toEqual([
    { deleteMany: { filter: { _id: { $in: gone } } } },
  ])
})
