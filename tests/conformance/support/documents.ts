import type { Client } from './client.ts'
import { activity, agents, uuid } from './statements.ts'

/** The three document resources, and what tells one of their documents from another. */
export interface DocumentResource {
  name: string
  path: string
  idName: 'stateId' | 'profileId'
  /** A context of its own for each test. */
  context(): Record<string, unknown>
}

export const documentResources = {
  state: {
    name: 'state',
    path: '/activities/state',
    idName: 'stateId',
    context: () => ({ activityId: activity(uuid()).id, agent: identifier() }),
  },
  agentProfile: {
    name: 'agent profile',
    path: '/agents/profile',
    idName: 'profileId',
    context: () => ({ agent: identifier() }),
  },
  activityProfile: {
    name: 'activity profile',
    path: '/activities/profile',
    idName: 'profileId',
    context: () => ({ activityId: activity(uuid()).id }),
  },
} as const satisfies Record<string, DocumentResource>

const identifier = () => ({ account: agents.account(uuid()).account })

/** The query of one document in a context of its own. */
export function documentOf(resource: DocumentResource, id = 'one'): Record<string, unknown> {
  return { ...resource.context(), [resource.idName]: id }
}

/** What a PUT of a new document says: 1.0.3 wants profiles to be put with a precondition. */
export const NEW = { 'if-none-match': '*' }

/** Stores a document that is not there yet; throws when refused. */
export async function storeDocument(
  xapi: Client,
  { path }: DocumentResource,
  query: Record<string, unknown>,
  content: unknown = { a: 1 },
  contentType = 'application/json',
): Promise<void> {
  const headers = { ...NEW, 'content-type': contentType }
  const answer = await xapi.put(path, query, content, { headers })
  if (answer.status !== 204) throw new Error(`refused with ${answer.status}: ${answer.text}`)
}
