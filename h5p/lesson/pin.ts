import type { Collections, Operation } from '../../lrs/index.ts'
import { libraryBuilds } from '../collections.ts'
import { pinsOf } from '../library/pins.ts'
import { listed } from '../library/plan.ts'
import type { ContentId } from '../types.ts'

/**
 * The library builds that content runs with now, and the operations by which a batch that pins them fails when one of
 * them is taken away meanwhile. `missing` names libraries that are not installed.
 */
export async function pinBuilds(
  collections: Collections,
  content: ContentId,
): Promise<{ builds: string[]; checks: Operation[]; missing: string }> {
  const pins = await pinsOf(collections, content)
  if (!pins) throw new Error(`the content ${content} is named by a lesson but is not there`)
  const kept = await collections.getMany(libraryBuilds, pins.builds)
  return {
    builds: pins.builds,
    checks: [...kept].map(
      ([key, { revision }]): Operation => ({ op: 'check', collection: libraryBuilds, key, revision }),
    ),
    missing: listed(pins.missing),
  }
}
