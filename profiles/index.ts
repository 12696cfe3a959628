/** The public face of profiles: people, the accounts that are theirs, and their records. */

export {
  type Accesses,
  createAccesses,
  MOST_PURPOSE_WORDS,
  type StaffReader,
  type WorkReader,
} from './access/access.ts'
export { type Access, type GivenPurpose, PURPOSES, type Purpose } from './access/documents.ts'
export { normaliseIdentifier } from './accounts/identifier.ts'
export { actsForOthers } from './accounts/password.ts'
export { type Archive, type Archives, createArchives } from './archive/archive.ts'
export { type ContentsDeps, filesOf } from './archive/contents.ts'
export {
  type Certificate,
  type CertificateInput,
  type Certificates,
  createCertificates,
} from './certificates/certificates.ts'
export { CERTIFICATE_LIMITS } from './certificates/problems.ts'
export { hasCitizenNumber } from './citizen-number.ts'
export { type Attendee, type Classes, type ClassesDeps, createClasses } from './classes/classes.ts'
export { CLASS_LIMITS } from './classes/details.ts'
export type { ClassDetails, TaughtClass } from './classes/documents.ts'
export {
  type Confirmations,
  type ConfirmationsDeps,
  createConfirmations,
} from './confirmations/confirmations.ts'
export { createConfirmationConsumer } from './confirmations/consumer.ts'
export type { Confirmation, ConfirmationRequest, Subject } from './confirmations/documents.ts'
export { MOST_COUNTED } from './confirmations/requests.ts'
export type { Teller } from './confirmations/statements.ts'
export { MOST_WORDS } from './confirmations/words.ts'
export { agreed } from './consents/agreed.ts'
export {
  agreeingToAll,
  CONSENT_WORDS,
  type ConsentPurpose,
  type ConsentWords,
  newestWords,
  type WordsVersion,
} from './consents/purposes.ts'
export { isIn } from './corrections/answers.ts'
export { createDisputes, type DisputesDeps } from './corrections/disputes.ts'
export { createHidden } from './corrections/hidden.ts'
export { namesOf } from './corrections/names.ts'
export {
  DISPUTE_KINDS,
  DISPUTE_LIMITS,
  type Dispute,
  type DisputeKind,
  type DisputeStep,
  type Disputes,
  type Hidden,
  type Queue,
} from './corrections/types.ts'
export { type Audit, createProfiles, type ProfilesDeps, type ProfilesPart } from './create-profiles.ts'
export { cellOf } from './csv.ts'
export { createDiary, DIARY_LIMITS, type Diary, type DiaryEntry, type DiaryInput } from './diary/diary.ts'
export type { Did } from './diary/statements.ts'
export { createDirectory, type Directory, type Found } from './directory/directory.ts'
export { CODE_DIGITS } from './directory/person-codes.ts'
export { createEvidences, type Evidence, type Evidences } from './evidence/evidence.ts'
export { type DrawnCover, drawCover, MAX_COVER_BYTES } from './evidence/pictures.ts'
export { EVIDENCE_LIMITS } from './evidence/problems.ts'
export type { ReadyFile } from './evidence/read-evidence.ts'
export type { Uncounted } from './hours/rules.ts'
export { UNCOUNTED } from './hours/rules.ts'
export type { MappingChange } from './mapping/change.ts'
export { DEFAULTS } from './mapping/defaults.ts'
export type { MappingJob, MappingVersion } from './mapping/documents.ts'
export type { Mapping } from './mapping/mapping.ts'
export {
  FOUR_H,
  type H,
  KINDS,
  type Kind,
  LOOKS_AT,
  type LooksAt,
  type MappingTopic,
  type Rule,
  ruleName,
  type Told,
} from './mapping/tables.ts'
export { personsOf } from './merges/persons-of.ts'
export { MAX_LOGO_BYTES } from './organisations/logo.ts'
export {
  givable,
  holds,
  holdsEverywhere,
  holdsIn,
  RIGHTS,
  type Right,
  type RoleHolder,
} from './organisations/rights.ts'
export {
  type HeldRoles,
  type Invitation,
  type Invitations,
  type Membership,
  type Memberships,
  MOST_INVITED,
  MOST_INVITED_DAYS,
  ORGANISATION_KINDS,
  ORGANISATION_ROLES,
  type Organisation,
  type OrganisationId,
  type OrganisationKind,
  type OrganisationRole,
  type Organisations,
} from './organisations/types.ts'
export { createPasskeys } from './passkeys/passkeys.ts'
export { isPaper } from './projection/levels.ts'
export type { Rebuilding } from './projection/rebuilding.ts'
export { createProviderTies } from './providers/provider-ties.ts'
export { dayOf } from './self-told/day.ts'
export { activityOf } from './self-told/self-told.ts'
export { createShares, SHARE_LIMITS, type Share, type SharedRecord, type Shares } from './shares/shares.ts'
export type { Twins } from './twins/twins.ts'
export type {
  Accounts,
  AskedCode,
  AskedConsent,
  Claim,
  Claims,
  Consent,
  Consents,
  CoursePlace,
  GivenAnswer,
  How,
  Identifiers,
  Level,
  LineFilter,
  LineHours,
  LineTeller,
  Link,
  LinkInput,
  Links,
  LinkWork,
  Merge,
  Merges,
  Namesake,
  Passkey,
  Passkeys,
  Person,
  PersonId,
  PersonIdentifier,
  Profiles,
  Proof,
  ProviderTie,
  ProviderTies,
  RecordLine,
  Recovery,
  Role,
  SecondFactor,
  SecondFactors,
  SiteOfPasskeys,
  Suggestion,
  TakenRole,
  Transcript,
  Waiting,
  Year,
} from './types.ts'
