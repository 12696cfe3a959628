import type { FeedStore } from '../../lrs/index.ts'
import { DAYS, dayKey } from '../hours/documents.ts'
import { mendDay, mendDays, mendYears } from '../hours/mend-hours.ts'
import { mendTies } from '../twins/mend.ts'
import { type ChangesDeps, MAX_CHANGES } from './changes.ts'
import { FACTS, isFact, isTelling, type Known, LINES, type LineDocument } from './documents.ts'
import { isWrongLine, mendLine } from './lines-anew.ts'
import { pages } from './pages.ts'
import { type Projector, stepsOf } from './projector.ts'

type Deps = ChangesDeps & { feed: Pick<FeedStore, 'read' | 'end'> }

/** Of damaged records; those that are right are looked at once. */
const MOST_LOOKS = 4

/**
 * Brings every record to what the statements say: reads the feed from zero and writes each fact that differs, takes out
 * facts of no statement, and makes lines and hours the sums of their facts. Nothing is taken apart first: a record is
 * whole all the while, each line as it was or as it is to be, and what is right is not written at all. Safe while
 * everything goes on. What is cut short leaves nothing to finish. `progress` gets steps of about so many; returns the
 * number of entries read.
 */
export async function rebuild(
  deps: Deps,
  projector: Projector,
  progress: (done: number, total: number) => void = () => {},
): Promise<number> {
  const { collections, feed } = deps
  let read = 0
  let before = 0
  for (let position = 0; ; ) {
    const entries = await feed.read(position, MAX_CHANGES)
    const last = entries.at(-1)
    if (!last) break
    await projector.commit(entries.flatMap(stepsOf))
    read += entries.length
    position = last.position
    // What is to come takes about as long again.
    before = Math.max(position, await feed.end())
    progress(position, before * 2)
  }
  const rest = (await collections.count(FACTS)) + (await collections.count(LINES))
  let done = 0
  const step = (count: number) => {
    done += count
    progress(before + done, Math.max(before + rest, before + done))
  }
  await mendFacts(deps, projector, step)
  // What a line is among others is found by its day, and told there: after one of both was wrong both are looked at again.
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const days = await mendDays(deps)
    const lines = await mendLines(deps, step)
    if (days + lines === 0) break
  }
  await mendTies(collections)
  await mendYears(deps)
  return read
}

/** Takes out facts whose statement is gone, and makes the days and lines that a fact lacks. */
async function mendFacts(deps: Deps, projector: Projector, step: (count: number) => void): Promise<void> {
  const { collections, statements } = deps
  for await (const docs of pages<Known>((options) => collections.scan(FACTS, options))) {
    const gone = new Set<string>()
    for (const { key, value } of docs)
      if (isTelling(value) && (await statements.get(key)) === null) gone.add(key)
    await projector.commit([...gone].map((lookAgain) => ({ lookAgain })))
    const facts = docs.flatMap(({ key, value }) => (isFact(value) && !gone.has(key) ? [value] : []))
    const days = new Map(
      facts.flatMap(({ person, days: all }) =>
        (all ?? []).map((day) => [dayKey(person, day), { person, day }]),
      ),
    )
    const knownDays = await collections.getMany(DAYS, [...days.keys()])
    for (const [key, of] of days) if (!knownDays.has(key)) await mendDay(deps, of)
    const lines = new Set(facts.map(({ line }) => line))
    const known = await collections.getMany(LINES, [...lines])
    for (const line of lines) if (!known.has(line)) await mendLine(deps, line)
    step(docs.length)
  }
}

async function mendLines(deps: Deps, step: (count: number) => void): Promise<number> {
  const { collections } = deps
  let mended = 0
  for await (const docs of pages<LineDocument>((options) => collections.scan(LINES, options))) {
    for (const { key } of docs) {
      if (!(await isWrongLine(deps, key))) continue
      await mendLine(deps, key)
      mended++
    }
    step(docs.length)
  }
  return mended
}
