import type { Client } from './client.ts'
import { documentOf, documentResources, storeDocument } from './documents.ts'
import { activity, agents, minimal } from './statements.ts'

/** The resources that need a version and a credential. */
export const paths = [
  '/statements',
  '/agents',
  '/activities',
  '/agents/profile',
  '/activities/profile',
  '/activities/state',
]

/** A GET of each resource that finds something. */
export async function reads(xapi: Client): Promise<[path: string, query: Record<string, unknown>][]> {
  const [statementId] = await xapi.store(minimal())
  const documents = await Promise.all(
    Object.values(documentResources).map(async (resource) => {
      const query = documentOf(resource)
      await storeDocument(xapi, resource, query)
      return [resource.path, query] as [string, Record<string, unknown>]
    }),
  )
  return [
    ['/statements', { statementId }],
    ['/agents', { agent: agents.mbox() }],
    ['/activities', { activityId: activity().id }],
    ['/about', {}],
    ...documents,
  ]
}
