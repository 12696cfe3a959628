/** The public face of the Learning Record Store: all that other parts may import. */

export type { Credential, RequestLog, RequestNote, Source, SourceRegistry } from './auth/sources.ts'
export type { Authority, Caller, Scope } from './caller.ts'
export { allows, DEFAULT_SCOPES, SCOPES } from './caller.ts'
export type { ConsumerState, FeedConsumer } from './feed/consumer.ts'
export type { Lrs } from './lrs.ts'
export type { Problem, Refusal } from './problem.ts'
export { refuse } from './problem.ts'
export type { Identifier } from './statement/agent-key.ts'
export { agentKey, identifierOf } from './statement/agent-key.ts'
export { statementKey } from './statement/keys.ts'
export type {
  BatchOutcome,
  BlobStore,
  Collection,
  Collections,
  Doc,
  FeedEntry,
  FeedStore,
  Found,
  Operation,
  Position,
  SourceId,
  StatementPage,
  StatementQuery,
  StatementStore,
  StoredStatement,
} from './storage/port.ts'
export { defineCollection, StorageUnavailable } from './storage/port.ts'
