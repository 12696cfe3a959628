import type { Doc } from '../../lrs/index.ts'
import { readMany } from '../corrections/read-many.ts'
import { COURSES, type CourseDocument } from '../courses/documents.ts'
import { mendCourse } from '../courses/mend.ts'
import { DAYS, type DayDocument, YEARS, type YearDocument } from '../hours/documents.ts'
import { mendDay, mendYear } from '../hours/mend-hours.ts'
import { LINKS } from '../links/documents.ts'
import { mendTies } from '../twins/mend.ts'
import { FACTS, isTelling, type Known, LINES, type LineDocument } from './documents.ts'
import { mendLine } from './lines-anew.ts'
import { pages } from './pages.ts'
import type { Projector } from './projector.ts'
import type { RemadeDeps } from './remade.ts'
import { sumOfLine } from './sum-of-line.ts'
import { write } from './write.ts'

/**
 * Takes out what is left of records without anything that feeds them: facts of identifiers that are nobody's, lines and
 * days without facts, years without days. Safe while everything goes on. `progress` gets the share that is done.
 */
export async function sweepRecords(
  deps: RemadeDeps,
  projector: Projector,
  progress: (share: number) => void,
): Promise<void> {
  const { collections } = deps
  const all = async <T>(
    collection: Parameters<typeof collections.scan<T>>[0],
    look: (docs: Doc<T>[]) => Promise<void>,
  ) => {
    for await (const docs of pages<T>((options) => collections.scan(collection, { ...options, limit: 500 })))
      await look(docs)
  }

  await all<Known>(FACTS, async (docs) => {
    const told = docs.flatMap(({ key, value }) => (isTelling(value) ? [{ key, agent: value.agent }] : []))
    const links = await readMany(
      collections,
      LINKS,
      told.map(({ agent }) => agent),
    )
    const nobodys = told.filter(({ agent }) => !links.get(agent)?.value.agreed)
    await projector.commit(nobodys.map(({ key }) => ({ lookAgain: key })))
  })
  progress(0.4)
  await all<LineDocument>(LINES, async (docs) => {
    const newest = ({ value }: Doc<LineDocument>) => value.tally.statements.at(-1)?.id ?? ''
    const facts = await readMany(collections, FACTS, docs.map(newest))
    for (const doc of docs) {
      if (facts.get(newest(doc))?.value.line === doc.key) continue
      if ((await sumOfLine(collections, doc.key)) !== null) await mendLine(deps, doc.key)
      // No year counts it.
      else await collections.batch(write(LINES, doc.key, doc, null))
    }
  })
  progress(0.6)
  await mendTies(collections)
  await all<DayDocument>(DAYS, async (docs) => {
    const ids = docs.flatMap(({ value }) => Object.keys(value.entries))
    const lines = await readMany(collections, LINES, ids)
    for (const { value } of docs)
      if (!Object.keys(value.entries).every((line) => lines.has(line))) await mendDay(deps, value)
  })
  await all<CourseDocument>(COURSES, async (docs) => {
    for (const { key, value } of docs) {
      const days = await collections.scan(DAYS, { prefix: `${value.person}/`, limit: 1 })
      if (days.docs.length === 0) await mendCourse(collections, { key, person: value.person })
    }
  })
  progress(0.9)
  await all<YearDocument>(YEARS, async (docs) => {
    for (const { value } of docs) {
      const days = await collections.scan(DAYS, { prefix: `${value.person}/`, limit: 1 })
      if (days.docs.length === 0) await mendYear(deps, value)
    }
  })
  progress(1)
}
