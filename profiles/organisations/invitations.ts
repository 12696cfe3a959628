import { type Collections, findPage, type Operation, type Problem, refuse } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import type { createSetUp } from '../accounts/set-up.ts'
import type { Audit } from '../create-profiles.ts'
import {
  INVITATIONS,
  type InvitationDocument,
  MEMBERSHIPS,
  membershipKey,
  ORGANISATIONS,
  organisationOf,
} from './documents.ts'
import { isCommand, setRoles, without } from './memberships.ts'
import { ORGANISATION_CLOSED, ORGANISATION_UNKNOWN, ROLE_NOT_YOURS } from './problems.ts'
import { givable } from './rights.ts'
import { keyOfSecret, newCode, newToken } from './secret.ts'
import {
  type Invitation,
  type Invitations,
  MOST_INVITED,
  MOST_INVITED_DAYS,
  ORGANISATION_ROLES,
} from './types.ts'

const DAY = 86_400_000
const CODE_LIFE = 30 * 60_000
/** The link that `suotdoi operator recover` prints. */
const OPERATOR_LIFE = 60 * 60_000
/** Organisations that one person may be in. */
const MOST_MEMBERSHIPS = 100

interface Deps {
  collections: Collections
  setUp: Pick<ReturnType<typeof createSetUp>, 'close'>
  audit: Audit
  now: () => number
}

export function createInvitations(deps: Deps): Invitations {
  const { collections, setUp, audit, now } = deps

  /** What an invitation stands on, as it is now; null when it is of no use (any more). */
  async function read(secret: string) {
    const key = await keyOfSecret(secret)
    const found = key === null ? null : await collections.get(INVITATIONS, key)
    // The store may still show what has just expired.
    if (!found || found.value.expires <= now()) return null
    const { organisation: id, by } = found.value
    const giver = isCommand(by) ? null : await collections.get(PERSONS, by)
    if (id === null) return { found, place: null, giver: null }
    const place = await collections.get(ORGANISATIONS, id)
    if (!place) return null
    // Whoever may not give these roles any more invites nobody.
    const theirs = isCommand(by) ? ORGANISATION_ROLES : giver ? givable(giver.value, place.value) : []
    return without(found.value.roles, theirs).length > 0 ? null : { found, place, giver }
  }

  return {
    async make({ organisation, roles: wanted, kind, uses, days, by }) {
      const place = await collections.get(ORGANISATIONS, organisation)
      if (!place) return refuse(ORGANISATION_UNKNOWN)
      if (place.value.state === 'closed') return refuse(ORGANISATION_CLOSED)
      const roles = ORGANISATION_ROLES.filter((role) => wanted.includes(role))
      const problems = [
        ...(roles.length === 0 ? [ROLES_MISSING] : []),
        ...(isWhole(uses, MOST_INVITED) ? [] : [USES_NOT_VALID]),
        ...(kind === 'code' || isWhole(days, MOST_INVITED_DAYS) ? [] : [DAYS_NOT_VALID]),
      ]
      const giver = (await collections.get(PERSONS, by))?.value
      if (!giver || without(roles, givable(giver, place.value)).length > 0) problems.push(ROLE_NOT_YOURS)
      const [first, ...others] = problems
      if (first) return refuse(first, ...others)
      const secret = kind === 'code' ? newCode() : newToken()
      const expires = now() + (kind === 'code' ? CODE_LIFE : days * DAY)
      const value = { organisation, roles, kind, made: now(), expires, by, left: uses, accepted: 0 }
      return { invitation: await keep(secret, value), secret }
    },

    async makeOperator(by) {
      const token = newToken()
      const expires = now() + OPERATOR_LIFE
      const value = {
        organisation: null,
        roles: [],
        kind: 'operator' as const,
        expires,
        by,
        left: 1,
        accepted: 0,
      }
      await keep(token, { ...value, made: now() })
      return token
    },

    async of(organisation, paging) {
      const page = await findPage(collections, INVITATIONS, {
        index: 'made',
        equals: { organisation },
        descending: true,
        ...paging,
      })
      const living = page.docs.filter((doc) => doc.value.expires > now())
      return { invitations: living.map(({ key, value }) => ({ id: key, ...value })), next: page.next }
    },

    async revoke(organisation, id, by) {
      for (;;) {
        const found = await collections.get(INVITATIONS, id)
        if (!found || found.value.organisation !== organisation) return
        const outcome = await collections.batch([
          { op: 'delete', collection: INVITATIONS, key: id, revision: found.revision },
          note('invitation-revoke', by, found.value),
        ])
        if (outcome.ok) return
      }
    },

    async look(secret) {
      const here = await read(secret)
      if (!here) return refuse(INVITATION_OVER)
      if (here.place?.value.state === 'closed') return refuse(ORGANISATION_CLOSED)
      return {
        invitation: { id: here.found.key, ...here.found.value },
        organisation: here.place && organisationOf(here.place.value),
        inviter: here.giver?.value.name ?? null,
      }
    },

    async accept(secret, person) {
      for (;;) {
        const here = await read(secret)
        if (!here) return refuse(INVITATION_OVER)
        const { found, place, giver } = here
        if (place?.value.state === 'closed') return refuse(ORGANISATION_CLOSED)
        const holder = await collections.get(PERSONS, person)
        if (!holder) throw new Error(`No person ${person} to invite.`)
        const { organisation, by } = found.value
        const use = useOf(found)
        if (organisation === null || !place) {
          const value = { ...holder.value, roles: [...new Set([...holder.value.roles, 'operator' as const])] }
          const detail = { role: 'operator', how: 'operator link' }
          const outcome = await collections.batch([
            { op: 'replace', collection: PERSONS, key: person, value, revision: holder.revision },
            audit({ action: 'role-grant', actor: by, subjects: [person], detail }),
            setUp.close(),
            use,
          ])
          if (outcome.ok) return { organisation: null }
          continue
        }
        const member = await collections.get(MEMBERSHIPS, membershipKey({ organisation, person }))
        const before = member?.value.roles ?? []
        const roles = ORGANISATION_ROLES.filter((role) => [...before, ...found.value.roles].includes(role))
        // Pressed twice: it counts once.
        if (roles.length === before.length) return { organisation: organisationOf(place.value) }
        if (!member && (holder.value.memberships ?? []).length >= MOST_MEMBERSHIPS) return refuse(TOO_MANY)
        const outcome = await collections.batch([
          ...setRoles(deps, {
            holder,
            member,
            organisation,
            roles,
            by,
            reason: '',
            how: `invitation, ${found.value.kind}`,
          }),
          use,
          { op: 'check', collection: ORGANISATIONS, key: organisation, revision: place.revision },
          ...(giver && giver.key !== person
            ? [{ op: 'check' as const, collection: PERSONS, key: giver.key, revision: giver.revision }]
            : []),
        ])
        if (outcome.ok) return { organisation: organisationOf(place.value) }
      }
    },

    async decline(secret, person) {
      for (;;) {
        const found = (await read(secret))?.found
        // What was made for many goes on for the others.
        if (!found || found.value.left > 1 || found.value.accepted > 0) return
        const outcome = await collections.batch([
          { op: 'delete', collection: INVITATIONS, key: found.key, revision: found.revision },
          note('invitation-decline', person, found.value),
        ])
        if (outcome.ok) return
      }
    },
  }

  /** Stores an invitation under the hash of its secret, which is told once and kept nowhere. */
  async function keep(secret: string, value: InvitationDocument): Promise<Invitation> {
    const key = await keyOfSecret(secret)
    if (key === null) throw new Error('A secret of our own has a key.')
    const outcome = await collections.batch([
      { op: 'insert', collection: INVITATIONS, key, value, expires: value.expires },
      note('invitation-make', value.by, value),
    ])
    if (!outcome.ok) throw new Error('Two invitations have the same secret.')
    return { id: key, ...value }
  }

  function note(
    action: 'invitation-make' | 'invitation-revoke' | 'invitation-decline',
    actor: string,
    { organisation, roles, kind, left }: InvitationDocument,
  ): Operation {
    const subjects = organisation === null ? [] : [organisation]
    const given = organisation === null ? ['operator'] : roles
    return audit({ action, actor, subjects, detail: { organisation, roles: given, kind, uses: left } })
  }
}

