import type { Collections, Doc, Found, Operation } from '../../lrs/index.ts'
import { createHourChanges, dayDocument } from '../hours/changes.ts'
import { DAYS, type DayDocument } from '../hours/documents.ts'
import { LINES, type LineDocument } from '../projection/documents.ts'
import { lineDocument } from '../projection/line-document.ts'
import { commitAnew } from '../projection/projector.ts'
import { write } from '../projection/write.ts'
import { MAPPING_JOBS, type MappingJob, NOW } from './documents.ts'
import type { Classifier, MappingReader } from './read-mapping.ts'

/** Lines or days of one batch. */
const STEP = 100

export interface ReclassifyDeps {
  collections: Collections
  mapping: MappingReader
  now: () => number
}

/**
 * Brings every line, and then every day with its year, to the version of the tables that holds: first all of them in the
 * order of their keys, then those that were written meanwhile by who still knew the version before, which an index
 * finds. Each step is one batch that moves the job with what it told anew and fails when some of that has changed: so it
 * goes on after a kill, and several processes at once do no harm. Returns how many lines and days were written.
 */
export async function reclassify(deps: ReclassifyDeps): Promise<number> {
  const { collections, mapping, now } = deps
  for (let written = 0; ; ) {
    let told = 0
    let isLast = false
    await commitAnew(collections, async () => {
      const job = await collections.get(MAPPING_JOBS, NOW)
      if (job && job.value.finished === null) {
        const classifier = await mapping.at(job.value.version)
        if (!classifier) throw new Error('The mapping tables of a change are gone.')
        const options = { limit: STEP, ...(job.value.after && { after: job.value.after }) }
        const step =
          job.value.what === 'lines'
            ? await linesAnew(await collections.scan(LINES, options), classifier)
            : await daysAnew(collections, await collections.scan(DAYS, options), classifier)
        told = step.told
        return [...step.operations, moved(job, step, now())]
      }
      const classifier = await mapping.now()
      const find = { index: 'mapping', range: { lt: classifier.version }, limit: STEP }
      let step = await linesAnew(await collections.find(LINES, find), classifier)
      if (step.told === 0) step = await daysAnew(collections, await collections.find(DAYS, find), classifier)
      told = step.told
      isLast = told === 0
      return step.operations
    })
    written += told
    if (isLast) return written
  }
}

interface Step {
  operations: Operation[]
  /** Documents that are told anew. */
  told: number
  read: number
  next: string | null
}

async function linesAnew({ docs, next }: Found<LineDocument>, classifier: Classifier): Promise<Step> {
  const stale = docs.filter(({ value }) => value.mapping !== classifier.version)
  const operations = stale.flatMap((doc) =>
    write(LINES, doc.key, doc, lineDocument(doc.value.tally, classifier)),
  )
  return { operations, told: stale.length, read: docs.length, next }
}

async function daysAnew(
  collections: Collections,
  { docs, next }: Found<DayDocument>,
  classifier: Classifier,
): Promise<Step> {
  const stale = docs.filter(({ value }) => value.mapping !== classifier.version)
  const hours = createHourChanges(collections)
  const operations = stale.flatMap((doc) => {
    const after = dayDocument(doc.value, classifier)
    hours.day(doc.value, after)
    return write(DAYS, doc.key, doc, after)
  })
  operations.push(...(await hours.yearOperations()))
  return { operations, told: stale.length, read: docs.length, next }
}

function moved({ value, revision }: Doc<MappingJob>, { read, next }: Step, now: number): Operation {
  const done = value.done + read
  const isDone = next === null && value.what === 'days'
  const job: MappingJob = {
    ...value,
    done,
    total: Math.max(done, value.total),
    what: next === null ? 'days' : value.what,
    after: next,
    finished: isDone ? now : null,
  }
  return { op: 'replace', collection: MAPPING_JOBS, key: NOW, revision, value: job }
}
