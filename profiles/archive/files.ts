import { cellOf } from '../csv.ts'
import type { RecordLine } from '../types.ts'

/** One file of an archive: what it holds in the reader's words, and its pieces. */
export interface ArchiveFile {
  name: string
  about: { vi: string; en: string }
  /** Each item is told by `count` before its text. */
  pieces(count: () => Promise<void>): AsyncIterable<string | Uint8Array>
}

/** A JSON array that grows piece by piece. */
export async function* jsonArray(
  items: AsyncIterable<unknown>,
  count: () => Promise<void>,
): AsyncIterable<string> {
  let begun = false
  for await (const item of items) {
    await count()
    yield `${begun ? ',' : '['}\n${JSON.stringify(item)}`
    begun = true
  }
  yield begun ? '\n]\n' : '[]\n'
}

export async function* json(value: unknown): AsyncIterable<string> {
  yield `${JSON.stringify(value, null, 2)}\n`
}

const COLUMNS = [
  ['ngày', 'date'],
  ['nội dung', 'what'],
  ['loại', 'kind'],
  ['chủ đề', 'topic'],
  ['học hỏi hiểu hành', 'four H'],
  ['kết quả', 'result'],
  ['điểm', 'score'],
  ['cách làm bài', 'practice or assessed'],
  ['phút', 'minutes'],
  ['nguồn', 'source'],
  ['tổ chức', 'organisation'],
  ['mức', 'level'],
  ['mã', 'id'],
] as const

export type TellerName = (source: string) => { name: string; organisation: string | null } | undefined

/** The record as a table; its first row names the columns in both languages. */
export async function* csv(
  lines: AsyncIterable<RecordLine>,
  tellerName: TellerName,
  count: () => Promise<void>,
): AsyncIterable<string> {
  // The mark by which spreadsheet programs know UTF-8.
  yield `\ufeff${COLUMNS.map(([vi, en]) => cellOf(`${vi} / ${en}`)).join(',')}\r\n`
  for await (const line of lines) {
    await count()
    yield `${cellsOf(line, tellerName).map(cellOf).join(',')}\r\n`
  }
}

function cellsOf(line: RecordLine, tellerName: TellerName): string[] {
  const { activity, score, completed, duration, taken = '' } = line
  // A score of practice is no judgement.
  const success = taken === 'practice' ? null : line.success
  const name = activity.name.vi ?? activity.name.en ?? Object.values(activity.name)[0] ?? activity.id
  const result = success === true ? 'passed' : success === false ? 'failed' : completed ? 'completed' : ''
  const sources = (line.tellers ?? [line]).map(({ source }) => source)
  const points =
    score?.raw !== undefined
      ? `${score.raw}${score.max === undefined ? '' : `/${score.max}`}`
      : score?.scaled === undefined
        ? ''
        : String(score.scaled)
  return [
    new Date(line.at).toISOString(),
    name,
    line.kind ?? '',
    line.topic ?? '',
    line.h ?? '',
    result,
    points,
    taken,
    duration === null ? '' : String(Math.round(duration / 60_000)),
    listed(sources.map((source) => tellerName(source)?.name ?? source)),
    listed(sources.flatMap((source) => tellerName(source)?.organisation ?? [])),
    line.level,
    line.id,
  ]
}

const listed = (words: readonly string[]) => [...new Set(words)].join('; ')
