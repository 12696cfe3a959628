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
import type { Accounts, Links, Transcript } from '../profiles/index.ts'
import type { History } from './figures.ts'

/** Everything the pages call. Made by app/ from the real parts, by web/testing from small ones in memory. */
export interface WebServices {
  /** Where people reach the product, without a slash at the end. Cookies are Secure when it is https. */
  publicUrl: string
  /** The body that keeps the record (a province), as its people call it. */
  tenantName: string
  /** Shows `/-/parts` and nothing else. */
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
  links: Links
  transcript: Transcript
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
  consumers(): Promise<ConsumerState[]>
  /** What came in, how long it took, what failed, and how much is kept. */
  history: History
  /** An error nobody expected, to the log. */
  report(error: unknown, requestId: string): void
}
