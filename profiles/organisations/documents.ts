import { defineCollection } from '../../lrs/index.ts'
import type {
  HeldRoles,
  Invitation,
  Membership,
  Organisation,
  OrganisationId,
  OrganisationRole,
} from './types.ts'

/** Key: its id. `sort` is the name in folded words, for order; `words` are those it is found by. */
export interface OrganisationDocument extends Organisation {
  sort: string
  words: string[]
}
export const ORGANISATIONS = defineCollection<OrganisationDocument>('profiles.organisations', {
  name: ['sort'],
  state: ['state', 'sort'],
  words: ['words', 'sort'],
  parent: ['parent', 'sort'],
})

export function organisationOf({ sort: _, words: __, ...organisation }: OrganisationDocument): Organisation {
  return organisation
}

/** Key: `<organisation>/<person>`. Those that hold now; written together with the person, who carries the same roles. */
export interface MembershipDocument extends Omit<Membership, 'until' | 'ended'> {
  /** Folded words of the person's name, by which they are found. */
  words: string[]
}
export const MEMBERSHIPS = defineCollection<MembershipDocument>('profiles.memberships', {
  joined: ['organisation', 'joined'],
  role: ['organisation', 'roles', 'joined'],
  words: ['organisation', 'words', 'joined'],
})
export const membershipKey = ({ organisation, person }: Pick<Membership, 'organisation' | 'person'>) =>
  `${organisation}/${person}`

/** Key: random. What a person was in an organisation: one for each time that the roles changed. */
export const ENDED_MEMBERSHIPS = defineCollection<Membership>('profiles.ended-memberships', {
  member: ['organisation', 'person', 'until'],
})

/** Key: a hash of the secret (secret.ts); it expires with the invitation. */
export type InvitationDocument = Omit<Invitation, 'id'>
export const INVITATIONS = defineCollection<InvitationDocument>('profiles.invitations', {
  made: ['organisation', 'made'],
})

/** What a person holds with other roles in one organisation, or, without any, without it. */
export function withRoles(
  held: readonly HeldRoles[] | undefined,
  organisation: OrganisationId,
  roles: readonly OrganisationRole[],
): HeldRoles[] {
  const others = (held ?? []).filter((one) => one.organisation !== organisation)
  return roles.length === 0 ? others : [...others, { organisation, roles: [...roles] }]
}
