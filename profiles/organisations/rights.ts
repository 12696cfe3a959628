import type { Person, Role } from '../types.ts'
import { ORGANISATION_ROLES, type Organisation, type OrganisationRole } from './types.ts'

/** Who holds a right: by a role in the whole tenant, or by a role in an organisation, for what is that organisation's. */
interface Held {
  tenant: readonly Role[]
  organisation: readonly OrganisationRole[]
}

/** Which role may what: the one place that says so. */
export const RIGHTS = {
  /** To run the product: sources, statements, people, the audit, organisations. */
  operate: { tenant: ['operator'], organisation: [] },
  /** To upload lessons, and to change and publish one's own. */
  'write-lessons': { tenant: ['author', 'operator'], organisation: ['author', 'editor'] },
  /** To change and publish what others wrote. */
  'edit-lessons': { tenant: ['operator'], organisation: ['editor'] },
  /** To invite people, to give and take roles, to hand lessons over. */
  'manage-members': { tenant: ['operator'], organisation: ['manager'] },
  /** To find people who are no members, and to open what they told of themselves; with a purpose that they are shown. */
  'find-people': { tenant: [], organisation: ['centre-staff', 'officer'] },
  /** To confirm what people learned, and to enter it for those who came to a class. */
  'confirm-learning': { tenant: [], organisation: ['centre-staff', 'officer'] },
  /** To hand a recovery code to a citizen whose document was seen. */
  'issue-recovery-codes': { tenant: [], organisation: ['centre-staff', 'officer'] },
  /** To answer what citizens say is wrong on their records, where it is the organisation's to answer. */
  'answer-disputes': { tenant: ['operator'], organisation: ['officer'] },
} as const satisfies Record<string, Held>
export type Right = keyof typeof RIGHTS

/** The right by which a role in an organisation is given and taken. An officer decides on people's records. */
const GIVEN_BY: Record<OrganisationRole, Right> = {
  manager: 'manage-members',
  author: 'manage-members',
  editor: 'manage-members',
  'centre-staff': 'manage-members',
  officer: 'operate',
}

export type RoleHolder = Pick<Person, 'roles' | 'memberships'>

/** Whether a person holds the right somewhere: in the tenant, or in any organisation. What is done for one asks `holdsIn`. */
export function holds(person: RoleHolder, right: Right): boolean {
  const { organisation } = heldBy(right)
  return (
    holdsEverywhere(person, right) ||
    (person.memberships ?? []).some(({ roles }) => roles.some((role) => organisation.includes(role)))
  )
}

/** Whether a person holds the right by a role in the whole tenant. */
export function holdsEverywhere(person: RoleHolder, right: Right): boolean {
  return person.roles.some((role) => heldBy(right).tenant.includes(role))
}

/**
 * Whether a person holds the right for what is this organisation's; in a closed one only the operator holds any. An
 * operator who works in an organisation too holds there what is theirs by that work.
 */
export function holdsIn(
  person: RoleHolder,
  organisation: Pick<Organisation, 'id' | 'state'>,
  right: Right,
): boolean {
  if (holdsEverywhere(person, 'operate') && holdsEverywhere(person, right)) return true
  if (organisation.state === 'closed') return false
  const held = (person.memberships ?? []).find((one) => one.organisation === organisation.id)?.roles ?? []
  return held.some((role) => heldBy(right).organisation.includes(role))
}

/** The roles in an organisation that a person may give and take. */
export function givable(
  person: RoleHolder,
  organisation: Pick<Organisation, 'id' | 'state'>,
): OrganisationRole[] {
  return ORGANISATION_ROLES.filter((role) => holdsIn(person, organisation, GIVEN_BY[role]))
}

const heldBy = (right: Right): Held => RIGHTS[right]
