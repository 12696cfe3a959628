import type { Operation, Refusal } from '../lrs/index.ts'
import type { Accesses } from './access/access.ts'
import type { Claims } from './claims/types.ts'
import type { ConsentPurpose } from './consents/purposes.ts'
import type { Consent, Consents, GivenAnswer } from './consents/types.ts'
import type { Hidden } from './corrections/types.ts'
import type { Directory } from './directory/directory.ts'
import type { Links } from './links/types.ts'
import type { Mapping } from './mapping/mapping.ts'
import type { Merges } from './merges/types.ts'
import type { HeldRoles, Invitations, Memberships, Organisations } from './organisations/types.ts'
import type { Transcript } from './projection/types.ts'
import type { Shares } from './shares/shares.ts'
import type { Twins } from './twins/twins.ts'

export type { Claim, Claims, Namesake, Suggestion } from './claims/types.ts'
export type { AskedConsent, Consent, Consents, GivenAnswer } from './consents/types.ts'
export type { How, Link, LinkInput, Links, LinkWork, Proof, Waiting } from './links/types.ts'
export type { Merge, Merges } from './merges/types.ts'
export type {
  CoursePlace,
  Level,
  LineFilter,
  LineHours,
  LineTeller,
  RecordLine,
  Transcript,
  Year,
} from './projection/types.ts'

export type PersonId = string
export type Role = 'citizen' | 'author' | 'operator'

/** One person, as the product knows them. The 12-digit citizen number is never here. */
export interface Person {
  /** Random; the xAPI account name of what the product itself records. */
  id: PersonId
  name: string
  roles: Role[]
  language: 'vi' | 'en'
  created: number
  /** What the person is in organisations now; absent: in none yet. Written with the memberships themselves. */
  memberships?: HeldRoles[]
  /** How often the password was changed; a session that began with another one is over. Absent: never. */
  passwordChanges?: number
  /** The person whom this one was found to be: all that is theirs is shown there. */
  mergedInto?: PersonId
  /** What they answered to what they were asked, by purpose; absent: not yet asked, which is no consent. */
  consents?: { [purpose in ConsentPurpose]?: Consent }
}

/** A role in the whole tenant that was taken away. */
export interface TakenRole {
  role: Role
  at: number
  by: string
  reason: string
}

/** Sign-in: an identifier (e-mail or phone number, normalised) and a password hash per person. */
export interface Accounts {
  register(input: {
    identifier: string
    password: string
    name: string
    language: 'vi' | 'en'
    /** What was answered beside it; what was not asked is asked later. */
    consents?: readonly Pick<GivenAnswer, 'purpose' | 'answer' | 'version' | 'where'>[]
  }): Promise<Person | Refusal>
  /** Null when identifier or password is wrong; the time taken tells nothing. */
  verify(identifier: string, password: string): Promise<Person | null>
  /** Failed sign-ins of the last day, for a growing delay; the same for identifiers without an account. Nobody is locked out. */
  failures(identifier: string): Promise<{ count: number; last: number | null }>
  get(id: PersonId): Promise<Person | null>
  find(identifier: string): Promise<Person | null>
  /** What a person says of themselves; refused as at registration. */
  change(id: PersonId, change: { name?: string; language?: 'vi' | 'en' }): Promise<Person | Refusal>
  /** Whether this is the password in use; for who has none nothing is. */
  knowsPassword(id: PersonId, password: string): Promise<boolean>
  /** For who knows the password in use (else `password-wrong`); ends the sessions that began with it. */
  changePassword(id: PersonId, input: { current: string; password: string }): Promise<Person | Refusal>
  grant(id: PersonId, role: Role, by: string): Promise<void>
  /**
   * Takes a role of the whole tenant away; nothing when it is not held. Problem ids: `role-reason-missing`,
   * `role-not-yours`, `last-operator`, also where two operators do it to each other at once.
   */
  take(id: PersonId, role: 'author' | 'operator', by: string, reason: string): Promise<Person | Refusal>
  /** Those that were taken away, the newest first: at most 20. */
  taken(id: PersonId): Promise<TakenRole[]>
  /** The newest first; with a role, those who hold it in the tenant. */
  list(options: {
    role?: Role
    after?: string
    limit: number
  }): Promise<{ persons: Person[]; next: string | null }>
  /** One-time link secret that makes its user the first operator; null once an operator exists. */
  setupToken(): Promise<string | null>
  /** Why a set-up token is of no use (used, not the newest), before anybody fills in a form; null when it is good. */
  setUpProblem(token: string): Promise<Refusal | null>
  /** Registers the operator with the set-up token; refused when used or wrong. */
  setUp(
    token: string,
    input: { identifier: string; password: string; name: string; language: 'vi' | 'en' },
  ): Promise<Person | Refusal>
}

