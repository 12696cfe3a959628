import type { Caller } from './caller.ts'
import type { Refusal } from './problem.ts'
import type { Version } from './statement/types.ts'
import type {
  FeedEntry,
  SourceId,
  StatementPage,
  StatementQuery,
  StatementRelations,
  StoredStatement,
} from './storage/port.ts'

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
  /** What refers to a statement and what voids it, for the operator. */
  relations(id: string): Promise<StatementRelations>
  /**
   * Lawful re-keying: one identifier (agent key) becomes another in statements and documents, in bounded steps. A call
   * that was cut off is made again and does the rest.
   */
  rekeyAgent(from: string, to: string, reason: string): Promise<{ statements: number; documents: number }>
  /** Lawful erasure of statements, in bounded steps; idempotent. Resolves to the number removed. */
  purge(ids: readonly string[], reason: string): Promise<number>
}

/**
 * Who of these (agent keys) lets others than the source read what is told of them: of each, which sources' statements;
 * who is not in the answer, none. Asked again for every answer, so that what was taken back is not shown any more.
 */
export type MayShow = (agents: readonly string[]) => Promise<ReadonlyMap<string, ShownSources>>
export type ShownSources = (source: SourceId) => boolean

/** A read of statements that other sources sent. */
export interface ForeignRead {
  caller: Caller
  /** Sources whose statements were in the answer. */
  sources: readonly SourceId[]
  statements: number
  /** Whom what others sent tells of (agent keys), and who sent it; absent where a part of the product reads. */
  told?(): Promise<{ agent: string; source: SourceId }[]>
}
type ReceivedPart = import('./statement/types.ts').ReceivedPart
