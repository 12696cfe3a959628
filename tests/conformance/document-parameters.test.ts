/** The parameters that each method of each document resource needs, and their formats. */
import { expect } from 'vitest'
import {
  type DocumentResource,
  documentOf,
  documentResources,
  NEW,
  storeDocument,
} from './support/documents.ts'
import { requirement } from './support/requirement.ts'

const { state, agentProfile, activityProfile } = documentResources
type Method = 'PUT' | 'POST' | 'GET' | 'DELETE'

/** Ids in the order PUT, POST, GET, DELETE; null where the method does without. */
type FourIds = readonly [string | null, string | null, string | null, string | null]
const methods: readonly Method[] = ['PUT', 'POST', 'GET', 'DELETE']

/** Each is refused; the same request with the document's own query is not. */
function refusesQuery(
  resource: DocumentResource,
  ids: FourIds,
  more: string,
  text: string,
  change: (query: Record<string, unknown>) => Record<string, unknown>,
): void {
  for (const [index, method] of methods.entries()) {
    const id = ids[index]
    if (id === null || id === undefined) continue
    requirement(`${id} ${more}`, `refuses ${method} of ${resource.name} with ${text}`, async (xapi) => {
      const query = documentOf(resource)
      const body = method === 'PUT' || method === 'POST' ? { body: { a: 1 }, headers: NEW } : {}
      if (method === 'GET' || method === 'DELETE') await storeDocument(xapi, resource, query)
      const refused = await xapi.request(method, resource.path, { query: change(query), ...body })
      expect(refused.status, refused.text).toBe(400)
      const accepted = await xapi.request(method, resource.path, { query, ...body })
      expect(accepted.status, accepted.text).toBe(method === 'GET' ? 200 : 204)
    })
  }
}

const without = (name: string) => (query: Record<string, unknown>) => {
  const { [name]: _, ...rest } = query
  return rest
}
const having = (name: string, value: unknown) => (query: Record<string, unknown>) => ({
  ...query,
  [name]: value,
})

const missing = 'XAPI2-4.1.6-parameter-missing'
const format = 'XAPI2-4.1.6-parameter-format'
const x = (...numbers: (number | null)[]) =>
  numbers.map((n) => (n === null ? null : `XAPI-00${n}`)) as unknown as FourIds

refusesQuery(state, x(210, 209, 208, 207), missing, 'no activityId', without('activityId'))
refusesQuery(state, x(215, 214, 213, 212), missing, 'no agent', without('agent'))
refusesQuery(state, x(206, 211, null, null), missing, 'no stateId', without('stateId'))
refusesQuery(state, x(199, 198, 197, 196), format, 'an agent that is no JSON', having('agent', 'an'))
refusesQuery(state, x(199, 198, 197, 196), format, 'an agent that is none', having('agent', { name: 'an' }))
refusesQuery(
  state,
  x(203, 202, 201, 200),
  format,
  'a registration that is no UUID',
  having('registration', 'one'),
)
refusesQuery(
  state,
  x(null, null, null, 205),
  'XAPI2-4.1.5-unknown-parameter',
  'a since that is no time',
  having('since', 'today'),
)

refusesQuery(agentProfile, x(264, 263, 261, 262), missing, 'no agent', without('agent'))
refusesQuery(agentProfile, x(257, 256, 258, 255), format, 'an agent that is no JSON', having('agent', 'an'))
refusesQuery(
  agentProfile,
  x(257, 256, 258, 255),
  format,
  'an agent that is none',
  having('agent', { mbox: 'an' }),
)
refusesQuery(agentProfile, x(267, 266, null, 265), missing, 'no profileId', without('profileId'))

refusesQuery(activityProfile, x(299, 298, 296, 297), missing, 'no activityId', without('activityId'))
refusesQuery(activityProfile, x(302, 301, null, 300), missing, 'no profileId', without('profileId'))
refusesQuery(
  activityProfile,
  x(null, null, 304, null),
  'XAPI2-4.1.5-unknown-parameter',
  'an agent',
  having('agent', { mbox: 'mailto:an@hoc.example' }),
)

const everywhere: FourIds = ['XAPI-00012', 'XAPI-00012', 'XAPI-00012', 'XAPI-00012']
for (const resource of [state, activityProfile]) {
  refusesQuery(
    resource,
    everywhere,
    'XAPI2-4.1.6-parameter-scheme',
    'an activityId without a scheme',
    having('activityId', 'bai-1'),
  )
}
