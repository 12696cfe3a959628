import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_DEPTH, member, scan, scanElements, stringAt } from './json.ts'
import { parseJson, placeOf } from './json-syntax.ts'

const faultsOf = (text: string) => scan(text).faults.map(({ kind, path }) => `${kind} ${path}`)

describe('what is wrong with JSON text', () => {
  test.each([
    ['{"a":1,}', 7],
    ['{"a":tru}', 5],
    ["{'a':1}", 1],
    ['', 0],
    ['[1,2', 4],
    ['{"a":1} x', 8],
    ['// c\n{}', 0],
  ])('%j is no JSON, and the place is told', (text, offset) => {
    expect(parseJson(text)).toEqual({ ok: false, fault: { kind: 'syntax', offset, path: '' } })
  })

  test('line and column count from 1', () => {
    expect(placeOf('{\n  "a": x', 9)).toEqual({ line: 2, column: 8 })
    expect(placeOf('x', 0)).toEqual({ line: 1, column: 1 })
  })

  test('10^5 nested brackets neither overflow nor pass, closed or open', () => {
    const many = 100_000
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      expect(parseJson(open.repeat(many)).ok).toBe(false)
      const text = `${open.repeat(many)}1${close.repeat(many)}`
      expect(parseJson(text).ok).toBe(true)
      expect(scan(text)).toMatchObject({ node: null, faults: [{ kind: 'depth' }] })
    }
  })

  test('64 levels pass, 65 do not', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(scan(nested(MAX_DEPTH)).faultCount).toBe(0)
    expect(faultsOf(nested(MAX_DEPTH + 1))).toEqual(['depth '])
  })

  test.each([
    ['{"a":1,"a":1}', 'repeated-key a'],
    ['{"a":{"b":1,"\\u0062":2}}', 'repeated-key a.b'],
    [`{${Array.from({ length: 20 }, (_, index) => `"k${index}":1`).join(',')},"k7":2}`, 'repeated-key k7'],
    ['[{"x y":[{"k":1,"k":2}]}]', 'repeated-key [0]["x y"][0].k'],
    ['{"a":"\\u0000"}', 'nul a'],
    ['{"a":["\\ud800"]}', 'surrogate a[0]'],
    ['{"a":["\ud800"]}', 'surrogate a[0]'],
    ['{"a":1e400}', 'number a'],
    [`{"a":${'1'.repeat(1200)}}`, 'number a'],
  ])('%s is told with its path', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault])
  })

  test.each([
    '"\\ud83d\\ude00"',
    '"😀"',
    '1e308',
    '-1e-400',
    '1234567890123456789012345678901234567890',
    '"\\\\u0000"',
  ])('%s is fine', (text) => {
    expect(faultsOf(text)).toEqual([])
  })

  test('a key of megabytes does not make a path of megabytes', () => {
    const [fault] = scan(`{"${'k'.repeat(1e6)}":"\\u0000"}`).faults
    expect(fault?.path.length).toBeLessThan(200)
  })

  test('of a great many faults only the first hundred are described, all are counted', () => {
    const text = `[${Array(5000).fill('"\\u0000"').join(',')}]`
    const { faults, faultCount } = scan(text)
    expect([faults.length, faultCount]).toEqual([100, 5000])
  })
})

describe('where values stand', () => {
  test('integer-like keys and __proto__ keep their place', () => {
    const node = scan('{"b":1,"10":2,"__proto__":3,"2":4}').node
    expect(node?.members.map(({ key }) => key)).toEqual(['b', '10', '__proto__', '2'])
    expect(member(node ?? undefined, 'toString')).toBeUndefined()
  })

  test('elements of a batch are read one by one, white space or not', () => {
    const text = ' [ {"a":1} ,\n[2],"x" ] '
    expect([...scanElements(text)].map(({ node }) => node && text.slice(node.start, node.end))).toEqual([
      '{"a":1}',
      '[2]',
      '"x"',
    ])
    expect([...scanElements('[]')]).toEqual([])
  })

  test('every value of any JSON, in any spacing, is found again at its offsets', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, '\t', '\r\n '), (value, space) => {
        const text = JSON.stringify(value, null, space as string)
        const { node, faults } = scan(text)
        const wrong = faults.filter(({ kind }) => kind !== 'nul' && kind !== 'surrogate')
        expect(wrong).toEqual([])
        check(node as NonNullable<typeof node>, value)
        function check(at: NonNullable<typeof node>, expected: unknown): void {
          expect(JSON.parse(text.slice(at.start, at.end))).toEqual(JSON.parse(JSON.stringify(expected)))
          if (at.kind === 'string') expect(stringAt(text, at)).toBe(expected)
          for (const [index, item] of at.items.entries()) check(item, (expected as unknown[])[index])
          for (const each of at.members) check(each.value, (expected as Record<string, unknown>)[each.key])
        }
      }),
    )
  })

  test('strings, keys and their faults are those of JSON.parse, however they are spelled', () => {
    const character = fc.oneof(
      fc.constantFrom('a', '"', '\\', '/', 'u', '\0', '\n', '\ud800', '\udc00', 'ệ', '😀', ' ', ','),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    )
    const content = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(''))
    const unit = (code: string, isEscaped: boolean) =>
      isEscaped ? `\\u${code.charCodeAt(0).toString(16).padStart(4, '0')}` : rawly(code)
    const rawly = (code: string) =>
      code < ' ' || code === '"' || code === '\\' ? JSON.stringify(code).slice(1, -1) : code
    fc.assert(
      fc.property(
        content,
        content,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
        (key, value, escapes) => {
          const spelled = (of: string) =>
            `"${Array.from({ length: of.length }, (_, at) => unit(of[at] as string, escapes[at % escapes.length] as boolean)).join('')}"`
          const text = `{"first":1,${spelled(key)} : [${spelled(value)},2]}`
          const { node, faults } = scan(text)
          const second = node?.members[1]
          const [string, last] = second?.value.items ?? []
          expect(second?.key).toBe(key)
          expect(string && stringAt(text, string)).toBe(value)
          expect(last && text.slice(last.start, last.end)).toBe('2')
          const wrong = (of: string) => [
            ...(of.includes('\0') ? ['nul'] : []),
            ...(of.isWellFormed() ? [] : ['surrogate']),
          ]
          const repeated = key === 'first' ? ['repeated-key'] : []
          expect(faults.map(({ kind }) => kind)).toEqual([...wrong(key), ...wrong(value), ...repeated])
        },
      ),
      { numRuns: 200 },
    )
  })

  test('a number of many digits is a double by its value, not by its length', () => {
    expect(faultsOf(`[${'1'.repeat(309)},1e308,${'1'.repeat(310)},-1E309]`)).toEqual([
      'number [2]',
      'number [3]',
    ])
  })
})
