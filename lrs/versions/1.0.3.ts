import type { VersionRules } from './rules.ts'

/** xAPI 1.0.0 to 1.0.3. */
export const VERSION_1: VersionRules = {
  version: '1.0.3',
  statementSchema: 'urn:suotdoi:xapi:statement:1.0.3',
  // Data 2.4.10: what lacks a version was made by the data model of 1.0.0.
  assumedVersion: '1.0.0',
  timestampsInUtc: false,
  contextAgents: false,
}
