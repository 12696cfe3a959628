import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson, placeOf } from '../json-syntax.ts'
import { createSplitter, type Piece, type SplitFault } from './split.ts'

interface Split {
  pieces: Piece[]
  fault: SplitFault | null
  isBatch: boolean | null
}

function split(body: string | Uint8Array, cuts: readonly number[] = [], maxBytes = 1e9): Split {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const splitter = createSplitter(maxBytes)
  const pieces: Piece[] = []
  let from = 0
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    pieces.push(...splitter.push(bytes.subarray(from, cut)))
    from = cut
  }
  pieces.push(...splitter.end())
  return { pieces, fault: splitter.fault, isBatch: splitter.isBatch }
}
const everyByte = (body: string) => Array.from({ length: Buffer.byteLength(body) }, (_, at) => at)

/** What the pieces and what is between them say of the body together: its value, or where it is wrong. */
function read({ pieces, fault, isBatch }: Split) {
  const values: unknown[] = []
  for (const { text, line, column } of pieces) {
    const parsed = parseJson(text)
    if (!parsed.ok) {
      if (parsed.fault.offset === null) return { wrong: null }
      const place = placeOf(text, parsed.fault.offset)
      return {
        wrong: {
          line: line + place.line - 1,
          column: place.line === 1 ? column + place.column - 1 : place.column,
        },
      }
    }
    values.push(parsed.value)
  }
  if (fault) return { wrong: { line: fault.line, column: fault.column } }
  return { value: isBatch ? values : values[0] }
}

const spaced = fc
  .tuple(fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()), fc.constantFrom(0, 1, '\t', '\r\n '))
  .map(([value, space]) => JSON.stringify(value, null, space as string))
const cuts = fc.array(fc.nat(5_000), { maxLength: 12 })

describe('a body that is JSON', () => {
  test('comes apart into its statements, wherever its bytes are cut', () => {
    fc.assert(
      fc.property(spaced, cuts, (text, at) => {
        const expected: unknown = JSON.parse(text)
        const found = split(text, at)
        expect(found.fault).toBeNull()
        expect(found.isBatch).toBe(Array.isArray(expected))
        expect(read(found)).toEqual({ value: expected })
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    '[]',
    ' [ ] ',
    '[1]',
    '[1,-2.5e3 ,true\n,null]',
    '["a","b"]',
    '[{"a":"]},[{"},["}"]]',
    '["\\"","\\\\",{"\\\\":"\\\\\\""}]',
    '["Việt Nam 😀",{"tên":"Đời"}]',
    '[[[]],{}]',
    '\r\n{"a":[1,2]}\n',
    '"one"',
    '7',
  ])('%j, cut between any two bytes', (text) => {
    for (const at of [[], everyByte(text), ...everyByte(text).map((one) => [one])]) {
      expect(read(split(text, at))).toEqual({ value: JSON.parse(text) })
    }
  })

  test('every statement has the place where it starts, in lines and UTF-16 units', () => {
    const text = '[{"a":"😀é"},{\n "b":\n1}, 3\n,\t"x"]'
    const { pieces } = split(text, [3, 9, 10, 11])
    for (const piece of pieces) {
      expect({ line: piece.line, column: piece.column }).toEqual(placeOf(text, text.indexOf(piece.text)))
    }
    expect(pieces.map(({ text: each }) => each)).toEqual(['{"a":"😀é"}', '{\n "b":\n1}', '3', '"x"'])
  })
})

describe('a body that is no JSON', () => {
  test('is found out, whatever is wrong with it and wherever it is cut', () => {
    const damage = fc.record({
      at: fc.nat(1_000),
      remove: fc.nat(2),
      insert: fc.constantFrom('', ',', '[', ']', '{', '}', '"', '\\', ':', '1', ' ', 'tru', '/*,*/', '\n'),
    })
    fc.assert(
      fc.property(spaced, fc.array(damage, { minLength: 1, maxLength: 3 }), cuts, (text, damages, at) => {
        let damaged = text
        for (const { at: place, remove, insert } of damages) {
          const from = place % (damaged.length + 1)
          damaged = damaged.slice(0, from) + insert + damaged.slice(from + remove)
        }
        damaged = damaged.toWellFormed()
        const expected = parseJson(damaged)
        const found = read(split(damaged, at))
        if (expected.ok) expect(found).toEqual({ value: expected.value })
        else expect(found).toHaveProperty('wrong')
      }),
      { numRuns: 3_000 },
    )
  })

  test.each([
    '',
    ' \n ',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1,,2]',
    '[{"a":1,}]',
    '[{"a":1}}',
    '[{"a":1]',
    '[1] x',
    '[1]\n]',
    '[tru]',
    '[{"a":"\n"}]',
    '{"a":1,}',
    '{"a":1} x',
    '\ufeff[1]',
    '[\n1,\n{"a":é}]',
  ])('%j is told with the place that a parser of the whole tells', (text) => {
    const expected = parseJson(text)
    if (expected.ok || expected.fault.offset === null) throw new Error('it is JSON')
    const place = placeOf(text, expected.fault.offset)
    for (const at of [[], everyByte(text)]) expect(read(split(text, at))).toEqual({ wrong: place })
  })

  test('bytes that are no UTF-8 are told, within a statement or cut off at its end', () => {
    const broken = Buffer.from('[1,"a\xff",2]', 'latin1')
    expect(split(broken)).toMatchObject({
      fault: { kind: 'utf8', line: 1, column: 4 },
      pieces: [{ text: '1' }],
    })
    expect(split(Buffer.from('"é"').subarray(0, 2)).fault?.kind).toBe('utf8')
    expect(split(Buffer.from('[1\x80]', 'latin1')).fault?.kind).toBe('utf8')
  })

  test('a statement beyond the limit is told where it starts, and nothing more of it is held', () => {
    const text = `[1,${JSON.stringify('x'.repeat(200))},2]`
    expect(split(text, [50, 100], 202).fault).toBeNull()
    expect(split(text, [50, 100], 201)).toMatchObject({
      fault: { kind: 'large', line: 1, column: 4 },
      pieces: [{ text: '1' }],
    })
    expect(split(`{"a":"${'x'.repeat(300)}"}`, [50, 100], 201).fault?.kind).toBe('large')
  })
})
