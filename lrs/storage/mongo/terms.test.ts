import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameKey, nameOf, namePrefix, narrowest, sourceKey, termOf, termsOf } from './terms.ts'

const kind = fc.constantFrom('verb', 'agent', 'agent+', 'activity', 'activity+', 'registration', 'actor')
const key = fc.tuple(kind, fc.constantFrom('1', '2', '3')).map(([a, b]) => `${a}:${b}`)
/** The filters of xAPI: one of each, the wider form or the narrower. */
const asked = fc
  .record(
    {
      verb: fc.constantFrom('verb:1', 'verb:2'),
      agent: fc.constantFrom('agent:1', 'agent+:1', 'agent+:2'),
      activity: fc.constantFrom('activity:1', 'activity+:2'),
      registration: fc.constantFrom('registration:1'),
      source: fc.constant(sourceKey('lms')),
    },
    { requiredKeys: [] },
  )
  .map((filters) => Object.values(filters) as string[])

describe('terms', () => {
  test('a statement is under the term of every query that it matches', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 12 }), asked, (more, filters) => {
        const keys = [...more, ...filters.filter((one) => !one.startsWith('#'))]
        const terms = termsOf('t', { keys, names: [], source: 'lms' })
        const { term } = narrowest('t', filters)
        if (filters.length === 0) expect(term).toBeNull()
        else expect(terms).toContain(term)
        expect(terms.every(Number.isSafeInteger)).toBe(true)
        expect(new Set(terms).size).toBe(terms.length)
      }),
    )
  })

  test('two filters have one term, the same in either order, and no statement with only one of them is under it', () => {
    fc.assert(
      fc.property(asked, (filters) => {
        fc.pre(filters.length === 2)
        const { term, asked: left } = narrowest('t', filters)
        expect(narrowest('t', filters.toReversed()).term).toBe(term)
        expect(left.toSorted()).toEqual(filters.filter((one) => !one.startsWith('#')).toSorted())
        for (const one of filters) {
          const keys = one.startsWith('#') ? [] : [one]
          const source = one.startsWith('#') ? 'lms' : 'other'
          expect(termsOf('t', { keys, names: [], source })).not.toContain(term)
        }
      }),
    )
  })

  test('terms of different tenants are different', () => {
    expect(termOf('a', 'verb:1')).not.toBe(termOf('b', 'verb:1'))
  })

  test('of 130,000 terms no two are the same', () => {
    const terms = new Set<number>()
    for (let i = 0; i < 5_000; i++) {
      const keys = [
        `verb:${i}`,
        `agent:${i}`,
        `activity:${i}`,
        `registration:${i}`,
        `agent+:${i}`,
        `activity+:${i}`,
      ]
      for (const term of termsOf('t', { keys, names: [], source: `s${i}` })) terms.add(term)
    }
    // Seven alone, and the pairs of seven but those of the two forms of one filter.
    expect(terms.size).toBe(5_000 * (7 + 21 - 2))
  })

  test('a name is told from its key, whatever is in it', () => {
    const name = 'Ân "the\u0000 second", ]'
    const key = nameKey('account:http://x.vn a"', 'lms', name)
    expect(nameOf(key)).toEqual({ source: 'lms', name })
    expect(key.startsWith(namePrefix('account:http://x.vn a"'))).toBe(true)
    expect(key.startsWith(namePrefix('account:http://x.vn a'))).toBe(false)
  })
})