/** One of its uses is used: the last one ends it. */
function useOf({
  key,
  value,
  revision,
}: {
  key: string
  value: InvitationDocument
  revision: number
}): Operation {
  const used = { ...value, left: value.left - 1, accepted: value.accepted + 1 }
  return used.left === 0
    ? { op: 'delete', collection: INVITATIONS, key, revision }
    : { op: 'replace', collection: INVITATIONS, key, revision, value: used, expires: value.expires }
}

const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most

const ROLES_MISSING: Problem = {
  id: 'invitation-roles-missing',
  status: 400,
  path: 'roles',
  message: 'Choose what the invited may do: at least one role.',
}
const USES_NOT_VALID: Problem = {
  id: 'invitation-uses-not-valid',
  status: 400,
  path: 'uses',
  message: `Write for how many people it is: a whole number from 1 to ${MOST_INVITED}.`,
}
const DAYS_NOT_VALID: Problem = {
  id: 'invitation-days-not-valid',
  status: 400,
  path: 'days',
  message: `Write for how many days it is good: a whole number from 1 to ${MOST_INVITED_DAYS}.`,
}
const INVITATION_OVER: Problem = {
  id: 'invitation-over',
  status: 404,
  path: 'invitation',
  message: 'This invitation is of no use: mistyped, used, taken back, or over. Ask for a new one.',
}
const TOO_MANY: Problem = {
  id: 'memberships-many',
  status: 409,
  message: `One person is in at most ${MOST_MEMBERSHIPS} organisations. Leave one first.`,
}
