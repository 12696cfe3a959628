/** What differs between the versions of the specification, as far as statements go. */
import type { Version } from '../statement/types.ts'
import { VERSION_1 } from './1.0.3.ts'
import { VERSION_2 } from './2.0.0.ts'

export interface VersionRules {
  version: Version
  /** `$id` of the schema of a statement. */
  statementSchema: string
  /** `version` of a statement that says none. */
  assumedVersion: string
  /** `timestamp` is turned into UTC. */
  timestampsInUtc: boolean
  /** `contextAgents` and `contextGroups` exist. */
  contextAgents: boolean
}

export function rulesOf(version: Version): VersionRules {
  return version === '1.0.3' ? VERSION_1 : VERSION_2
}
