/** The public face of profiles: people, the accounts that are theirs, and their records. */
export { type Audit, createProfiles, type ProfilesDeps, type ProfilesPart } from './create-profiles.ts'
export type {
  Accounts,
  Level,
  Link,
  Links,
  Person,
  PersonId,
  Profiles,
  RecordLine,
  Role,
  Transcript,
} from './types.ts'
