import fc from 'fast-check'
import { expect, test } from 'vitest'
import { civil, formatOf, TIME_ZONE } from './format.ts'

const vi = formatOf('vi')
const en = formatOf('en')
/** 24/11/2026 20:15 in Việt Nam. */
const NOW = Date.UTC(2026, 10, 24, 13, 15)
const DAY = 86_400_000

test('dates and times are those of Asia/Ho_Chi_Minh, day first', () => {
  expect(vi.date(NOW)).toBe('24/11/2026')
  expect(vi.dateTime(NOW)).toBe('24/11/2026 20:15')
  // 23:30 UTC is already the next day there.
  expect(vi.date(Date.UTC(2026, 11, 31, 23, 30))).toBe('01/01/2027')
})

test('civil dates agree with the time zone data for every instant since 1976', () => {
  const byData = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE, dateStyle: 'short' })
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1976, 0), max: Date.UTC(2100, 0) }), (at) => {
      const { year, month, day } = civil(at)
      const two = (value: number) => String(value).padStart(2, '0')
      expect(`${year}-${two(month)}-${two(day)}`).toBe(byData.format(at))
    }),
  )
})

test('what was lately is told as people tell it, the rest as a date', () => {
  expect(vi.relative(NOW, NOW)).toBe('hôm nay')
  expect(vi.relative(NOW - DAY, NOW)).toBe('hôm qua')
  expect(vi.relative(NOW - 3 * DAY, NOW)).toBe('3 ngày trước')
  expect(vi.relative(NOW - 30 * DAY, NOW)).toBe('25/10/2026')
  // Twenty hours ago, but on the day before.
  expect(vi.relative(NOW - 21 * 3_600_000, NOW)).toBe('hôm qua')
  expect(en.relative(NOW - DAY, NOW)).toBe('yesterday')
})

test('numbers, shares, durations and sizes follow the language', () => {
  expect(vi.number(1234.5)).toBe('1.234,5')
  expect(vi.percent(0.855)).toBe('85,5%')
  expect(vi.duration(4_800_000)).toBe('1 giờ 20 phút')
  expect(vi.duration(40_000)).toBe('40 giây')
  expect(vi.duration(3_600_000)).toBe('1 giờ')
  expect(vi.bytes(3_400_000)).toBe('3,4 MB')
  expect(en.duration(4_800_000)).toBe('1 hour 20 minutes')
  expect(vi.month(NOW)).toBe('Tháng 11/2026')
  expect(en.month(NOW)).toBe('November 2026')
})
