import { isDeepStrictEqual } from 'node:util'
import type { Collections, Doc } from '../../lrs/index.ts'
import { withinOf } from '../courses/names.ts'
import { createHourChanges } from '../hours/changes.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'
import { createTwinChanges, ROOM } from '../twins/changes.ts'
import { TIES } from '../twins/documents.ts'
import { LATE, LINES, type LineDocument } from './documents.ts'
import { lineDocument } from './line-document.ts'
import { commitAnew } from './projector.ts'
import { sumOfLine } from './sum-of-line.ts'
import { asKept } from './write.ts'

export interface LineDeps {
  collections: Collections
  mapping: MappingReader
}

/**
 * Whether a line is not the sum of its facts, or not what it is among others. While its revision stays, none of its facts
 * changes either: they are written together.
 */
export async function isWrongLine(deps: LineDeps, key: string): Promise<boolean> {
  const { collections, mapping } = deps
  for (let looks = 1; ; looks++) {
    const doc = await collections.get(LINES, key)
    // One that is late is told anew in any case.
    if (!doc || doc.value.mapping === LATE) return false
    const tally = await sumOfLine(collections, key)
    // What a change of the tables has not come to yet is right by the version before.
    const classifier = await mapping.at(doc.value.mapping)
    const wanted =
      tally &&
      classifier &&
      lineDocument(tally, classifier, doc.value.twins, { ...doc.value, within: withinOf(tally) })
    if (isDeepStrictEqual(asKept(wanted), doc.value) && (await hasItsTwins(deps, doc))) return false
    // Others of its cluster were not all read at one moment.
    if (looks >= 3 && (await collections.get(LINES, key))?.revision === doc.revision) return true
  }
}

async function hasItsTwins({ collections, mapping }: LineDeps, doc: Doc<LineDocument>): Promise<boolean> {
  const classifier = await mapping.now()
  if (classifier.version !== doc.value.mapping) return true
  const twins = createTwinChanges(collections, createHourChanges(collections), classifier)
  twins.look(doc, { changed: false })
  const operations = await twins.operations()
  return !operations.some(
    ({ op, key, collection }) => op !== 'check' && (key === doc.key || collection.name === TIES.name),
  )
}

/** Makes a line the sum of its facts, and what it is among others; one without any goes. */
export function mendLine({ collections, mapping }: LineDeps, key: string): Promise<void> {
  return commitAnew(collections, async () => {
    const doc = await collections.get(LINES, key)
    const tally = await sumOfLine(collections, key)
    if (!doc && !tally) return []
    const classifier = await mapping.now()
    const hours = createHourChanges(collections)
    const twins = createTwinChanges(collections, hours, classifier)
    if (doc) twins.look(doc, { changed: true })
    twins.line(key, doc, tally)
    const operations = await twins.operations(ROOM)
    return [...operations, ...(await hours.operations(classifier))]
  })
}
