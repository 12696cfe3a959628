import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pageWithGaps } from './gaps.ts'

const marks = new Map([
  ['@name@', 'name'],
  ['@state@', 'state'],
])
const page = pageWithGaps(`<p>Chào @name@, ${'đây là bài học. '.repeat(500)}</p>@state@<i>@name@</i>`, marks)
const expected = (name: string, state: string) =>
  `<p>Chào ${name}, ${'đây là bài học. '.repeat(500)}</p>${state}<i>${name}</i>`

test.each([
  ['short fillings', 'Lan', '{}'],
  ['empty ones', '', ''],
  ['long ones, of several bytes a letter', 'Nguyễn', '“ệ”'.repeat(100_000)],
  ['at the bound of what is stored as it is', 'a'.repeat(511), 'b'.repeat(512)],
  ['ones that look like gaps', '@state@', '@name@'],
])('%s: plain and packed say the same, and all of it', (_what, name, state) => {
  const fill = { name, state }
  expect(page.plain(fill).toString()).toBe(expected(name, state))
  expect(gunzipSync(page.gzip(fill)).toString()).toBe(expected(name, state))
})

test('what is fixed is packed', () => {
  expect(page.gzip({ name: 'Lan', state: '{}' }).length).toBeLessThan(300)
})

test('a gap that nothing is given for is an error', () => {
  expect(() => page.plain({ name: 'Lan' })).toThrow('state')
})
