import { randomUUID } from 'node:crypto'
import {
  type Collections,
  type Doc,
  findPage,
  foldedWords,
  type Operation,
  type Problem,
  refuse,
} from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { hasCitizenNumber, REASON_NUMBER } from '../citizen-number.ts'
import type { Audit } from '../create-profiles.ts'
import type { Person } from '../types.ts'
import {
  ENDED_MEMBERSHIPS,
  MEMBERSHIPS,
  type MembershipDocument,
  membershipKey,
  ORGANISATIONS,
  withRoles,
} from './documents.ts'
import { ORGANISATION_CLOSED, ORGANISATION_UNKNOWN, REASON_MISSING, ROLE_NOT_YOURS } from './problems.ts'
import { givable } from './rights.ts'
import { searchByWords } from './search.ts'
import { type Membership, type Memberships, ORGANISATION_ROLES, type OrganisationRole } from './types.ts'

export interface MembershipsDeps {
  collections: Collections
  audit: Audit
  now: () => number
}

export function createMemberships(deps: MembershipsDeps): Memberships {
  const { collections } = deps
  const get = async (organisation: string, person: string) =>
    collections.get(MEMBERSHIPS, membershipKey({ organisation, person }))

  return {
    async of(organisation, { role, query = '', ...paging }) {
      const searched = await searchByWords(
        collections,
        MEMBERSHIPS,
        {
          index: 'words',
          equals: { organisation },
          query,
          fits: ({ roles }) => role === undefined || roles.includes(role),
        },
        paging,
      )
      const asked =
        role === undefined
          ? { index: 'joined', equals: { organisation } }
          : { index: 'role', equals: { organisation, roles: role } }
      const page =
        searched ?? (await findPage(collections, MEMBERSHIPS, { ...asked, descending: true, ...paging }))
      const ids = page.docs.map((doc) => doc.value.person)
      const persons =
        ids.length > 0 ? await collections.getMany(PERSONS, ids) : new Map<string, Doc<Person>>()
      const members = page.docs.map(({ value }) => ({
        membership: membershipOf(value),
        person: persons.get(value.person)?.value ?? null,
      }))
      return { members, next: page.next }
    },

    count: (organisation) => collections.count(MEMBERSHIPS, { index: 'joined', equals: { organisation } }),

    async get(organisation, person) {
      const found = await get(organisation, person)
      return found && membershipOf(found.value)
    },

    async history(organisation, person) {
      const found = await collections.find(ENDED_MEMBERSHIPS, {
        index: 'member',
        equals: { organisation, person },
        descending: true,
        limit: 50,
      })
      return found.docs.map((doc) => doc.value)
    },

    async setRoles({ organisation, person, roles: wanted, reason, by }) {
      for (;;) {
        const place = await collections.get(ORGANISATIONS, organisation)
        if (!place) return refuse(ORGANISATION_UNKNOWN)
        const [member, holder] = [await get(organisation, person), await collections.get(PERSONS, person)]
        if (!member || !holder) return refuse(MEMBER_UNKNOWN)
        const roles = ORGANISATION_ROLES.filter((role) => wanted.includes(role))
        const before = member.value.roles
        const [added, taken] = [without(roles, before), without(before, roles)]
        if (added.length + taken.length === 0) return membershipOf(member.value)
        if (added.length > 0 && place.value.state === 'closed') return refuse(ORGANISATION_CLOSED)
        const giver = isCommand(by) ? null : await collections.get(PERSONS, by)
        const theirs = giver ? givable(giver.value, place.value) : isCommand(by) ? ORGANISATION_ROLES : []
        if (without([...added, ...taken], theirs).length > 0) return refuse(ROLE_NOT_YOURS)
        if (taken.length > 0 && reason.trim() === '') return refuse(REASON_MISSING)
        if (hasCitizenNumber(reason)) return refuse(REASON_NUMBER)
        const outcome = await collections.batch([
          ...setRoles(deps, { holder, member, organisation, roles, by, reason: reason.trim() }),
          // What is relied on: that the place is as it was read, and that who gives still may.
          { op: 'check', collection: ORGANISATIONS, key: organisation, revision: place.revision },
          ...(giver && giver.key !== person
            ? [{ op: 'check' as const, collection: PERSONS, key: giver.key, revision: giver.revision }]
            : []),
        ])
        if (outcome.ok)
          return roles.length === 0
            ? null
            : get(organisation, person).then((doc) => doc && membershipOf(doc.value))
      }
    },

    async leave(organisation, person) {
      for (;;) {
        const [member, holder] = [await get(organisation, person), await collections.get(PERSONS, person)]
        if (!member || !holder) return
        const change = { holder, member, organisation, roles: [], by: person, reason: '' }
        const outcome = await collections.batch(setRoles(deps, change))
        if (outcome.ok) return
      }
    },
  }
}

