import { type Doc, findPage } from '../../lrs/index.ts'
import { PERSONS } from '../accounts/documents.ts'
import { agreed } from '../consents/agreed.ts'
import { readMany } from '../corrections/read-many.ts'
import { DAYS, dayKey, YEARS, type YearDocument } from '../hours/documents.ts'
import { hoursOf } from '../hours/hours-of.ts'
import type { PersonId, Transcript } from '../types.ts'
import { coursePlaces, partTerms } from './course-lines.ts'
import { FACTS, LINES, type LineDocument } from './documents.ts'
import { entriesOf, splitsAmong } from './entries.ts'
import { findLines } from './find-lines.ts'
import { goingOn } from './going-on.ts'
import { shownLine } from './line-document.ts'
import { mergedLines } from './merged-lines.ts'

import { localDay } from './time.ts'
import { onTheirWay, type VeilDeps, veiledPage, veilOver } from './veil.ts'

const MAX_PAGE = 200
/** More than a life has. */
const MAX_YEARS = 150
const MOST_LOOKS = 3
/** Days. */
const WEEK = 7

/** Reads the view alone, by its index: a page costs the same for a person with three lines and with 50,000. */
export function createTranscript(deps: VeilDeps): Transcript {
  const { collections } = deps
  const hasRecord = async (person: PersonId) => agreed((await collections.get(PERSONS, person))?.value)
  /** What is summed up is brought up to date with the last fact that leaves. */
  const isMoving = async (person: PersonId) => (await onTheirWay(collections, person)).length > 0

  /** The line, or the one that is shown in its place. */
  async function shownDoc(person: PersonId, id: string): Promise<Doc<LineDocument> | null> {
    let doc = await collections.get(LINES, id)
    if (doc?.value.tally.person !== person) return null
    // Another line may have come to be shown since the first was read.
    for (let looks = 0; looks < MOST_LOOKS && doc?.value.twins?.shownAs !== undefined; looks++)
      doc = await collections.get(LINES, doc.value.twins.shownAs)
    return doc?.value.visibleTo === person ? doc : null
  }

  /** The latest first. */
  async function yearsOf(person: PersonId): Promise<YearDocument[]> {
    const find = { index: 'person', equals: { person }, descending: true, limit: MAX_YEARS }
    return (await collections.find(YEARS, find)).docs.map(({ value }) => value)
  }

  return {
    async lines(person, { after, limit: asked, filter }) {
      if (!(await hasRecord(person))) return { lines: [], next: null }
      const limit = Math.max(1, Math.min(asked, MAX_PAGE))
      const veil = await veilOver(deps, person)
      if (veil) return veiledPage(collections, veil, person, filter ?? {}, { after, limit })
      const page = await findLines(collections, person, filter ?? {}, {
        limit,
        after,
      })
      return { lines: page.docs.flatMap(({ value }) => shownLine(value) ?? []), next: page.next }
    },

    async line(person, id) {
      if (!(await hasRecord(person))) return null
      // Before the line: one that was read while it was leaving would be shown when it has left.
      const veil = await veilOver(deps, person)
      const doc = await shownDoc(person, id)
      if (!doc) return null
      if (!veil) return shownLine(doc.value)
      const lines = await veil.through([doc])
      return (
        lines.find((line) => line.id === id || line.tellers?.some((one) => one.line === id)) ??
        lines[0] ??
        null
      )
    },

    async courses(person, lines) {
      if (!(await hasRecord(person)) || (await isMoving(person))) return new Map()
      const docs = [...(await readMany(collections, LINES, lines)).values()]
      return coursePlaces(
        collections,
        person,
        docs.filter(({ value }) => value.visibleTo === person),
      )
    },

    async goingOn(person, options) {
      // What is on its way out is nothing to go on with.
      if (!(await hasRecord(person)) || (await isMoving(person))) return []
      return goingOn(collections, person, options)
    },

    async parts(person, id, { after, limit }) {
      if (!(await hasRecord(person))) return { lines: [], next: null }
      const veil = await veilOver(deps, person)
      const doc = await shownDoc(person, id)
      if (!doc) return { lines: [], next: null }
      const terms = await partTerms(collections, doc)
      const page = await mergedLines(collections, person, terms, { days: null, after, limit, oldest: true })
      const parts = page.docs.filter(({ key }) => key !== doc.key)
      const lines = veil ? await veil.through(parts) : parts.flatMap(({ value }) => shownLine(value) ?? [])
      return { lines: lines.sort((a, b) => a.at - b.at), next: page.next }
    },

    async entries(person, members) {
      if (!(await hasRecord(person))) return []
      const veil = await veilOver(deps, person)
      const held = await readMany(collections, LINES, members)
      const docs = [...held.values()].filter(({ value }) => value.tally.person === person)
      const [staying, classifier, isApart] = await Promise.all([
        veil?.staying(docs),
        deps.mapping.now(),
        splitsAmong(collections, docs),
      ])
      const tallyOf = ({ key, value }: Doc<LineDocument>) =>
        staying ? (staying.get(key) ?? null) : value.tally
      return entriesOf(docs, tallyOf, classifier, isApart)
    },

    async count(person) {
      if (!(await hasRecord(person))) return 0
      if (await isMoving(person)) return null
      // Years know how many lines show in them: to count 50,000 takes longer than a page may.
      const years = await yearsOf(person)
      return years.flatMap(({ lines }) => Object.values(lines)).reduce((sum, count) => sum + count, 0)
    },

    async years(person) {
      if (!(await hasRecord(person))) return []
      if (await isMoving(person)) return null
      return (await yearsOf(person)).map(({ person: _, ...year }) => year)
    },

    async week(person, until) {
      if (!(await hasRecord(person))) return 0
      if (await isMoving(person)) return null
      const today = localDay(until)
      const keys = Array.from({ length: WEEK }, (_, ago) => dayKey(person, today - ago))
      const days = [...(await collections.getMany(DAYS, keys)).values()]
      const minutes = days.flatMap(({ value }) => Object.values(value.sums.minutes))
      return minutes.reduce((sum, each) => sum + each, 0)
    },

    async hoursOf(line) {
      if (!(await hasRecord(line.person)) || (await isMoving(line.person))) return null
      return hoursOf(collections, line)
    },

    async statementsOf(line, of, { after, limit }) {
      const told = (line.tellers ?? [{ ...line, line: line.id }]).find((one) => one.line === of)
      if (!told || !(await hasRecord(line.person))) return { statements: [], next: null }
      if (await isMoving(line.person))
        return { statements: told.statements.toReversed().slice(0, limit), next: null }
      const find = { index: 'line', equals: { line: of }, descending: true, limit, after }
      const page = await findPage(collections, FACTS, find)
      return { statements: page.docs.map(({ key }) => key), next: page.next }
    },
  }
}
