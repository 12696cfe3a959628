import { describe, expect, test } from 'vitest'
import type { OrganisationRole } from '../organisations/types.ts'
import { normaliseIdentifier } from './identifier.ts'
import { actsForOthers, hashPassword, passwordProblems, verifyPassword } from './password.ts'

const problem = (password: string, identifier = 'lan.nguyen@example.org', name = 'Nguyễn Thị Lan') =>
  passwordProblems(password, { identifier: normaliseIdentifier(identifier), name })[0]?.id

describe('NIST SP 800-63B: length counts, composition does not', () => {
  test.each([
    ['con ong chăm chỉ'],
    ['mùa gặt sớm'],
    ['        x'],
    ['rau muống luộc chấm tương'],
    ['😀😁😂🤣😃😄😅😆'],
    ['ế'.repeat(64) + 'ộ'.repeat(64)],
    ['ếộ'.repeat(64).normalize('NFD')],
  ])('%s is taken', (password) => {
    expect(problem(password)).toBeUndefined()
  })

  test.each([
    ['', 'password-too-short'],
    ['bảy chữ', 'password-too-short'],
    ['ếộếộ'.normalize('NFD'), 'password-too-short'],
    ['😀😁😂🤣', 'password-too-short'],
    [`${'ab'.repeat(64)}c`, 'password-too-long'],
    ['chăm chỉ \ud83d', 'password-not-text'],
    ['password', 'password-common'],
    ['PassWord1', 'password-common'],
    ['12345678', 'password-common'],
    ['matkhau123', 'password-common'],
    ['Mật khẩu 123', 'password-common'],
    ['Anh Yêu Em', 'password-common'],
    ['aaaaaaaaaaaa', 'password-common'],
  ])('%s is refused: %s', (password, id) => {
    expect(problem(password)).toBe(id)
  })
})

test('who acts for others needs 15', () => {
  const of = (password: string) =>
    passwordProblems(password, { identifier: null, name: 'Lan', forOthers: true })[0]?.id
  expect(of('mười bốn chữ ạ')).toBe('password-too-short-for-role')
  expect(of('mười lăm chữ ạ!')).toBeUndefined()
  const held = (roles: OrganisationRole[]) => [{ organisation: 'o', roles }]
  expect(actsForOthers({ roles: ['citizen'] })).toBe(false)
  expect(actsForOthers({ roles: ['citizen'], memberships: held([]) })).toBe(false)
  expect(actsForOthers({ roles: ['citizen'], memberships: held(['officer']) })).toBe(true)
  expect(actsForOthers({ roles: ['citizen', 'operator'] })).toBe(true)
})

test.each([
  ['lan.nguyen@example.org', 'lan.nguyen@example.org'],
  ['LAN.NGUYEN@example.org', 'lan.nguyen@example.org'],
  ['lan.nguyen', 'lan.nguyen@example.org'],
  ['Nguyễn Thị Lan', 'lan.nguyen@example.org'],
  ['nguyenthilan', 'lan.nguyen@example.org'],
  ['0977654321', '0977 654 321'],
  ['+84977654321', '0977 654 321'],
  ['0084 977 654 321', '0977 654 321'],
  ['0977.654.321', '0977 654 321'],
])('%s is refused for the account %s: it can be read off it', (password, identifier) => {
  expect(problem(password, identifier)).toBe('password-like-account')
})

test('every refusal says what to do', () => {
  for (const password of ['x', 'password', 'ab'.repeat(100), 'Nguyễn Thị Lan'])
    expect(passwordProblems(password, { identifier: null, name: 'Nguyễn Thị Lan' })[0]?.message).toMatch(
      /Use|Choose/,
    )
})

test('argon2id, and the same password typed as NFC or NFD is the same', async () => {
  const phc = await hashPassword('mùa gặt sớm'.normalize('NFC'))
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verifyPassword(phc, 'mùa gặt sớm'.normalize('NFD'))).toBe(true)
  expect(await verifyPassword(phc, 'mùa gặt muộn')).toBe(false)
})
