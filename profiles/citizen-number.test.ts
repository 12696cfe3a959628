import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasCitizenNumber } from './citizen-number.ts'

const two = (value: number) => String(value).padStart(2, '0')
const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''))

describe('a citizen number is found', () => {
  test.each([
    '001099012345',
    'CCCD001099012345.',
    '００１０９９０１２３４５',
    '001 099 012 345',
    '001\u00a0099\u202f012 345',
    '001/099/012/345',
    '001–099–012–345',
    '001 – 099 – 012 – 345',
    '001_099_012_345',
    '001,099,012,345',
    '001.099.012.345',
    '(001)(099)(012)(345)',
    '001·099·012·345',
    '0010\u200b9901\u200b2345',
    '0\u20600\u00ad1099012345',
    '001\u034f099\ufe0f012\u3164345',
    'số 0331 9001-2345 của tôi',
    '0 0 1 0 9 9 0 1 2 3 4 5',
    'gọi 0912 345 678, số 001099012345',
    '0912345678 001099012345',
    'sinh 24/11/1999 001099012345',
  ])('%j', (text) => expect(hasCitizenNumber(text)).toBe(true))

  test('whoever’s it is, however it is parted, whatever stands around', () => {
    const parted = fc
      .tuple(
        fc.integer({ min: 1, max: 96 }),
        fc.integer({ min: 0, max: 3 }),
        digits(8),
        fc.constantFrom('', ' ', '.', ',', '-', ' - ', '/', '_', '–', '\u200b', '\u00a0', '\u2060'),
        fc.constantFrom([12], [3, 3, 3, 3], [4, 4, 4], [6, 6], [3, 9], [3, 1, 2, 6], Array(12).fill(1)),
        fc.constantFrom('0', '\uff10'),
      )
      .map(([place, sex, rest, between, sizes, zero]) => {
        const number = `${String(place).padStart(3, '0')}${sex}${rest}`
        const parts = (sizes as number[]).map((size, at, all) => {
          const from = all.slice(0, at).reduce((sum, each) => sum + each, 0)
          return number.slice(from, from + size)
        })
        const shift = zero.charCodeAt(0) - 48
        return parts.join(between).replace(/\d/g, (each) => String.fromCharCode(each.charCodeAt(0) + shift))
      })
    fc.assert(
      fc.property(
        parted,
        fc.constantFrom('', 'CCCD ', 'số: ', 'a'),
        fc.constantFrom('', '.', ' của tôi'),
        (text, before, after) => hasCitizenNumber(before + text + after),
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('ordinary texts are let through', () => {
  test.each([
    'gọi 0912 345 678 hoặc 0987 654 321',
    '0912345678/0987654321',
    '0912345678 0987654321',
    '0912 345 678 24 người',
    '+84 912 345 678',
    '0226 3851 234',
    'từ 01/02/2026 - 03/02/2026',
    '01/02 - 03/02 - 05/02',
    '08:30 - 10:00, 13:30 - 15:00',
    '24/11/2026 19:30-21:00',
    '2026-01-02 03:04:05',
    '120.000.000.000 đồng',
    'QĐ 01/2026/QĐ-UBND ngày 02/03/2026',
    'Số vào sổ 0123/2019',
    '4111 1111 1111 1111',
    '1234567890123',
    'Lớp 10. 20 người, 30 buổi',
  ])('%j', (text) => expect(hasCitizenNumber(text)).toBe(false))

  test('telephones, days, hours and amounts, one after another', () => {
    const day = fc
      .tuple(
        fc.integer({ min: 1, max: 28 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1950, max: 2050 }),
      )
      .map(([d, m, y]) => `${two(d)}/${two(m)}/${y}`)
    const hour = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${two(h)}:${two(m)}`)
    const phone = fc
      .tuple(fc.constantFrom('03', '05', '07', '08', '09'), digits(8), fc.constantFrom('', ' ', '.', '-'))
      .map(([begin, rest, between]) =>
        [`${begin}${rest.slice(0, 2)}`, rest.slice(2, 5), rest.slice(5)].join(between),
      )
    const amount = fc
      .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.constantFrom('.', ' ', ''))
      .map(([value, between]) => String(value).replace(/\B(?=(\d{3})+$)/g, between))
    const words = fc
      .array(fc.oneof(day, hour, phone, amount), { minLength: 1, maxLength: 4 })
      .chain((all) => fc.constantFrom(', ', ' và ', ' - ', '; ').map((between) => all.join(between)))
    fc.assert(
      fc.property(words, (text) => !hasCitizenNumber(text)),
      { numRuns: 5_000 },
    )
  })
})
