import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DiffLine, diffLines, withContext } from './line-diff.ts'

const text = (lines: readonly DiffLine[], but: DiffLine['kind']) =>
  lines.filter((line) => line.kind !== but).map((line) => line.text)
const short = (lines: readonly (DiffLine | null)[]) =>
  lines.map((line) =>
    line === null ? '…' : `${{ same: ' ', added: '+', removed: '-' }[line.kind]}${line.text}`,
  )

describe('lines that differ', () => {
  test('are told, and what stayed', () => {
    expect(short(diffLines('a\nb\nc\nd\n', 'a\nc\nx\nd\n'))).toEqual([' a', '-b', ' c', '+x', ' d'])
    expect(diffLines('', 'a\n')).toEqual([{ kind: 'added', text: 'a' }])
    expect(diffLines('a\n', '')).toEqual([{ kind: 'removed', text: 'a' }])
    expect(diffLines('a\r\nb\r\n', 'a\nb\n').every((line) => line.kind === 'same')).toBe(true)
  })

  test('turn the one text into the other, whatever they are', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const found = diffLines(a.map((each) => `${each}\n`).join(''), b.map((each) => `${each}\n`).join(''))
        expect(text(found, 'added')).toEqual(a)
        expect(text(found, 'removed')).toEqual(b)
      }),
    )
  })

  test('that are very many are told as all gone and all new, at once', () => {
    const a = Array.from({ length: 3000 }, (_, at) => `a${at}`)
    const b = Array.from({ length: 3000 }, (_, at) => `b${at}`)
    const found = diffLines(a.join('\n'), b.join('\n'))
    expect(text(found, 'added')).toEqual(a)
    expect(text(found, 'removed')).toEqual(b)
  })

  test('are shown with what stands around them', () => {
    const before = Array.from({ length: 20 }, (_, at) => `${at}`)
    const after = before.map((each) => (each === '10' ? 'x' : each))
    expect(short(withContext(diffLines(before.join('\n'), after.join('\n')), 1))).toEqual([
      '…',
      ' 9',
      '-10',
      '+x',
      ' 11',
      '…',
    ])
  })
})
