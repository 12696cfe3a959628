/** The public face of profiles: people, the accounts that are theirs, and their records. */
export { type Audit, createProfiles, type ProfilesDeps, type ProfilesPart } from './create-profiles.ts'
export type {
  Accounts,
  AskedCode,
  Identifiers,
  Level,
  Link,
  Links,
  Person,
  PersonId,
  PersonIdentifier,
  Profiles,
  RecordLine,
  Recovery,
  Role,
  Transcript,
} from './types.ts'
