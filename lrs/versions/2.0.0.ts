import type { VersionRules } from './rules.ts'

/** xAPI 2.0 (IEEE 9274.1.1). */
export const VERSION_2: VersionRules = {
  version: '2.0.0',
  statementSchema: 'urn:suotdoi:xapi:statement:2.0.0',
  assumedVersion: '2.0.0',
  // 4.2.7: timestamps are kept and returned in UTC.
  timestampsInUtc: true,
  contextAgents: true,
}
