import { expect, test } from 'vitest'
import type { Role } from '../types.ts'
import { holds, holdsIn, RIGHTS, type Right } from './rights.ts'
import type { OrganisationRole } from './types.ts'

const HERE = { id: 'here', state: 'active' } as const
const CLOSED = { id: 'here', state: 'closed' } as const
const person = (roles: Role[], ...held: OrganisationRole[]) => ({
  roles,
  memberships: held.length > 0 ? [{ organisation: 'here', roles: held }] : [],
})
const STAFF = ['find-people', 'confirm-learning', 'issue-recovery-codes'] as const satisfies Right[]

test.each(STAFF)('%s is for staff and officers of an active organisation alone', (right) => {
  for (const role of ['centre-staff', 'officer'] as const) {
    expect(holdsIn(person(['citizen'], role), HERE, right)).toBe(true)
    expect(holdsIn(person(['citizen'], role), CLOSED, right)).toBe(false)
    expect(holdsIn(person(['citizen'], role), { id: 'there', state: 'active' }, right)).toBe(false)
    expect(holds(person(['citizen'], role), right)).toBe(true)
  }
  const others = person(['citizen', 'author', 'operator'], 'manager', 'author', 'editor')
  expect([holds(others, right), holdsIn(others, HERE, right)]).toEqual([false, false])
})

test('an operator who works in an organisation holds there what comes by that work, and runs the product', () => {
  const both = person(['citizen', 'operator'], 'centre-staff')
  for (const right of STAFF) expect(holdsIn(both, HERE, right)).toBe(true)
  for (const right of Object.keys(RIGHTS) as Right[])
    if ((RIGHTS[right].tenant as readonly Role[]).includes('operator'))
      for (const place of [HERE, CLOSED, { id: 'there', state: 'active' } as const])
        expect(holdsIn(both, place, right), right).toBe(true)
})
