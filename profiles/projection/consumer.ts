import type { FeedConsumer } from '../../lrs/index.ts'
import { MAX_CHANGES } from './changes.ts'
import { type Projector, stepsOf } from './projector.ts'

export const TRANSCRIPT = 'transcript'

/** Follows the feed and keeps every person's lines at what their statements say. */
export function createTranscriptConsumer(
  projector: Projector,
  verify: NonNullable<FeedConsumer['verify']>,
): FeedConsumer {
  return {
    name: TRANSCRIPT,
    atOnce: MAX_CHANGES,
    apply: (entries) => projector.operationsOfAll(entries.flatMap(stepsOf)),
    verify,
  }
}
