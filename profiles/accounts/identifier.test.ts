import { expect, test } from 'vitest'
import { normaliseIdentifier } from './identifier.ts'

test.each([
  ['0912345678', 'phone', '+84912345678'],
  [' 0912 345 678 ', 'phone', '+84912345678'],
  ['0912.345.678', 'phone', '+84912345678'],
  ['+84 912 345 678', 'phone', '+84912345678'],
  ['84912345678', 'phone', '+84912345678'],
  ['0226 3851 234', 'phone', '+842263851234'],
  ['+1 415 555 2671', 'phone', '+14155552671'],
  ['０９１２３４５６７８', 'phone', '+84912345678'],
  [' Lan.Nguyen@Example.ORG ', 'email', 'lan.nguyen@example.org'],
  ['lan+hoc@mail.example.vn', 'email', 'lan+hoc@mail.example.vn'],
  ['nguyễn@ví-dụ.example'.normalize('NFD'), 'email', 'nguyễn@ví-dụ.example'.normalize('NFC')],
])('%s is the %s %s', (text, kind, value) => {
  expect(normaliseIdentifier(text)).toEqual({ kind, value })
})

test.each([
  '',
  '   ',
  'lan',
  'lan@',
  '@example.org',
  'lan@example',
  'lan@@example.org',
  'lan nguyen@example.org',
  'lan@example..org',
  'lan\u0000@example.org',
  '091234567',
  '0241234',
  '0912345678 ext 5',
  'tel 0912345678',
  '12345',
  `${'a'.repeat(250)}@example.org`,
  'lan@exam\ud800ple.org',
  'Lan <lan@example.org>',
])('%j is neither an e-mail address nor a phone number', (text) => {
  expect(normaliseIdentifier(text)).toBeNull()
})
