import type { Host } from '../h5p/index.ts'
import type {
  AuditFilter,
  AuditPage,
  Caller,
  Collections,
  ConsumerState,
  Lrs,
  RequestLog,
  SourceRegistry,
} from '../lrs/index.ts'
import type {
  Accesses,
  Accounts,
  Archives,
  Audit,
  Certificates,
  Claims,
  Classes,
  Confirmations,
  Consents,
  Diary,
  Directory,
  Disputes,
  Evidences,
  Hidden,
  Identifiers,
  Invitations,
  Links,
  Mapping,
  Memberships,
  Merges,
  Organisations,
  Passkeys,
  ProviderTies,
  Rebuilding,
  Recovery,
  SecondFactors,
  Shares,
  Transcript,
  Twins,
} from '../profiles/index.ts'
import type { History } from './figures.ts'
import type { Provider } from './provider.ts'

type Channel = 'email' | 'phone'
interface Message {
  to: string
  /** E-mail alone has one. */
  subject?: string
  text: string
  language: 'vi' | 'en'
}

/** Messages to people by e-mail and by text message. */
export interface Messages {
  /** Whether this channel is set up at all. */
  carries(channel: Channel): boolean
  /** Whether messages could be handed over now; asked without a message, so it tells nothing about anybody. */
  ready(channel: Channel): Promise<boolean>
  /** The last messages by this channel were not taken, several in a row. */
  failing(channel: Channel): boolean
  /** Whether it was handed over; takes at most twenty seconds, and throws only for bugs. */
  send(channel: Channel, message: Message): Promise<boolean>
}

/** Everything the pages call. Made by app/ from the real parts, by web/testing from small ones in memory. */
export interface WebServices {
  /** Where people reach the product, without a slash at the end. Cookies are Secure when it is https. */
  publicUrl: string
  /** Origin that lessons are framed from; null: this one. */
  playerUrl: string | null
  /** The body that keeps the record (a province), as its people call it. */
  tenantName: string
  /** Shows `/-/parts` and `/-/outbox`, and nothing else. */
  development: boolean
  /** Signs session cookies; at least 32 random bytes, kept over restarts. */
  sessionSecret: string
  /** Where sessions are kept. */
  collections: Collections
  /** Folder for uploads on their way; they are removed again. */
  uploadDir: string
  /** Largest lesson package, bytes. */
  maxPackageBytes: number

  accounts: Accounts
  identifiers: Identifiers
  recovery: Recovery
  messages: Messages
  /** Looks through what authors upload; null: nothing does. */
  malware: { ready(): Promise<boolean> } | null
  /** Messages that were kept, not sent, newest first; development alone has it. */
  outbox: readonly (Message & { channel: Channel; at: number })[] | null
  secondFactors: SecondFactors
  passkeys: Passkeys
  /** Other bodies that people may sign in by; none where none is configured. */
  providers: readonly Provider[]
  providerTies: ProviderTies
  /** Operators act as such only when they signed in with two steps or with a passkey. */
  secondStepForOperators: boolean
  links: Links
  claims: Claims
  merges: Merges
  consents: Consents
  transcript: Transcript
  twins: Twins
  shares: Shares
  hidden: Hidden
  disputes: Disputes
  organisations: Organisations
  memberships: Memberships
  invitations: Invitations
  mapping: Mapping
  diary: Diary
  accesses: Accesses
  directory: Directory
  confirmations: Confirmations
  classes: Classes
  certificates: Certificates
  /** Photos and files behind what people tell of themselves. */
  evidence: Evidences
  archives: Archives
  host: Host
  lrs: Lrs
  /** Reads what stands behind people's own records. */
  ownReader: Caller
  /** Reads everything for this person; the audit tells of it. */
  readerFor(person: string): Caller
  sources: SourceRegistry
  requests: RequestLog
  /** Who changed what, and who read what others sent. */
  audit(filter: AuditFilter): Promise<AuditPage>
  /** The operation that notes a change in the audit; it goes into the batch of the change. */
  auditNote: Audit
  consumers(): Promise<ConsumerState[]>
  /** All records being made anew, by a command, in any process. */
  rebuilding(): Promise<Rebuilding | null>
  /** What came in, how long it took, what failed, and how much is kept. */
  history: History
  /** An error nobody expected, to the log. */
  report(error: unknown, requestId: string): void
}
