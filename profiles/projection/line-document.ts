import type { Class, Subject } from '../mapping/classify.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import { type LineTwins, withTellers } from '../twins/tellers.ts'
import type { RecordLine } from '../types.ts'
import type { LineDocument } from './documents.ts'
import { lineOf, type Tally } from './tally.ts'
import { placeTerms, termsOf } from './terms.ts'
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

/** A line's document: its sum, and all that is computed from the sum and from what others tell of the same thing. */
export function lineDocument(
  tally: Tally,
  { version, classify }: Classifier,
  twins?: LineTwins,
  { within, hasParts }: { within?: string[] | undefined; hasParts?: boolean | undefined } = {},
): LineDocument {
  const own = twins?.shownAs === undefined ? lineOf(tally) : null
  const line = own && withTellers(own, twins?.tellers)
  const { kind, h, topic }: Class = classify(subjectOf(tally))
  return {
    visibleTo: line?.person ?? null,
    at: line?.at ?? null,
    kind,
    h,
    topic,
    mapping: version,
    terms: line ? [...termsOf(line, { kind, h, topic }), ...placeTerms(tally, twins?.tellers)] : [],
    day: line && localDay(line.at),
    tally,
    ...(within && { within }),
    ...(hasParts && { hasParts }),
    ...(twins && { twins }),
  }
}

/** The line as its reader sees it; null while nothing but noise is known of it, and where it is shown as another. */
export function shownLine({ tally, kind, h, topic, twins }: LineDocument): RecordLine | null {
  const line = twins?.shownAs === undefined ? lineOf(tally) : null
  return (
    line && { ...withTellers(line, twins?.tellers), kind: kind ?? null, h: h ?? null, topic: topic ?? null }
  )
}
