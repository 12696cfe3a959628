import type { Class, Subject } from '../mapping/classify.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import type { RecordLine } from '../types.ts'
import type { LineDocument } from './documents.ts'
import { lineOf, type Tally } from './tally.ts'
import { termsOf } from './terms.ts'
import { localDay } from './time.ts'

/** What the mapping tables look at. */
export function subjectOf(tally: Tally): Subject {
  return {
    activity: tally.activity,
    courses: tally.courses ?? [],
    type: tally.type?.iri ?? null,
    verb: tally.lead?.verb.id ?? null,
  }
}

/** A line's document: its sum, and all that is computed from the sum alone. */
export function lineDocument(tally: Tally, { version, classify }: Classifier): LineDocument {
  const line = lineOf(tally)
  const { kind, h, topic }: Class = classify(subjectOf(tally))
  return {
    visibleTo: line?.person ?? null,
    at: line?.at ?? null,
    kind,
    h,
    topic,
    mapping: version,
    terms: line ? termsOf(line, { kind, h, topic }) : [],
    day: line && localDay(line.at),
    tally,
  }
}

/** The line as its reader sees it; null while nothing but noise is known of it. */
export function shownLine({ tally, kind, h, topic }: LineDocument): RecordLine | null {
  const line = lineOf(tally)
  return line && { ...line, kind: kind ?? null, h: h ?? null, topic: topic ?? null }
}
