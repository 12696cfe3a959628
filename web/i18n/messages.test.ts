import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { type Messages, speak } from './messages.ts'

const folder = join(import.meta.dirname, 'messages')
const areas = await Promise.all(
  readdirSync(folder).map(async (file) => {
    const module = (await import(join(folder, file))) as Record<string, Messages>
    return { file, messages: Object.values(module).filter((each) => each.vi && each.en) }
  }),
)

test('every area declares its texts', () => {
  expect(areas.length).toBeGreaterThan(5)
  for (const area of areas) expect(area.messages, area.file).not.toEqual([])
})

describe.each(areas.flatMap(({ file, messages }) => messages.map((each) => [file, each] as const)))(
  '%s',
  (_file, { vi, en }) => {
    test('Vietnamese and English have the same keys', () => {
      expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort())
    })

    test('each text is sound ICU and has the same placeholders in both languages', () => {
      for (const [key, text] of Object.entries(vi)) {
        expect(placeholders('en', en[key] ?? ''), key).toEqual(placeholders('vi', text))
      }
    })

    test('words keep the rules of speech: nothing empty, no exclamation marks, no bare OK', () => {
      for (const text of [...Object.values(vi), ...Object.values(en)]) {
        expect(text.trim()).not.toBe('')
        expect(text).not.toMatch(/!|^OK$/)
      }
    })

    test('Vietnamese is written in composed letters, so that it is found and sorted', () => {
      for (const text of Object.values(vi)) expect(text).toBe(text.normalize('NFC'))
    })
  },
)

interface Element {
  type: number
  value?: string
  options?: Record<string, { value: Element[] }>
  children?: Element[]
}

/** Names a text takes, in order and once. Types 0 and 7 are literal text and the # of a plural. */
function placeholders(language: string, text: string): string[] {
  const names = new Set<string>()
  const walk = (elements: Element[]) => {
    for (const element of elements) {
      if (element.type !== 0 && element.type !== 7 && element.value) names.add(element.value)
      for (const option of Object.values(element.options ?? {})) walk(option.value)
      if (element.children) walk(element.children)
    }
  }
  walk(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst() as Element[])
  return [...names].sort()
}

test('a text is said with its values, by the plural rules of its language', () => {
  const messages = {
    vi: { lines: '{n, plural, =0 {chưa có} other {{n, number} mục}}' },
    en: { lines: '{n, plural, =0 {none} one {one line} other {{n, number} lines}}' },
  }
  expect(speak('vi', messages)('lines', { n: 1234 })).toBe('1.234 mục')
  expect(speak('en', messages)('lines', { n: 1 })).toBe('one line')
  expect(speak('en', messages)('lines', { n: 0 })).toBe('none')
})
