import type { Readable } from 'node:stream'
import type { Refusal } from '../../lrs/index.ts'
import type { Person, PersonId } from '../types.ts'

export type OrganisationId = string
/** What a person may be in an organisation; rights.ts says what each may do. */
export type OrganisationRole = 'manager' | 'author' | 'editor' | 'centre-staff' | 'officer'
export const ORGANISATION_ROLES = [
  'manager',
  'author',
  'editor',
  'centre-staff',
  'officer',
] as const satisfies readonly OrganisationRole[]

/** Kinds of organisations, in the order of a list to choose from; `other` for what fits none. */
export const ORGANISATION_KINDS = [
  'school',
  'community-learning-centre',
  'work-unit',
  'association',
  'authority',
  'other',
] as const
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number]

/** A school, centre, work unit, association or authority in which people hold roles. */
export interface Organisation {
  id: OrganisationId
  /** In Vietnamese. */
  name: string
  nameEn: string | null
  kind: OrganisationKind
  /** The organisation that it belongs to. */
  parent: OrganisationId | null
  logo: Logo | null
  /** In a closed one nobody acts but the operator; its members stay. */
  state: 'active' | 'closed'
  created: number
  /** Since when it is closed; null while it is active. */
  closed: number | null
}
export interface Logo {
  /** Of this upload. */
  id: string
  /** Of the blob. */
  sha2: string
  type: 'image/png' | 'image/jpeg' | 'image/webp'
  /** Bytes. */
  size: number
}

export interface OrganisationDetails {
  name: string
  nameEn: string
  kind: string
  parent: OrganisationId | null
}

export interface Organisations {
  /** Problem ids: those of details.ts. */
  create(details: OrganisationDetails, by: string): Promise<Organisation | Refusal>
  change(id: OrganisationId, details: OrganisationDetails, by: string): Promise<Organisation | Refusal>
  /** `organisation-unknown`. What is so already stays as it is. */
  setState(id: OrganisationId, state: Organisation['state'], by: string): Promise<Organisation | Refusal>
  /** Null takes it away. Problem ids: `organisation-unknown`, and those of logo.ts. */
  setLogo(id: OrganisationId, content: Buffer | null, by: string): Promise<Organisation | Refusal>
  logo(id: OrganisationId): Promise<(Logo & { content: Readable }) | null>
  get(id: OrganisationId): Promise<Organisation | null>
  /** Those that are there, of at most 1,000. */
  getMany(ids: readonly OrganisationId[]): Promise<Map<OrganisationId, Organisation>>
  /** By name; with a query, those whose name has a word that begins with each of its words. */
  list(options: {
    query?: string
    state?: Organisation['state']
    after?: string
    limit: number
  }): Promise<{ organisations: Organisation[]; next: string | null }>
  /** Those of this very name, capitals and diacritics aside; at most two, to see whether it is one alone. */
  named(name: string): Promise<Organisation[]>
  /** Those that belong to it, by name. */
  parts(
    id: OrganisationId,
    options: { after?: string; limit: number },
  ): Promise<{ organisations: Organisation[]; next: string | null }>
}

/** Which roles a person holds, or held, in an organisation. */
export interface Membership {
  organisation: OrganisationId
  person: PersonId
  /** At least one. */
  roles: OrganisationRole[]
  /** When the person came into the organisation. */
  joined: number
  /** Since when these roles are held, and who gave them. */
  since: number
  by: string
  until: number | null
  /** Who ended it, once it has an `until`; the reason is empty where roles were added, or the person left. */
  ended?: { by: string; reason: string }
}
/** As a person carries it, so that one read tells everything that a request may do. */
export type HeldRoles = Pick<Membership, 'organisation' | 'roles'>

export interface Memberships {
  /** The newest first; with a query, those whose name has a word that begins with each of its words. */
  of(
    organisation: OrganisationId,
    options: { role?: OrganisationRole; query?: string; after?: string; limit: number },
  ): Promise<{ members: { membership: Membership; person: Person | null }[]; next: string | null }>
  count(organisation: OrganisationId): Promise<number>
  get(organisation: OrganisationId, person: PersonId): Promise<Membership | null>
  /** Ended ones, the newest first: at most 50. */
  history(organisation: OrganisationId, person: PersonId): Promise<Membership[]>
  /**
   * Gives and takes roles of a member, all at once; without any, the person is a member no more (null). `by` is a person
   * or a command, and may give only what is theirs to give. Problem ids: `organisation-unknown`, `organisation-closed`,
   * `member-unknown`, `role-not-yours`, `role-reason-missing`.
   */
  setRoles(input: {
    organisation: OrganisationId
    person: PersonId
    roles: readonly OrganisationRole[]
    /** Asked for where a role is taken away. */
    reason: string
    by: string
  }): Promise<Membership | Refusal | null>
  /** By oneself; nothing when one is no member. */
  leave(organisation: OrganisationId, person: PersonId): Promise<void>
}

/** How many people one invitation may be for, and for how many days a link. */
export const MOST_INVITED = 500
export const MOST_INVITED_DAYS = 90

export interface Invitation {
  /** Says nothing of the secret; names it to those who made it. */
  id: string
  /** Null: to run the product. */
  organisation: OrganisationId | null
  roles: OrganisationRole[]
  kind: 'link' | 'code' | 'operator'
  made: number
  expires: number
  by: string
  /** How many people may still accept, and how many have. */
  left: number
  accepted: number
}

export interface Invitations {
  /**
   * A link's token of 128 random bits, or a code of eight letters that lives for half an hour and is for reading aloud;
   * told this once. Problem ids: `organisation-unknown`, `organisation-closed`, `invitation-roles-missing`,
   * `invitation-uses-not-valid`, `invitation-days-not-valid`, `role-not-yours`.
   */
  make(input: {
    organisation: OrganisationId
    roles: readonly OrganisationRole[]
    kind: 'link' | 'code'
    uses: number
    /** Of a link. */
    days: number
    by: PersonId
  }): Promise<{ invitation: Invitation; secret: string } | Refusal>
  /** The token of a link that makes one person an operator, within the hour. For who has the machine. */
  makeOperator(by: string): Promise<string>
  /** Those that may still be accepted, the newest first. */
  of(
    organisation: OrganisationId,
    options: { after?: string; limit: number },
  ): Promise<{ invitations: Invitation[]; next: string | null }>
  revoke(organisation: OrganisationId, id: string, by: string): Promise<void>
  /** Who invites to what, for whoever has the secret; it counts nothing. `invitation-over`, `organisation-closed`. */
  look(secret: string): Promise<
    | {
        invitation: Invitation
        /** Null: to run the product. */
        organisation: Organisation | null
        /** Name of the person who invites; null for a command. */
        inviter: string | null
      }
    | Refusal
  >
  /** `invitation-over`, `organisation-closed`, `memberships-many`. Who holds all of it already uses nothing up. */
  accept(secret: string, person: PersonId): Promise<{ organisation: Organisation | null } | Refusal>
  /** Ends an invitation that is for one person. */
  decline(secret: string, person: PersonId): Promise<void>
}
