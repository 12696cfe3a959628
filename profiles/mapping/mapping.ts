import { type Collections, type Operation, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { DAYS } from '../hours/documents.ts'
import { LINES } from '../projection/documents.ts'
import { subjectOf } from '../projection/line-document.ts'
import { aliasesOf } from './aliases.ts'
import { changed, type MappingChange } from './change.ts'
import { classifierOf } from './classify.ts'
import { DEFAULTS, EDITION } from './defaults.ts'
import {
  MAPPING_JOBS,
  MAPPING_NOW,
  MAPPINGS,
  type MappingJob,
  type MappingVersion,
  mappingKey,
  NOW,
} from './documents.ts'
import { readVersion, versionNow } from './read-mapping.ts'
import type { MappingTopic, Tables } from './tables.ts'

/** Lines looked at to say what a change would do: their keys are hashes, so the first ones are a fair sample. */
const LOOKED_AT = 1_000

export interface Mapping {
  now(): Promise<MappingVersion>
  /** The topics that lessons, classes and rules may have now, under the names that people read. */
  topics(): Promise<readonly MappingTopic[]>
  /** Newest first. */
  versions(limit: number): Promise<MappingVersion[]>
  /** What a change would do to the lines there are: of those `looked` at, how many would be told anew. */
  preview(change: MappingChange): Promise<{ looked: number; changed: number; total: number } | Refusal>
  /**
   * Makes a new version of the tables, when `expects` is the one that holds (else `mapping-changed`), and begins to tell
   * every line anew.
   */
  change(change: MappingChange, of: { by: string; expects: number }): Promise<MappingVersion | Refusal>
  /** Makes a new version with the tables of an older one. */
  restore(version: number, of: { by: string; expects: number }): Promise<MappingVersion | Refusal>
  /** How far the lines have come; null when none was ever to be told anew. */
  progress(): Promise<MappingJob | null>
}

interface MappingDeps {
  collections: Collections
  audit: Audit
  now: () => number
  /** Tells that there is work for `reclassify`. */
  begun(): void
}

export function createMapping({ collections, audit, now, begun }: MappingDeps): Mapping {
  const current = async () => {
    const { version, revision } = await versionNow(collections)
    const tables = await readVersion(collections, version)
    if (!tables) throw new Error(`The mapping tables of version ${version} are gone.`)
    return { tables, revision }
  }

  async function publish(
    make: (tables: MappingVersion) => Promise<(Tables & { note: string }) | Problem>,
    { by, expects }: { by: string; expects: number },
  ): Promise<MappingVersion | Refusal> {
    const { tables, revision } = await current()
    if (tables.version !== expects) return refuse(MAPPING_CHANGED)
    const made = await make(tables)
    if ('status' in made) return refuse(made)
    const value: MappingVersion = {
      topics: made.topics,
      rules: made.rules,
      version: expects + 1,
      edition: null,
      at: now(),
      by,
      note: made.note,
    }
    const outcome = await collections.batch([
      ...versionOperations(
        value,
        revision,
        (await collections.count(LINES)) + (await collections.count(DAYS)),
      ),
      audit({
        action: 'mapping-change',
        actor: by,
        detail: { version: value.version, note: made.note.slice(0, 300) },
      }),
    ])
    if (!outcome.ok) return refuse(MAPPING_CHANGED)
    begun()
    return value
  }

  let known: { version: number; topics: readonly MappingTopic[] } | null = null

  return {
    now: async () => (await current()).tables,

    async topics() {
      // Every page asks; a version never changes.
      const { version } = await versionNow(collections)
      if (known?.version === version) return known.topics
      const { tables } = await current()
      known = { version: tables.version, topics: tables.topics }
      return tables.topics
    },

    async versions(limit) {
      const page = await collections.find(MAPPINGS, { index: 'version', descending: true, limit })
      return page.docs.map(({ value }) => value)
    },

    async preview(change) {
      const { tables } = await current()
      const wanted = changed(tables, change)
      if ('status' in wanted) return refuse(wanted)
      const [before, after] = [classifierOf(tables), classifierOf(wanted)]
      const [sameBefore, sameAfter] = [aliasesOf(tables.rules), aliasesOf(wanted.rules)]
      const { docs } = await collections.scan(LINES, { limit: LOOKED_AT })
      const differing = docs.filter(({ value }) => {
        const subject = subjectOf(value.tally)
        const [a, b] = [before(subject), after(subject)]
        const { activity } = subject
        const isSame = sameBefore(activity).join(' ') === sameAfter(activity).join(' ')
        return !isSame || a.topic !== b.topic || a.kind !== b.kind || a.h !== b.h
      })
      return { looked: docs.length, changed: differing.length, total: await collections.count(LINES) }
    },

    change: (change, of) =>
      publish(async (tables) => {
        const wanted = changed(tables, change)
        return 'status' in wanted ? wanted : { ...wanted, note: noteOf(change) }
      }, of),

    restore: (version, of) =>
      publish(async () => {
        const older = await readVersion(collections, version)
        return older ? { ...older, note: `restore ${version}` } : VERSION_UNKNOWN
      }, of),

    progress: async () => (await collections.get(MAPPING_JOBS, NOW))?.value ?? null,
  }
}

/** Makes the first version of the tables, and a newer one where the product ships a newer one and nobody has made any. */
export async function shipMapping(collections: Collections, now: () => number): Promise<void> {
  for (;;) {
    const held = await collections.get(MAPPING_NOW, NOW)
    const tables = held && (await readVersion(collections, held.value.version))
    if (tables && (tables.edition === null || tables.edition >= EDITION)) return
    const value: MappingVersion = {
      ...DEFAULTS,
      version: (tables?.version ?? 0) + 1,
      edition: EDITION,
      at: now(),
      by: 'product',
      note: `edition ${EDITION}`,
    }
    const lines = await collections.count(LINES)
    const operations = versionOperations(value, held?.revision ?? null, lines)
    if ((await collections.batch(operations)).ok) return
  }
}

function versionOperations(value: MappingVersion, revision: number | null, lines: number): Operation[] {
  const pointer = { collection: MAPPING_NOW, key: NOW, value: { version: value.version } }
  const job: MappingJob = {
    version: value.version,
    begun: value.at,
    what: 'lines',
    after: null,
    done: 0,
    total: lines,
    finished: null,
  }
  return [
    { op: 'insert', collection: MAPPINGS, key: mappingKey(value.version), value },
    revision === null ? { op: 'insert', ...pointer } : { op: 'replace', ...pointer, revision },
    ...(value.version === 1 && lines === 0
      ? []
      : [{ op: 'put' as const, collection: MAPPING_JOBS, key: NOW, value: job }]),
  ]
}

function noteOf(change: MappingChange): string {
  switch (change.do) {
    case 'put-rule':
      return `put ${change.rule.tells} ${change.rule.by} ${change.rule.iri} = ${change.rule.is}`
    case 'remove-rule':
      return `remove ${change.name}`
    case 'put-topic':
      return `put topic ${change.topic.id}`
    case 'remove-topic':
      return `remove topic ${change.id}`
  }
}

const MAPPING_CHANGED: Problem = {
  id: 'mapping-changed',
  status: 409,
  message: 'The tables were changed meanwhile. Look at what they say now, then change them again.',
}
const VERSION_UNKNOWN: Problem = {
  id: 'mapping-version-unknown',
  status: 404,
  message: 'There is no such version of the tables.',
}