/** An e-mail address or phone number of a person. */
export interface PersonIdentifier {
  kind: 'email' | 'phone'
  /** Normalised: `nguoi.hoc@example.org`, `+84912345678`. */
  value: string
  added: number
  /** When its owner last showed that they receive what is sent there, ms; null: never. */
  proven: number | null
}

/** What is to be done after a code was asked for; see accounts/codes.ts. Times in ms. */
export interface AskedCode {
  to: { kind: 'email' | 'phone'; value: string }
  /** To be sent there; null when nothing may be sent now, or to nobody. */
  code: string | null
  /** Of the code that is to be entered. 12: it stands in the newest message, whoever asked for that. */
  digits: 6 | 12
  /** From when on another may be asked for. */
  again: number
  until: number
}

/**
 * The e-mail addresses and phone numbers of people, and the proof that they receive what is sent there. `ticket` is a
 * secret that the asking browser alone holds. Problem ids: `identifier-not-valid`, `identifier-proven`,
 * `identifiers-many`, `identifier-taken`, `identifier-last`, `identifier-unknown`, and those of codes.
 */
export interface Identifiers {
  /** Oldest first. */
  of(person: PersonId): Promise<PersonIdentifier[]>
  /** A code to prove one of theirs, or a new one. Whether somebody else has it is not told before it is proven. */
  ask(person: PersonId, input: { identifier: string; ticket: string }): Promise<AskedCode | Refusal>
  /** Proven by its code, it is theirs; `added` when it was not before, `from` whoever only claimed it. */
  prove(
    person: PersonId,
    input: { identifier: string; ticket: string; code: string },
  ): Promise<{ identifier: PersonIdentifier; added: boolean; from: PersonId | null } | Refusal>
  /** Not the last one. */
  remove(person: PersonId, identifier: string): Promise<PersonIdentifier | Refusal>
}

/** A new password for who forgot theirs. It ends every session, and leaves a second factor as it is. */
export interface Recovery {
  /** The answer and the work are the same whether there is an account or not; `person` is for who sends the code. */
  ask(input: {
    identifier: string
    ticket: string
  }): Promise<(AskedCode & { person: Person | null }) | Refusal>
  recover(input: {
    identifier: string
    ticket: string
    code: string
    password: string
  }): Promise<Person | Refusal>
  /**
   * By one of the printed codes, or the one that staff handed over, which is used up. Problem ids: `recovery-code-wrong`, also without such an account;
   * `recovery-code-second-step`, told to who holds a right code: with two-step sign-in these codes stand in for the app,
   * and one sheet of paper must not be both steps.
   */
  recoverByPrinted(input: { identifier: string; code: string; password: string }): Promise<Person | Refusal>
  /**
   * A code to be handed over on paper, good for a day and once, in the place of a printed one. Problem ids:
   * `staff-code-document-missing`, `staff-code-document-number` (a citizen number is in it), `staff-code-operator`, and
   * `staff-code-worker` where it is for citizens only: an account that acts for others gets one from an operator.
   */
  issueByStaff(
    person: PersonId,
    input: { by: PersonId; document: string; citizensOnly?: boolean },
  ): Promise<{ code: string; until: number } | Refusal>
  /** The newest first: at most 20. */
  issuedByStaff(person: PersonId): Promise<{ by: PersonId; at: number; document: string }[]>
  /** How many printed codes are left, and since when they are there; null without any ever made. */
  printed(person: PersonId): Promise<{ left: number; made: number } | null>
  /** Ten new codes, to be shown once; those before are worth nothing any more. */
  print(person: PersonId): Promise<string[]>
  /** The operation that uses up one of the printed codes of this person; null when it is none of them. */
  usePrinted(person: PersonId, code: string): Promise<Operation | null>
}

/** What an account asks for beside its password: a code of an app (TOTP). Times in ms. */
export interface SecondFactor {
  since: number
  /** Somebody who knows the password and has no code asked to take it away; without an objection it goes when due. */
  removal: { asked: number; due: number } | null
}
type Whose = Pick<Person, 'id' | 'passwordChanges'>

