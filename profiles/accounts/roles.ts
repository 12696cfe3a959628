import { randomUUID } from 'node:crypto'
import { type Collections, type Problem, refuse } from '../../lrs/index.ts'
import { hasCitizenNumber, REASON_NUMBER } from '../citizen-number.ts'
import type { Audit } from '../create-profiles.ts'
import { REASON_MISSING } from '../organisations/problems.ts'
import { holdsEverywhere } from '../organisations/rights.ts'
import type { Accounts } from '../types.ts'
import { PERSONS, TAKEN_ROLES } from './documents.ts'
import type { createSetUp } from './set-up.ts'

interface RolesDeps {
  collections: Collections
  setUp: Pick<ReturnType<typeof createSetUp>, 'close' | 'fence'>
  audit: Audit
  now: () => number
}

/** Roles in the whole tenant, given and taken. */
export function createRoles({
  collections,
  setUp,
  audit,
  now,
}: RolesDeps): Pick<Accounts, 'grant' | 'take' | 'taken'> {
  return {
    async grant(id, role, by) {
      for (;;) {
        const person = await collections.get(PERSONS, id)
        if (!person) throw new Error(`No person ${id} to give the role ${role} to.`)
        if (person.value.mergedInto !== undefined)
          throw new Error(`Person ${id} was merged into another, who is to have the role ${role}.`)
        if (person.value.roles.includes(role)) return
        const outcome = await collections.batch([
          {
            op: 'replace',
            collection: PERSONS,
            key: id,
            revision: person.revision,
            value: { ...person.value, roles: [...person.value.roles, role] },
          },
          audit({ action: 'role-grant', actor: by, subjects: [id], detail: { role } }),
          ...(role === 'operator' ? [setUp.close()] : []),
        ])
        if (outcome.ok) return
      }
    },

    async take(id, role, by, given) {
      const reason = given.trim()
      if (reason === '') return refuse(REASON_MISSING)
      if (hasCitizenNumber(reason)) return refuse(REASON_NUMBER)
      for (;;) {
        // Read first, written last, by whoever makes an operator or takes the role: of two at once one begins again.
        const fence = await setUp.fence()
        const person = await collections.get(PERSONS, id)
        if (!person) throw new Error(`No person ${id} to take the role ${role} from.`)
        if (!person.value.roles.includes(role)) return person.value
        const taker = by === id ? person : await collections.get(PERSONS, by)
        if (taker && !holdsEverywhere(taker.value, 'operate')) return refuse(NOT_OPERATOR)
        if (role === 'operator') {
          const equals = { roles: role }
          const operators = await collections.find(PERSONS, { index: 'roles', equals, limit: 2 })
          if (operators.docs.length < 2) return refuse(LAST_OPERATOR)
        }
        const value = { ...person.value, roles: person.value.roles.filter((one) => one !== role) }
        const outcome = await collections.batch([
          { op: 'replace', collection: PERSONS, key: id, revision: person.revision, value },
          {
            op: 'insert',
            collection: TAKEN_ROLES,
            key: randomUUID(),
            value: { person: id, role, at: now(), by, reason },
          },
          audit({ action: 'role-take', actor: by, subjects: [id], detail: { role } }),
          fence,
        ])
        if (outcome.ok) return value
      }
    },

    async taken(id) {
      const found = await collections.find(TAKEN_ROLES, {
        index: 'person',
        equals: { person: id },
        descending: true,
        limit: 20,
      })
      return found.docs.map((doc) => doc.value)
    },
  }
}

const NOT_OPERATOR: Problem = {
  id: 'role-not-yours',
  status: 403,
  message: 'Only an operator takes this role away.',
}
const LAST_OPERATOR: Problem = {
  id: 'last-operator',
  status: 409,
  message: 'This is the last operator. Make another one first, then take the role away.',
}
