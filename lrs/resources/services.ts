import type { ForeignRead, MayShow } from '../lrs.ts'
import type { TenantId, TenantStorage } from '../storage/port.ts'
import type { CursorSigner } from './statements/cursor.ts'

/** Bounds of one page of statements. */
export interface PageLimits {
  /** Statements on a page when `limit` is 0 or absent, and at most. */
  statements: number
  /** Bytes of statement text on a page. */
  bytes: number
}
export const PAGE_LIMITS: PageLimits = { statements: 500, bytes: 4_000_000 }

/** What the handlers of one tenant work with. */
export interface Services {
  tenant: TenantId
  storage: TenantStorage
  cursors: CursorSigner
  page: PageLimits
  /** Largest document, merged ones too. */
  documentBytes: number
  /** What others than its source are shown of what is told of people; undefined: all. */
  mayShow: MayShow | undefined
  /** Told of every answer that holds what other sources sent. */
  onForeignRead(read: ForeignRead): void
}
