import type { Level, RecordLine } from '../../profiles/index.ts'
import { sourceBadge } from '../components/badge.ts'
import { timeline } from '../components/timeline.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { part } from './part.ts'

const LEVELS: readonly Level[] = ['tu-khai', 'xac-nhan', 'he-thong', 'van-bang']

export function recordParts(view: View): Html {
  return html`${part(
    'source badge',
    html`<div class="row">${LEVELS.map((level) => html`<span class="row">${sourceBadge(view, { level, source: 'Nơi ghi' })}</span>`)}</div>`,
  )}
  ${part('record line, timeline', timeline(view, { lines: sample(), sourceName: (line) => line.source, fromToday: true, level: 3 }))}`
}

function sample(): RecordLine[] {
  const base: Omit<RecordLine, 'id' | 'at' | 'activity' | 'level'> = {
    person: 'p',
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: {} },
    score: null,
    success: null,
    completed: false,
    kind: null,
    h: null,
    topic: null,
    attempts: null,
    duration: null,
    source: 'TTHTCĐ xã Mẫu',
    statements: [],
    statementCount: 1,
  }
  const now = Date.now()
  const at = (days: number) => now - days * 86_400_000
  const named = (vi: string) => ({ id: 'https://example.org/a', name: { vi }, type: null })
  return [
    {
      ...base,
      id: '1',
      at: at(0),
      level: 'he-thong',
      activity: named('Phân loại rác tại nhà'),
      success: true,
      score: { raw: 8, max: 10 },
      duration: 4_800_000,
    },
    { ...base, id: '2', at: at(1), level: 'tu-khai', activity: { ...named(''), name: {} } },
    {
      ...base,
      id: '3',
      at: at(40),
      level: 'xac-nhan',
      activity: named('Ủ phân hữu cơ từ rác nhà bếp và phụ phẩm nông nghiệp cho vườn nhỏ'),
      completed: true,
      duration: 5_400_000,
    },
    {
      ...base,
      id: '4',
      at: at(400),
      level: 'van-bang',
      activity: named('Tiếng Anh A2'),
      success: false,
      score: { scaled: 0.455 },
    },
  ]
}
