import { foldedWords } from '../../lrs/index.ts'
import type { LineFilter, RecordLine, Transcript, Year } from '../../profiles/index.ts'
import { civil } from '../i18n/format.ts'

/** A record of lines in memory: hours are what the lines say, without looking for what overlaps. */
export function fakeTranscript(
  lines: readonly RecordLine[],
  hasRecord: (person: string) => boolean,
): Transcript {
  const of = (person: string) => lines.filter((line) => line.person === person && hasRecord(person))
  return {
    async lines(person, { after, limit, filter = {} }) {
      const own = of(person).filter((line) => fits(line, filter))
      const start = Number(after ?? 0)
      const end = start + limit
      return { lines: own.slice(start, end), next: end < own.length ? String(end) : null }
    },
    line: async (person, id) =>
      of(person).find((line) => line.id === id || line.tellers?.some((one) => one.line === id)) ?? null,
    async courses(person, ids) {
      const own = of(person)
      const course = own.find(({ kind }) => kind === 'course')
      return new Map(
        own
          .filter(({ id }) => ids.includes(id))
          .map((line) => [
            line.id,
            {
              parts: line === course ? partsIn(own).length : 0,
              courses:
                course && partsIn(own).includes(line) ? [{ line: course.id, activity: course.activity }] : [],
            },
          ]),
      )
    },
    goingOn: async (person, { limit, leaveOut }) =>
      of(person)
        .filter((line) => !line.completed && line.success === null && !leaveOut(line))
        .slice(0, limit),
    async parts(person, id, { limit }) {
      const own = of(person)
      const isCourse = own.find(({ kind }) => kind === 'course')?.id === id
      return { lines: isCourse ? partsIn(own).slice(0, limit) : [], next: null }
    },
    entries: async (person, members) =>
      of(person).filter(({ id, tellers = [] }) =>
        [id, ...tellers.map(({ line }) => line)].some((one) => members.includes(one)),
      ),
    count: async (person) => of(person).length,
    async years(person) {
      const years = new Map<number, Year>()
      for (const line of of(person)) {
        const { year, month } = civil(line.at)
        const sums = { minutes: {}, topic: {}, kind: {}, h: {}, level: {}, aside: {} }
        const one: Year = years.get(year) ?? { year, sums, lines: {} }
        years.set(year, one)
        one.lines[month] = (one.lines[month] ?? 0) + 1
        const minutes = Math.round((line.duration ?? 0) / 60_000)
        const more = (to: Record<string, number>, key: string | null) => {
          if (minutes > 0) to[key ?? ''] = (to[key ?? ''] ?? 0) + minutes
        }
        more(one.sums.minutes, String(month))
        more(one.sums.topic, line.topic)
        more(one.sums.kind, line.kind)
        more(one.sums.h, line.h)
        more(one.sums.level, line.level)
        one.sums.aside = { overlap: 95, limit: 30, estimated: 40 }
      }
      return [...years.values()]
    },
    async statementsOf(line, of, { after, limit }) {
      const told = (line.tellers ?? [{ ...line, line: line.id }]).find((one) => one.line === of)
      const all = told?.statements.toReversed() ?? []
      const start = Number(after ?? 0)
      const end = start + limit
      return { statements: all.slice(start, end), next: end < all.length ? String(end) : null }
    },
    week: async (person, until) =>
      of(person)
        .filter(({ at }) => at > until - 7 * 86_400_000)
        .reduce((sum, { duration }) => sum + Math.round((duration ?? 0) / 60_000), 0),
    async hoursOf({ duration }) {
      const counted = Math.round((duration ?? 0) / 60_000)
      return { counted, estimated: 0, uncounted: counted > 60 ? { overlap: 20 } : {}, more: false }
    },
  }
}

/** Of the first course: some tests, the oldest first. */
const partsIn = (lines: readonly RecordLine[]) =>
  lines
    .filter(({ kind }) => kind === 'test')
    .slice(0, 12)
    .reverse()

function fits(line: RecordLine, { words, sources, topics, year, month, ...named }: LineFilter): boolean {
  const at = civil(line.at)
  const folded = foldedWords(Object.values(line.activity.name).join(' '))
  return (
    (Object.entries(named) as [keyof typeof named, string | null][]).every(
      ([name, value]) => line[name] === value,
    ) &&
    (sources?.includes(line.source) ?? true) &&
    (topics?.includes(line.topic) ?? true) &&
    (year === undefined || at.year === year) &&
    (month === undefined || at.month === month) &&
    foldedWords(words ?? '').every((word) => folded.some((each) => each.startsWith(word)))
  )
}
