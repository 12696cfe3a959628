import type { ResourceName } from '../resources/request.ts'

/** Where the xAPI resources are mounted: the spelling of the specification and those that LMSs build. */
export const XAPI_PATHS = ['/xapi', '/xAPI', '/data/xAPI'] as const

const NAMES: ReadonlySet<string> = new Set<ResourceName>([
  'about',
  'activities',
  'activities/profile',
  'activities/state',
  'agents',
  'agents/profile',
  'statements',
])

/**
 * The resource of a path below the mount. Slashes at the end or doubled are overlooked, and so is a doubled
 * `statements`, as clients make it that take `…/statements` for the endpoint.
 */
export function resourceOf(path: string): ResourceName | null {
  const names = path.split('/').filter((name) => name !== '')
  if (names.length > 1 && names[0] === 'statements') names.shift()
  const name = names.join('/')
  return NAMES.has(name) ? (name as ResourceName) : null
}
