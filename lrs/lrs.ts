import type { Caller } from './caller.ts'
import type { Refusal } from './problem.ts'
import type { Version } from './statement/types.ts'
import type { FeedEntry, StatementPage, StatementQuery, StoredStatement } from './storage/port.ts'

/** What one tenant's record store offers to the other parts of the product. */
export interface Lrs {
  /** The only write door. Statements as JSON text or plain values; ids come back in the order given. */
  recordStatements(
    caller: Caller,
    input: {
      version: Version
      statements: string | readonly unknown[]
      parts?: readonly ReceivedPart[]
      expectedId?: string
    },
  ): Promise<{ ok: true; ids: string[]; stored: number; fresh: number } | Refusal>
  /** As the caller may read: own source's, or all with `statements/read`. */
  queryStatements(caller: Caller, query: Omit<StatementQuery, 'sources'>): Promise<StatementPage | Refusal>
  getStatement(caller: Caller, id: string): Promise<StoredStatement | null>
  readFeed(after: number, limit: number): Promise<FeedEntry[]>
}
type ReceivedPart = import('./statement/types.ts').ReceivedPart
