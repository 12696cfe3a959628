import { coursesOf, keysOf } from '../courses/names.ts'
import type { Tally } from '../projection/tally.ts'
import { lineOf } from '../projection/tally.ts'
import type { LineTeller, RecordLine } from '../types.ts'
import { TWINS } from './rules.ts'

/** Statements named of each. */
const MOST_STATEMENTS = 50

/** What a line is among those that may tell of the same thing; absent where there are none. */
export interface LineTwins {
  /** Lines that it may be the same as, in order. It stands in the documents of both. */
  near: string[]
  /** The line that is shown in its place. */
  shownAs?: string
  /** What the lines that it is shown for tell, in the order in which they are believed. */
  tellers?: KeptTeller[]
}

/** With what its line goes by, and the courses that it belongs to (courses/names.ts). */
export interface KeptTeller extends LineTeller {
  names?: string[]
  courses?: string[]
}

type Line = Omit<RecordLine, 'kind' | 'h' | 'topic'>

/** Null for a line of noise, which tells nothing. */
export function tellerOf(tally: Tally): KeptTeller | null {
  const line = lineOf(tally)
  return line && { ...ownTeller(line), names: keysOf(tally), courses: coursesOf(tally) }
}

function ownTeller(line: Line): LineTeller {
  const { id, activity, statements, at, verb, score, success, completed, duration } = line
  return {
    line: id,
    at,
    activity: { id: activity.id, name: activity.name },
    verb,
    score,
    success,
    completed,
    duration,
    source: line.source,
    level: line.level,
    ...(line.taken && { taken: line.taken }),
    statements: statements.slice(-MOST_STATEMENTS),
    statementCount: line.statementCount,
  }
}

/** A line with what others tell of it, where it says nothing itself and they may lend it theirs. */
export function withTellers<T extends Line>(line: T, others: readonly KeptTeller[] | undefined): T {
  if (!others || others.length === 0) return line
  const lending = others.filter(
    ({ level }) => level === line.level || (TWINS.lends as readonly string[]).includes(level),
  )
  const told = [line, ...lending]
  return {
    ...line,
    score: told.find(({ score }) => score !== null)?.score ?? null,
    success: told.find(({ success }) => success !== null)?.success ?? null,
    completed: line.completed || lending.some(({ completed }) => completed),
    duration: line.duration ?? others.find(({ duration }) => duration !== null)?.duration ?? null,
    tellers: [ownTeller(line), ...others.map(({ names: _, courses: __, ...teller }) => teller)],
  }
}
