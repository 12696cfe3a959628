import { defineCollection } from '../../lrs/index.ts'
import type { Tables } from './tables.ts'

/** One version of the tables. It never changes; what a line was told by can be read for ever. */
export interface MappingVersion extends Tables {
  version: number
  /** Of what the product ships, where it made this version. */
  edition: number | null
  at: number
  by: string
  /** What was changed, in the operator's words or those of a rule. */
  note: string
}

/** Key: the version, in ten digits. */
export const MAPPINGS = defineCollection<MappingVersion>('profiles.mappings', { version: ['version'] })
export const mappingKey = (version: number) => String(version).padStart(10, '0')

/** Which version holds; under `NOW`. */
export const MAPPING_NOW = defineCollection<{ version: number }>('profiles.mapping-now')
export const NOW = 'now'

/** Telling every line anew by `version`; under `NOW`. It stays when it is done, to say when that was. */
export interface MappingJob {
  version: number
  begun: number
  /** First all lines, then all days of people. */
  what: 'lines' | 'days'
  /** Where to go on among them. */
  after: string | null
  done: number
  /** Lines and days there were when it began. */
  total: number
  finished: number | null
}
export const MAPPING_JOBS = defineCollection<MappingJob>('profiles.mapping-jobs')
