import type { Scope } from '../../caller.ts'
import type { Refusal } from '../../problem.ts'
import type { Version } from '../../statement/types.ts'
import type { DocumentScope, SourceId } from '../../storage/port.ts'
import { PROTOCOL, type PutGuard } from '../../versions/protocol.ts'
import { readParameters } from '../parameters.ts'
import type { XapiRequest } from '../request.ts'

/** What a document request aims at: one document, or a scope of several. */
export type Target =
  | { ok: true; scope: DocumentScope; id?: string | undefined; since?: number | undefined }
  | Refusal
type ReadTarget = (request: Pick<XapiRequest, 'query' | 'version'>, source: SourceId) => Target

/** The three resources of documents differ in this and in nothing else. */
export interface DocumentResource {
  /** Scope of the credential. */
  right: Scope
  /** When PUT needs If-Match or If-None-Match. */
  putGuard(version: Version): PutGuard
  /** The one document of PUT and POST. */
  one: ReadTarget
  /** Of GET: one document, or a list with `since`. */
  some: ReadTarget
  /** Of DELETE. */
  removed: ReadTarget
}

const STATE_OF = { activityId: 'iri!', agent: 'agent!', registration: 'uuid' } as const

/** 1.0.3 Communication 2.3; 2.0 4.1.6.2. Without a registration, a list is of all of them, a document of none. */
export const STATE: DocumentResource = {
  right: 'state',
  putGuard: (version) => PROTOCOL[version].putGuard.state,
  one(request, source) {
    const read = readParameters(request, { stateId: 'string!', ...STATE_OF })
    return read.ok ? stateTarget(read.values, source) : read
  },
  some(request, source) {
    const read = readParameters(request, { stateId: 'string', since: 'timestamp', ...STATE_OF })
    return read.ok ? { ...stateTarget(read.values, source), since: read.values.since } : read
  },
  removed(request, source) {
    const read = readParameters(request, { stateId: 'string', ...STATE_OF })
    return read.ok ? stateTarget(read.values, source) : read
  },
}

function stateTarget(
  values: { stateId?: string; activityId: string; agent: string; registration?: string },
  source: SourceId,
): Target & { ok: true } {
  const { stateId, activityId, agent, registration } = values
  const scope: DocumentScope = { kind: 'state', source, activity: activityId, agent }
  if (registration !== undefined || stateId !== undefined) scope.registration = registration ?? null
  return { ok: true, scope, id: stateId }
}

/** 1.0.3 Communication 2.7; 2.0 4.1.6.6. */
export const ACTIVITY_PROFILE: DocumentResource = profile({ activityId: 'iri!' }, (values, source) => ({
  kind: 'activity-profile',
  source,
  activity: values.activityId ?? '',
}))

/** 1.0.3 Communication 2.6; 2.0 4.1.6.5. */
export const AGENT_PROFILE: DocumentResource = profile({ agent: 'agent!' }, (values, source) => ({
  kind: 'agent-profile',
  source,
  agent: values.agent ?? '',
}))

function profile(
  of: { activityId: 'iri!' } | { agent: 'agent!' },
  scopeOf: (values: { activityId?: string; agent?: string }, source: SourceId) => DocumentScope,
): DocumentResource {
  const one: ReadTarget = (request, source) => {
    const read = readParameters(request, { profileId: 'string!', ...of })
    return read.ok ? { ok: true, scope: scopeOf(read.values, source), id: read.values.profileId } : read
  }
  return {
    right: 'profile',
    putGuard: (version) => PROTOCOL[version].putGuard.profile,
    one,
    some(request, source) {
      const read = readParameters(request, { profileId: 'string', since: 'timestamp', ...of })
      if (!read.ok) return read
      const { profileId, since } = read.values
      return { ok: true, scope: scopeOf(read.values, source), id: profileId, since }
    },
    removed: one,
  }
}
