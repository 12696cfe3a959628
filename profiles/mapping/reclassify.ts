import type { Collections, Doc, Found, Operation } from '../../lrs/index.ts'
import { settleCourses, settleLine } from '../courses/settle.ts'
import { createHourChanges, dayDocument } from '../hours/changes.ts'
import { DAYS, type DayDocument } from '../hours/documents.ts'
import { MAX_OPERATIONS } from '../projection/changes.ts'
import { LATE, LINES, type LineDocument } from '../projection/documents.ts'
import { commitAnew } from '../projection/projector.ts'
import { write } from '../projection/write.ts'
import { createTwinChanges, ROOM } from '../twins/changes.ts'
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
    const names = await settleCourses(deps)
    const settled = await settleLate(deps)
    await commitAnew(collections, async () => {
      const job = await collections.get(MAPPING_JOBS, NOW)
      if (job && job.value.finished === null) {
        const classifier = await mapping.at(job.value.version)
        if (!classifier) throw new Error('The mapping tables of a change are gone.')
        const step = await fittingStep((limit) => nextOf(deps, job.value, classifier, settled, limit))
        told = step.told
        return [...step.operations, moved(job, step, now())]
      }
      const classifier = await mapping.now()
      const find = { index: 'mapping', range: { lt: classifier.version } }
      let step = await fittingStep(async (limit) =>
        linesAnew(deps, await collections.find(LINES, { ...find, limit }), classifier, settled),
      )
      if (step.read === 0)
        step = await daysAnew(collections, await collections.find(DAYS, { ...find, limit: STEP }), classifier)
      told = step.told
      isLast = step.read === 0 && names === 0
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

/** As many of the next lines as fit into one batch: where several are one, the others change with them. */
async function fittingStep(next: (limit: number) => Promise<Step>): Promise<Step> {
  for (let limit = STEP; ; limit = limit >> 1) {
    const step = await next(limit)
    if (step.operations.length <= MAX_OPERATIONS || limit === 1) return step
  }
}

/** The revisions of lines that are late, as their days were found right. */
type Settled = ReadonlyMap<string, number | null>

async function settleLate(deps: ReclassifyDeps): Promise<Settled> {
  const find = { index: 'mapping', equals: { mapping: LATE }, limit: STEP }
  const { docs } = await deps.collections.find(LINES, find)
  const settled = new Map<string, number | null>()
  for (const { key } of docs) settled.set(key, (await settleLine(deps, key)).revision)
  return settled
}

async function nextOf(
  deps: ReclassifyDeps,
  { what, after }: MappingJob,
  classifier: Classifier,
  settled: Settled,
  limit: number,
): Promise<Step> {
  const { collections } = deps
  const options = { limit, ...(after && { after }) }
  return what === 'lines'
    ? linesAnew(deps, await collections.scan(LINES, options), classifier, settled)
    : daysAnew(collections, await collections.scan(DAYS, options), classifier)
}

/** Those that are late and not settled yet are left for the next step. */
async function linesAnew(
  { collections, mapping }: ReclassifyDeps,
  { docs, next }: Found<LineDocument>,
  classifier: Classifier,
  settled: Settled,
): Promise<Step> {
  const stale = docs.filter(
    ({ key, value, revision }) =>
      value.mapping !== classifier.version && (value.mapping !== LATE || settled.get(key) === revision),
  )
  const hours = createHourChanges(collections)
  const twins = createTwinChanges(collections, hours, classifier)
  for (const doc of stale) {
    const { tally } = doc.value
    // Where the tables say, or said, that its activity is the same as another, it may be near other lines.
    const tables = [classifier, await mapping.at(doc.value.mapping)]
    if (tables.some((one) => one && one.sameAs(tally.activity).length > 1)) twins.look(doc, { changed: true })
    else twins.line(doc.key, doc, tally)
    twins.settled(doc.key)
  }
  // Of several, what has no room is told in steps of fewer.
  const operations = await twins.operations(stale.length === 1 ? ROOM : undefined)
  operations.push(...(await hours.operations(classifier)))
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
