import type { Collections, Doc, Found, Operation } from '../../lrs/index.ts'
import { LINES, type LineDocument } from '../projection/documents.ts'
import { lineDocument } from '../projection/line-document.ts'
import { commitAnew } from '../projection/projector.ts'
import { MAPPING_JOBS, type MappingJob, NOW } from './documents.ts'
import type { Classifier, MappingReader } from './read-mapping.ts'

/** Lines of one batch. */
const STEP = 100

export interface ReclassifyDeps {
  collections: Collections
  mapping: MappingReader
  now: () => number
}

/**
 * Brings every line to the version of the tables that holds: first all of them in the order of their keys, then those
 * that were written meanwhile by who still knew the version before, which an index finds. Each step is one batch that
 * moves the job with its lines and fails when one of them has changed: so it goes on after a kill, and several processes
 * at once do no harm. Returns how many lines were written.
 */
export async function reclassify(deps: ReclassifyDeps): Promise<number> {
  const { collections, mapping, now } = deps
  for (let written = 0; ; ) {
    let step: Operation[] = []
    let isLast = false
    await commitAnew(collections, async () => {
      const job = await collections.get(MAPPING_JOBS, NOW)
      const isAtJob = job !== null && job.value.finished === null
      const classifier = isAtJob ? await mapping.at(job.value.version) : await mapping.now()
      if (!classifier) throw new Error('The mapping tables of a change are gone.')
      const page = isAtJob
        ? await collections.scan(LINES, { limit: STEP, ...(job.value.after && { after: job.value.after }) })
        : await collections.find(LINES, {
            index: 'mapping',
            range: { lt: classifier.version },
            limit: STEP,
          })
      step = page.docs.flatMap((doc) => anew(doc, classifier))
      isLast = !isAtJob && step.length === 0
      return isAtJob ? [...step, moved(job, page, now())] : step
    })
    written += step.length
    if (isLast) return written
  }
}

function anew({ key, value, revision }: Doc<LineDocument>, classifier: Classifier): Operation[] {
  if (value.mapping === classifier.version) return []
  return [{ op: 'replace', collection: LINES, key, revision, value: lineDocument(value.tally, classifier) }]
}

function moved(
  { value, revision }: Doc<MappingJob>,
  { docs, next }: Found<LineDocument>,
  now: number,
): Operation {
  const done = value.done + docs.length
  return {
    op: 'replace',
    collection: MAPPING_JOBS,
    key: NOW,
    revision,
    value: {
      ...value,
      done,
      total: Math.max(done, value.total),
      after: next,
      finished: next === null ? now : null,
    } satisfies MappingJob,
  }
}
