import type { Uncounted } from '../hours/rules.ts'
import type { Sums } from '../hours/sums.ts'
import type { Class } from '../mapping/classify.ts'
import type { H, Kind } from '../mapping/tables.ts'
import type { PersonId } from '../types.ts'
import type { Taken } from './taken.ts'
import type { Misdated } from './time.ts'

export type Level = 'tu-khai' | 'xac-nhan' | 'he-thong' | 'van-bang'

/** One line of the record: an attempt at, or a visit to, one activity. Folded from one or more statements. */
export interface RecordLine extends Class {
  id: string
  person: PersonId
  /** Latest event, ms; month is that of Asia/Ho_Chi_Minh. */
  at: number
  activity: { id: string; name: Record<string, string>; type: string | null }
  /** What was done, as the strongest verb seen: IRI and its display. */
  verb: { id: string; display: Record<string, string> }
  score: { scaled?: number; raw?: number; max?: number } | null
  success: boolean | null
  completed: boolean
  /** How often it was gone at (`most`: so often at least), with the best and the last result; null unless several times. */
  attempts: {
    count: number
    most: boolean
    best: RecordLine['score']
    last: RecordLine['score']
    lastSuccess: boolean | null
  } | null
  /** Milliseconds. */
  duration: number | null
  source: string
  level: Level
  /** How a lesson of the product was taken: only an assessed pass is a judgement. Absent: it is none. */
  taken?: Taken
  /** Why a time that was told is not believed, and `at` is when it was stored; absent: nothing is wrong with it. */
  misdated?: Misdated
  /** Several sources told of it: what each said, the line's own first; absent: one source alone did. */
  tellers?: LineTeller[]
  /** Ids of the statements behind it, oldest first, at most 200 named. */
  statements: string[]
  statementCount: number
}

/** What a line is among courses and their parts. */
export interface CoursePlace {
  /** How many lines say that they belong to it. */
  parts: number
  /** The newest line of each course that it belongs to. */
  courses: { line: string; activity: RecordLine['activity'] }[]
}

/** What one of several sources told of the same thing. `line` is the line of that source alone; only the first one's is shown. */
export interface LineTeller
  extends Pick<
    RecordLine,
    | 'at'
    | 'verb'
    | 'score'
    | 'success'
    | 'completed'
    | 'duration'
    | 'source'
    | 'level'
    | 'taken'
    | 'statementCount'
  > {
  line: string
  activity: { id: string; name: Record<string, string> }
  /** The newest, oldest first; at most 50 named. */
  statements: string[]
}

/** All of it must fit. `null` is what no table names. */
export interface LineFilter {
  topic?: string | null
  /** One of these. */
  topics?: readonly (string | null)[]
  kind?: Kind | null
  h?: H | null
  source?: string
  /** One of these, those of an organisation say. */
  sources?: readonly string[]
  level?: Level
  year?: number
  /** 1 to 12, of the year. */
  month?: number
  /** Whole words of the name, with or without diacritics; the last one may be the beginning of a word. */
  words?: string
}

/** Shows nothing of a person who did not agree to have a record, from the moment they said so. */
export interface Transcript {
  /** Newest first; with a filter perhaps fewer than `limit` although there is a `next`. */
  lines(
    person: PersonId,
    options: { after?: string; limit: number; filter?: LineFilter },
  ): Promise<{ lines: RecordLine[]; next: string | null }>
  line(person: PersonId, id: string): Promise<RecordLine | null>
  /**
   * Of lines of a page as just read: what they are among courses and their parts. Of several only courses by kind have
   * their parts counted. Empty while something is being taken out.
   */
  courses(person: PersonId, lines: readonly string[]): Promise<Map<string, CoursePlace>>
  /** What was begun within a year and not finished, the newest first, but for some lines. */
  goingOn(
    person: PersonId,
    options: { limit: number; now: number; leaveOut: (line: RecordLine) => boolean },
  ): Promise<RecordLine[]>
  /** The parts of a course, the oldest first. */
  parts(
    person: PersonId,
    line: string,
    options: { after?: string; limit: number },
  ): Promise<{ lines: RecordLine[]; next: string | null }>
  /** What these lines, each of one source, show by themselves: nothing that came to tell of the same thing joins. */
  entries(person: PersonId, lines: readonly string[]): Promise<RecordLine[]>
  /** Null while something is being taken out: what is counted still holds it. */
  count(person: PersonId): Promise<number | null>
  /** Hours by year, the newest first, and how many lines each month has; null as above. */
  years(person: PersonId): Promise<Year[] | null>
  /** Minutes that count of the seven local days up to this time, ms; null as above. */
  week(person: PersonId, until: number): Promise<number | null>
  /** What of a line's time counts, over its newest days (`more`: there are others), and what does not; null as above. */
  hoursOf(line: RecordLine): Promise<LineHours | null>
  /**
   * All statements behind a line as just read, of one who tells of it (`of`: the id of that line), the newest first; while
   * something is being taken out those that the line names.
   */
  statementsOf(
    line: RecordLine,
    of: string,
    options: { after?: string; limit: number },
  ): Promise<{ statements: string[]; next: string | null }>
}

/** A year of a person; minutes by '1' to '12', and by topic, kind, H and level, '' for what no table names. */
export interface Year {
  year: number
  sums: Sums
  /** Lines by month. */
  lines: Record<string, number>
}

/** Minutes. */
export interface LineHours {
  counted: number
  /** Of those that count, by no duration that was told. */
  estimated: number
  uncounted: Partial<Record<Uncounted, number>>
  more: boolean
}
