import type { IContentMetadata, ILibraryMetadata } from '@lumieducation/h5p-server'
import type { Collections } from '../../lrs/index.ts'
import { contents, libraries } from '../collections.ts'
import { requiredLibraries } from '../package/read.ts'
import { currentBuilds } from './builds.ts'
import { type LibraryVersion, libraryKey } from './names.ts'

/** The builds that content runs with now. */
export interface Pins {
  /** Keys of builds, in order; what a version pins. */
  builds: string[]
  /** Libraries that it needs and that are not installed; then it cannot be played. */
  missing: LibraryVersion[]
}

/**
 * The builds that content needs as things stand: those of the libraries it names, of whatever these load before them,
 * and of the installed add-ons, which the player adds to content that they fit. Null: there is no such content.
 */
export async function pinsOf(collections: Collections, content: string): Promise<Pins | null> {
  const found = await collections.get(contents, content)
  if (!found) return null
  const addons = await collections.find(libraries, {
    index: 'addon',
    equals: { addon: true },
    limit: 100,
  })
  return walk(collections, [
    ...requiredLibraries(JSON.parse(found.value.metadata) as IContentMetadata),
    ...addons.docs.map((doc) => doc.value),
  ])
}

/** A level of dependencies at a time. */
async function walk(collections: Collections, from: readonly LibraryVersion[]): Promise<Pins> {
  const seen = new Set<string>()
  const pins: Pins = { builds: [], missing: [] }
  let level = [...from]
  while (level.length > 0) {
    const fresh = [...new Map(level.map((each) => [libraryKey(each), each]))].filter(
      ([key]) => !seen.has(key),
    )
    for (const [key] of fresh) seen.add(key)
    const builds = await currentBuilds(
      collections,
      fresh.map(([, each]) => each),
    )
    level = []
    for (const [key, library] of fresh) {
      const found = builds.get(key)
      if (!found) pins.missing.push(library)
      else {
        pins.builds.push(found.key)
        const { preloadedDependencies } = JSON.parse(found.build.metadata) as ILibraryMetadata
        level.push(...(preloadedDependencies ?? []))
      }
    }
  }
  pins.builds.sort()
  return pins
}