/**
 * Codes may be six digits of the app or one of the printed ones. Problem ids: `second-factor-code-wrong`,
 * `second-factor-wait`, `second-factor-paper-young`, `second-factor-draft-gone`.
 */
export interface SecondFactors {
  /** Null: the password alone opens the account. A removal that is due is carried out by asking. */
  of(person: Whose): Promise<SecondFactor | null>
  /**
   * Uses a code up; a code of the app also ends a removal that was asked for. `toChange` the second factor, a printed
   * code must be a day old.
   */
  use(person: Whose, code: string, options?: { toChange?: boolean }): Promise<true | Refusal>
  /** A new secret for an app; it counts once it is confirmed, within a quarter of an hour, and replaces one before. */
  begin(person: Whose): Promise<void>
  /** The secret that was begun with, as base32 and as an app reads it. */
  draft(
    person: Pick<Person, 'id' | 'name'>,
    issuer: string,
  ): Promise<{ secret: string; address: string } | null>
  confirm(person: Whose, code: string): Promise<SecondFactor | Refusal>
  remove(person: Whose, code: string): Promise<true | Refusal>
  /** Without a code: it goes after a day. `asked`: not before this. Null where there is none. */
  askRemoval(person: Whose): Promise<{ removal: { asked: number; due: number }; asked: boolean } | null>
  /** Its owner objects. */
  keep(person: Whose): Promise<void>
}

/** A key on a person's device that signs them in. Times in ms. */
export interface Passkey {
  id: string
  name: string
  created: number
  used: number | null
}
/** Where passkeys are good: the origin under which people reach the product, and what it is called. */
export interface SiteOfPasskeys {
  origin: string
  name: string
}

/**
 * `options` is for the browser; `challenge` is kept for this one answer of this browser, and used once. `response` is
 * the browser's answer as JSON. Problem ids: `passkey-refused`, `passkey-known`, `passkeys-many`,
 * `passkey-name-not-valid`.
 */
export interface Passkeys {
  /** Oldest first. */
  of(person: PersonId): Promise<Passkey[]>
  registration(
    person: Pick<Person, 'id' | 'name'>,
    site: SiteOfPasskeys,
  ): Promise<{ options: object; challenge: string }>
  add(
    person: Pick<Person, 'id'>,
    input: { site: SiteOfPasskeys; challenge: string; response: string; name: string },
  ): Promise<Passkey | Refusal>
  /** `false`: it is none of theirs. */
  remove(person: PersonId, id: string): Promise<boolean>
  authentication(site: SiteOfPasskeys): Promise<{ options: object; challenge: string }>
  /** `verified`: the device asked for a finger, a face or a PIN, so it proved two things. */
  signIn(input: {
    site: SiteOfPasskeys
    challenge: string
    response: string
  }): Promise<{ person: PersonId; verified: boolean } | Refusal>
}

/** An account elsewhere by which a person signs in here. Times in ms. */
export interface ProviderTie {
  /** Names issuer and subject, and tells neither. */
  tie: string
  /** As the configuration calls it. */
  provider: string
  added: number
  used: number
}

/** Sign-in by other providers. Problem ids: `provider-taken`, `provider-last`, and those of names. */
export interface ProviderTies {
  tieOf(identity: { issuer: string; subject: string }): string
  /** Oldest first. */
  of(person: PersonId): Promise<ProviderTie[]>
  /** Whom it signs in, and that it did so now; null: nobody yet. */
  personOf(tie: string): Promise<PersonId | null>
  add(person: PersonId, input: { tie: string; provider: string }): Promise<ProviderTie | Refusal>
  /** Not the last way to sign in. */
  remove(person: PersonId, tie: string): Promise<true | Refusal>
  /**
   * A new person with this way to sign in and no password. `identifier` is one that the provider verified; when somebody
   * has it already it stays theirs, and the new person begins without.
   */
  register(input: {
    tie: string
    provider: string
    name: string
    language: 'vi' | 'en'
    identifier: string | null
  }): Promise<Person | Refusal>
}

export interface Profiles {
  accounts: Accounts
  identifiers: Identifiers
  recovery: Recovery
  secondFactors: SecondFactors
  passkeys: Passkeys
  providerTies: ProviderTies
  links: Links
  claims: Claims
  merges: Merges
  consents: Consents
  transcript: Transcript
  mapping: Mapping
  twins: Twins
  shares: Shares
  accesses: Accesses
  directory: Directory
  hidden: Hidden
  organisations: Organisations
  memberships: Memberships
  invitations: Invitations
}
