import type { Host } from '../h5p/index.ts'
import type {
  AccessEntry,
  Caller,
  Collections,
  ConsumerState,
  Lrs,
  RequestLog,
  SourceRegistry,
} from '../lrs/index.ts'
import type { Accounts, Links, Transcript } from '../profiles/index.ts'

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
  /** Reads everything, for the operator's pages and for the statements behind one's own record. */
  reader: Caller
  sources: SourceRegistry
  requests: RequestLog
  /** Changes to sources and credentials, and reads of what others sent: newest first, at most 500. */
  accessLog(options: { source?: string; limit?: number }): Promise<AccessEntry[]>
  consumers(): Promise<ConsumerState[]>
  /** An error nobody expected, to the log. */
  report(error: unknown, requestId: string): void
}