/**
 * The operations by which a person holds these roles in an organisation and no others: the membership, what it was
 * before, the person who carries it, and the audit. Each stands on what was read.
 */
export function setRoles(
  { audit, now }: Pick<MembershipsDeps, 'audit' | 'now'>,
  change: {
    holder: Doc<Person>
    member: Doc<MembershipDocument> | null
    organisation: string
    roles: readonly OrganisationRole[]
    by: string
    reason: string
    how?: string
  },
): Operation[] {
  const { holder, member, organisation, by, reason } = change
  const roles = [...change.roles]
  const person = holder.key
  const at = now()
  const memberships = withRoles(holder.value.memberships, organisation, roles)
  const key = membershipKey({ organisation, person })
  const value: MembershipDocument = {
    organisation,
    person,
    roles,
    joined: member?.value.joined ?? at,
    since: at,
    by,
    words: foldedWords(holder.value.name),
  }
  const ended: Membership | null = member && {
    ...membershipOf(member.value),
    until: at,
    ended: { by, reason },
  }
  const before = member?.value.roles ?? []
  const note = (action: 'role-grant' | 'role-take', which: OrganisationRole[]) =>
    audit({
      action,
      actor: by,
      subjects: [person, organisation],
      detail: { roles: which, organisation, ...(change.how && { how: change.how }) },
    })
  const [added, taken] = [without(roles, before), without(before, roles)]
  return [
    {
      op: 'replace',
      collection: PERSONS,
      key: person,
      revision: holder.revision,
      value: { ...holder.value, memberships },
    },
    member === null
      ? { op: 'insert', collection: MEMBERSHIPS, key, value }
      : roles.length === 0
        ? { op: 'delete', collection: MEMBERSHIPS, key, revision: member.revision }
        : { op: 'replace', collection: MEMBERSHIPS, key, value, revision: member.revision },
    ...(ended
      ? [{ op: 'insert' as const, collection: ENDED_MEMBERSHIPS, key: randomUUID(), value: ended }]
      : []),
    ...(added.length > 0 ? [note('role-grant', added)] : []),
    ...(taken.length > 0 ? [note('role-take', taken)] : []),
  ]
}

/** Commands run on the machine: who may run them may do everything. */
export const isCommand = (by: string) => by.startsWith('cli:')

export function without(
  roles: readonly OrganisationRole[],
  others: readonly OrganisationRole[],
): OrganisationRole[] {
  return roles.filter((role) => !others.includes(role))
}

export function membershipOf({ words: _, ...membership }: MembershipDocument): Membership {
  return { ...membership, until: null }
}

/** The operations by which a person is found under another name wherever they are a member. */
export async function renameMember(
  collections: Collections,
  { id: person, memberships = [] }: Person,
  name: string,
): Promise<Operation[]> {
  if (memberships.length === 0) return []
  const keys = memberships.map(({ organisation }) => membershipKey({ organisation, person }))
  const words = foldedWords(name)
  return [...(await collections.getMany(MEMBERSHIPS, keys)).values()].map(({ key, value, revision }) => ({
    op: 'replace',
    collection: MEMBERSHIPS,
    key,
    revision,
    value: { ...value, words },
  }))
}

const MEMBER_UNKNOWN: Problem = {
  id: 'member-unknown',
  status: 404,
  message: 'This person is no member of the organisation. Invite them first.',
}
