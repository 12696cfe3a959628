import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inUtc, isDuration, isInstant, isIri, isUri, isUuid, parseTimestamp } from './formats.ts'

describe('durations (ISO 8601, 4.4.3.2)', () => {
  test.each([
    'PT0S',
    'P1Y',
    'P3Y1M29DT4H35M59.14S',
    'PT16559.14S',
    'P4W',
    'P0.5W',
    'PT1,5H',
    'P1M',
    'PT1M',
    'P1DT1S',
  ])('%s is one', (text) => {
    expect(isDuration(text)).toBe(true)
  })
  test.each([
    'P',
    'PT',
    'P1D T1S',
    'P1DT',
    'P4W1D',
    'P1YT1W',
    'PT1.5H30M',
    'P1.5Y1M',
    'PT.5S',
    'PT5H.5S',
    'PT1.S',
    '-PT1S',
    'PT-1S',
    'pt1s',
    'P1S',
    'PT1D',
    'P1D1Y',
    'P0003-06-04T12:30:05',
    'PA1H0M0S',
    'PT1S ',
    '',
  ])('%j is none', (text) => {
    expect(isDuration(text)).toBe(false)
  })
  test('any amounts in the right order make one; the same in another order do not', () => {
    const amount = fc.option(fc.nat({ max: 9999 }), { nil: undefined })
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        amount,
        amount,
        amount,
        (years, months, days, hours, minutes, seconds) => {
          const of = (value: number | undefined, unit: string) => (value === undefined ? '' : value + unit)
          const date = of(years, 'Y') + of(months, 'M') + of(days, 'D')
          const time = of(hours, 'H') + of(minutes, 'M') + of(seconds, 'S')
          const text = `P${date}${time && `T${time}`}`
          expect(isDuration(text)).toBe(date + time !== '')
          if (years !== undefined && days !== undefined) expect(isDuration(`P${days}D${years}Y`)).toBe(false)
        },
      ),
    )
  })
  test('a megabyte of digits is answered at once', () => {
    const start = performance.now()
    for (const text of [`P${'1'.repeat(1e6)}`, `PT0.${'0'.repeat(1e6)}1`]) isDuration(text)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('timestamps', () => {
  test.each([
    ['2015-11-18T12:17:00+00:00', '2015-11-18T12:17:00Z'],
    ['2023-05-04T12:00:00-05:00', '2023-05-04T17:00:00Z'],
    ['2026-01-01T06:30:00.123456789+07', '2025-12-31T23:30:00.123456789Z'],
    ['2008-09-15 15:53:00.601+00:00', '2008-09-15T15:53:00.601Z'],
    ['20080915T155300Z', '2008-09-15T15:53:00Z'],
    ['2008-09-15T15:53', '2008-09-15T15:53:00Z'],
    ['2024-02-29T24:00:00Z', '2024-03-01T00:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00Z'],
  ])('%s is %s', (text, utc) => {
    const parsed = parseTimestamp(text)
    expect(parsed && inUtc(parsed)).toBe(utc)
  })
  test.each([
    '2008-09-15T15:53:00.601-00',
    '2008-09-15T15:53:00.601-0000',
    '2008-09-15T15:53:00.601-00:00',
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-01-01T25:00:00Z',
    '2023-01-01T24:00:01Z',
    '2023-01-01T00:60:00Z',
    '2023-01-01T00:00:00+24:00',
    '2023-01-01T00:00:00.Z',
    '2023-01-01',
    '01/011/2015',
    '1446740000000',
    '',
  ])('%j is none', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })
  test.each([
    '2008-09-15T15:53:00Z',
    '2008-09-15 15:53:00.601+00:00',
    '2008-09-15T15:53:00-05:30',
    '2008-09-15T15:53:00+07',
    '2008-09-15T15:53:00.5+0700',
  ])('XAPI2-4.2.7: %s is an instant', (text) => {
    expect(isInstant(text)).toBe(true)
  })
  test.each([
    '2008-09-15T15:53Z',
    '2008-09-15T15:53:00',
    '20080915T155300Z',
    '2008-09-15T15:53:00-00',
    '2008-09-15T15:53:00-0000',
    '2008-09-15T15:53:00-00:00',
    '2008-09-15T15:53:00+7',
    '2008-09-15T15:53:00+070',
    '2008-09-15T15:53:00+07:',
    '2008-09-15T15:53:00+0760',
    '2008-09-15T15:53:00+24',
  ])('XAPI2-4.2.7: %s is refused', (text) => {
    expect(isInstant(text)).toBe(false)
  })
  test('any instant in any zone is the same instant in UTC', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }).filter((offset) => offset !== 0),
        (instant, offset) => {
          const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1)
          const two = (value: number) => String(value).padStart(2, '0')
          const size = Math.abs(offset)
          const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
          const parsed = parseTimestamp(local + zone)
          expect(parsed && inUtc(parsed)).toBe(instant.toISOString())
        },
      ),
    )
  })
})

describe('identifiers', () => {
  test.each(['https://vi.example/bài-học', 'urn:x:y', 'mailto:a@b', 'tag:adlnet.gov,2013:expapi:1'])(
    '%s is an IRI',
    (text) => {
      expect(isIri(text)).toBe(true)
    },
  )
  test.each(['', 'bài-học', '/a/b', 'ab=c://x', 'http://a b', 'http://%zz', '#x'])('%j is none', (text) => {
    expect(isIri(text)).toBe(false)
  })
  test('a URI is plain ASCII', () => {
    expect(isUri('https://id.example.org/lan')).toBe(true)
    expect(isUri('https://id.example.org/bài')).toBe(false)
  })
  test('a UUID is in standard string form, in any case', () => {
    expect(isUuid('6690E6C9-3ef0-4ed3-8b37-7f3964730bee')).toBe(true)
    for (const text of [
      'AA97B177-9383-4934-8543-0F91A7A028368',
      'MA97B177-9383-4934-8543-0F91A7A02836',
      '{6690e6c9-3ef0-4ed3-8b37-7f3964730bee}',
      '6690e6c93ef04ed38b377f3964730bee',
      'urn:uuid:6690e6c9-3ef0-4ed3-8b37-7f3964730bee',
    ]) {
      expect(isUuid(text)).toBe(false)
    }
  })
})
