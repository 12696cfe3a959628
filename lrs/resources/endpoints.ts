import { getActivity } from './activities/get.ts'
import { getAgent } from './agents/get.ts'
import { documentEndpoints } from './documents/endpoints.ts'
import { ACTIVITY_PROFILE, AGENT_PROFILE, STATE } from './documents/resources.ts'
import type { Endpoint, Method, ResourceName } from './request.ts'
import { getStatements } from './statements/get.ts'
import { postStatements, putStatement } from './statements/write.ts'

/** Every resource but `about`, which knows no caller. */
export const ENDPOINTS: Readonly<Record<Exclude<ResourceName, 'about'>, Partial<Record<Method, Endpoint>>>> =
  {
    statements: {
      GET: { scopes: ['statements/read/mine'], body: 'none', handle: getStatements },
      PUT: { scopes: ['statements/write'], body: 'statements', handle: putStatement },
      POST: { scopes: ['statements/write'], body: 'statements', handle: postStatements },
    },
    activities: {
      GET: { scopes: ['statements/read/mine', 'profile', 'state'], body: 'none', handle: getActivity },
    },
    agents: { GET: { scopes: ['statements/read/mine', 'profile', 'state'], body: 'none', handle: getAgent } },
    'activities/state': documentEndpoints(STATE),
    'activities/profile': documentEndpoints(ACTIVITY_PROFILE),
    'agents/profile': documentEndpoints(AGENT_PROFILE),
  }
