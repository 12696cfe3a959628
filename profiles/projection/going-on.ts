import type { Collections, Doc } from '../../lrs/index.ts'
import { keysOf } from '../courses/names.ts'
import type { PersonId, RecordLine } from '../types.ts'
import { LINES, type LineDocument } from './documents.ts'
import { shownLine } from './line-document.ts'
import { courseTerm, GOING_ON } from './terms.ts'
import { localDay } from './time.ts'

/** What was left longer ago is hardly gone on with. Days. */
const LATELY = 365
/** Lines begun that are looked at, and lines of one activity. */
const MOST = 20

/**
 * What a person began and did not finish, the newest first: of each activity the newest line, where no other line of it,
 * of whatever day, registration or source, tells that it was done.
 */
export async function goingOn(
  collections: Collections,
  person: PersonId,
  { limit, now, leaveOut }: { limit: number; now: number; leaveOut: (line: RecordLine) => boolean },
): Promise<RecordLine[]> {
  const { docs } = await collections.find(LINES, {
    index: 'term',
    equals: { visibleTo: person, terms: GOING_ON },
    range: { gte: localDay(now) - LATELY },
    descending: true,
    limit: MOST,
  })
  const seen = new Set<string>()
  const found: RecordLine[] = []
  for (const doc of docs) {
    const { activity } = doc.value.tally
    const line = shownLine(doc.value)
    if (!line || seen.has(activity) || leaveOut(line)) continue
    seen.add(activity)
    if (!(await isDone(collections, doc))) found.push(line)
    if (found.length === limit) break
  }
  return found.sort((a, b) => b.at - a.at)
}

async function isDone(collections: Collections, { value }: Doc<LineDocument>): Promise<boolean> {
  const [key] = keysOf(value.tally)
  const equals = { visibleTo: value.tally.person, terms: courseTerm(key ?? '') }
  const { docs } = await collections.find(LINES, { index: 'term', equals, descending: true, limit: MOST })
  return docs.some((doc) => isFinished(shownLine(doc.value)))
}

const isFinished = (line: RecordLine | null) => line?.completed === true || line?.success === true
