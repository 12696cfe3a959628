import type { RecordLine } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { record } from '../i18n/messages/record.ts'
import { named } from '../i18n/named.ts'
import type { View } from '../view.ts'
import { sourceBadge } from './badge.ts'
import { when } from './when.ts'

/** What came of it, in words: passed, finished, score. Empty when only a visit is known. */
export function outcome(view: View, line: RecordLine): string {
  const say = view.say(record)
  const parts: string[] = []
  if (line.success === true) parts.push(say('passed'))
  else if (line.success === false) parts.push(say('notPassed'))
  else if (line.completed) parts.push(say('completed'))
  const score = scoreOf(view, line)
  if (score) parts.push(score)
  return parts.join(' · ')
}

export function scoreOf(view: View, line: Pick<RecordLine, 'score'>): string | null {
  const { score } = line
  if (!score) return null
  const { number, percent } = view.format
  if (score.raw !== undefined && score.max) {
    return view.say(record)('points', { raw: number(score.raw), max: number(score.max) })
  }
  if (score.scaled !== undefined) return percent(score.scaled)
  return score.raw !== undefined ? number(score.raw) : null
}

/** The name of what was learned, or the best that is known of it. */
export function lineName(view: View, line: Pick<RecordLine, 'activity'>): string {
  return named(line.activity.name, view.language) ?? view.say(record)('unnamed')
}

/** One line of the record: what, when, how it went, how long, and who says so. */
export function recordLine(view: View, line: RecordLine, sourceName: string | undefined): Html {
  const result = outcome(view, line)
  return html`<div class="record-body">
    <a class="record-name cover" href=${`/me/transcript/${encodeURIComponent(line.id)}`}>${lineName(view, line)}</a>
    <div class="record-meta">
      ${when(view, line.at)}
      ${result && html`<b>${result}</b>`}
      ${line.duration !== null && html`<span>${view.format.duration(line.duration)}</span>`}
    </div>
    <div class="record-meta">${sourceBadge(view, { level: line.level, source: sourceName })}</div>
  </div>`
}
