/** The public face of the Learning Record Store: all that other parts may import. */

export { createAuditConsumer } from './audit/consumer.ts'
export {
  AUDIT_KIND,
  AUDIT_KINDS,
  type AuditAction,
  type AuditEntry,
  type AuditKind,
  type AuditNote,
  appendAudit,
} from './audit/entry.ts'
export { createForeignReadLog } from './audit/foreign-reads.ts'
export { type AuditFilter, type AuditPage, readAudit } from './audit/read.ts'
export { type AuditFinding, type AuditSeal, checkAudit, sealAudit } from './audit/seal.ts'
export { type Authenticate, createAuthenticate } from './auth/authenticate.ts'
export type { Tenant } from './auth/collections.ts'
export { createRequestLog } from './auth/request-log.ts'
export { createSecretMemory, type SecretMemory } from './auth/secret-memory.ts'
export { shareRequests } from './auth/share-requests.ts'
export { createSourceRegistry } from './auth/source-registry.ts'
export type { Credential, RequestLog, RequestNote, Source, SourceRegistry } from './auth/sources.ts'
export { createTenants, DEFAULT_TENANT, hasTenants, type Tenants } from './auth/tenants.ts'
export type { Authority, Caller, Scope } from './caller.ts'
export { allows, DEFAULT_SCOPES, SCOPES } from './caller.ts'
export { createLrs, type LrsOptions } from './create-lrs.ts'
export type { ConsumerState, FeedConsumer } from './feed/consumer.ts'
export { createLease, doAlone } from './feed/lease.ts'
export { type ConsumerRunner, runConsumers } from './feed/run-consumers.ts'
export { verifyConsumers } from './feed/verify-consumers.ts'
export { askForBody, askLater } from './http/ask-for-body.ts'
export { letGo } from './http/let-go.ts'
export { CONNECTION_LIMITS, type ConnectionLimits, HTTP_LIMITS } from './http/limits.ts'
export { XAPI_PATHS } from './http/path.ts'
export { createXapiRouter, type XapiRouterOptions } from './http/router.ts'
export type { ForeignRead, Lrs, MayShow } from './lrs.ts'
export type { Problem, Refusal } from './problem.ts'
export { refuse } from './problem.ts'
export { mendKeys, verifyStatements } from './resources/statements/verify-statements.ts'
export type { Identifier } from './statement/agent-key.ts'
export { agentKey, identifierOf } from './statement/agent-key.ts'
export { agentsToldOf } from './statement/agents.ts'
export { statementKey } from './statement/keys.ts'
export type { BatchOutcome, Collection, Collections, Doc, Found, Operation } from './storage/collections.ts'
export { defineCollection } from './storage/collections.ts'
export { cursorAt } from './storage/find-cursor.ts'
export { findPage } from './storage/find-page.ts'
export { foldedWords } from './storage/folded-words.ts'
export { inTurns } from './storage/in-turns.ts'
export type {
  BlobStore,
  DocumentStore,
  FeedEntry,
  FeedStore,
  Finding,
  Position,
  SourceId,
  StatementPage,
  StatementQuery,
  StatementRelations,
  StatementStore,
  StoredStatement,
} from './storage/port.ts'
export { StorageUnavailable } from './storage/port.ts'
