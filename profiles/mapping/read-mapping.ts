import type { Collections } from '../../lrs/index.ts'
import { aliasesOf, type SameAs } from './aliases.ts'
import { type Classify, classifierOf } from './classify.ts'
import { MAPPING_NOW, MAPPINGS, type MappingVersion, mappingKey, NOW } from './documents.ts'

export interface Classifier {
  version: number
  classify: Classify
  sameAs: SameAs
}

export interface MappingReader {
  /** That of the version that holds now. */
  now(): Promise<Classifier>
  /** Null for a version that never was. */
  at(version: number): Promise<Classifier | null>
}

/** Classifiers that are kept in memory; a version never changes. */
const KEPT = 4

export function createMappingReader(collections: Collections): MappingReader {
  const kept = new Map<number, Classifier>()

  async function at(version: number): Promise<Classifier | null> {
    const known = kept.get(version)
    if (known) return known
    const tables = await readVersion(collections, version)
    if (!tables) return null
    const made = { version, classify: classifierOf(tables), sameAs: aliasesOf(tables.rules) }
    kept.set(version, made)
    if (kept.size > KEPT) kept.delete(kept.keys().next().value as number)
    return made
  }

  return {
    at,
    async now() {
      const { version } = await versionNow(collections)
      const made = await at(version)
      if (!made) throw new Error(`The mapping tables of version ${version} are gone.`)
      return made
    },
  }
}

/** The number and revision of the version that holds. */
export async function versionNow(collections: Collections): Promise<{ version: number; revision: number }> {
  const doc = await collections.get(MAPPING_NOW, NOW)
  if (!doc) throw new Error('The mapping tables were never made.')
  return { version: doc.value.version, revision: doc.revision }
}

export async function readVersion(collections: Collections, version: number): Promise<MappingVersion | null> {
  return (await collections.get(MAPPINGS, mappingKey(version)))?.value ?? null
}
