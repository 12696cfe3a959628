import type { RecordLine } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { activityWords } from '../i18n/activity-words.ts'
import { H_SHAPE, hWord, kindWord } from '../i18n/class.ts'
import { record } from '../i18n/messages/record.ts'
import { named } from '../i18n/named.ts'
import { verbName } from '../i18n/verbs.ts'
import type { View } from '../view.ts'
import { badge, sourceBadge } from './badge.ts'
import { when } from './when.ts'

type Result = Pick<RecordLine, 'success' | 'completed' | 'score' | 'taken'>

/** What came of it, in words: passed, finished, score. Empty when only a visit is known. */
export function outcome(view: View, line: Result): string {
  const say = view.say(record)
  if (line.taken === 'practice') return practised(view, line)
  const parts: string[] = []
  if (line.success === true) parts.push(say(line.taken === 'assessed' ? 'passedAssessed' : 'passed'))
  else if (line.success === false) parts.push(say('notPassed'))
  else if (line.completed) parts.push(say('completed'))
  const score = scoreOf(view, line)
  if (score) parts.push(line.score?.raw === undefined ? score : say('points', { score }))
  return parts.join(' · ')
}

/** Of practice a score is told as what it is, and no judgement. */
function practised(view: View, line: Result): string {
  const say = view.say(record)
  const score = scoreOf(view, line)
  const points = line.score?.raw === undefined ? score : say('points', { score: score ?? '' })
  const parts = [line.completed && say('completed'), score && say('practice', { score: points ?? '' })]
  return parts.filter(Boolean).join(' · ')
}

/** "8/10" as it was given; a share ("80%") only where no points are known. */
export function scoreOf(view: View, { score }: Pick<RecordLine, 'score'>): string | null {
  if (!score) return null
  const { number, percent } = view.format
  if (score.raw !== undefined)
    return score.max ? `${number(score.raw)}/${number(score.max)}` : number(score.raw)
  return score.scaled === undefined ? null : percent(score.scaled)
}

/** "1 giờ 20 phút"; nothing for less than a second, which says nothing of learning. */
export function timeSpent(view: View, { duration }: Pick<RecordLine, 'duration'>): string | null {
  return duration !== null && duration >= 1000 ? view.format.duration(duration) : null
}

/** What was done, where no result tells it. */
export function lineVerb(view: View, line: Pick<RecordLine, 'verb'>): string {
  return verbName(line.verb, view.language) ?? view.say(record)('verbUnknown')
}

/** The name of what was learned, or the best that is known of it. */
export function lineName(view: View, line: Pick<RecordLine, 'activity'>): string {
  const name = named(line.activity.name, view.language)
  if (name) return name
  const known = activityWords(line.activity.id)
  if (!known) return view.say(record)('unnamed')
  return 'words' in known
    ? known.words.charAt(0).toLocaleUpperCase(view.language) + known.words.slice(1)
    : view.say(record)('unnamedAt', { host: known.host })
}

/** Who says so, with their levels, the weightiest first: one source as a rule. */
export function saidBy(line: RecordLine): readonly Pick<RecordLine, 'level' | 'source'>[] {
  return line.tellers ?? [line]
}

/** One line of the record: what, when, how it went, how long, and who says so. */
export function recordLine(
  view: View,
  line: RecordLine,
  sourceName: string | undefined,
  nameOf: (of: Pick<RecordLine, 'source'>) => string | undefined = () => undefined,
  marks: readonly string[] = [],
  notes: readonly string[] = [],
): Html {
  const result = outcome(view, line)
  const spent = timeSpent(view, line)
  return html`<div class="record-body">
    <a class="record-name cover" href=${`/me/transcript/${encodeURIComponent(line.id)}`}>${lineName(view, line)}</a>
    <div class="record-meta">
      ${when(view, line.at)}
      ${line.misdated && html`<span>${view.say(record)('misdated')}</span>`}
      ${result ? html`<b>${result}</b>` : html`<span>${lineVerb(view, line)}</span>`}
      ${spent && html`<span>${spent}</span>`}
    </div>
    ${notes.length > 0 && html`<div class="record-meta">${notes.map((note) => html`<span>${note}</span>`)}</div>`}
    <div class="record-meta">
      ${sourceBadge(view, { level: line.level, source: sourceName })}
      ${saidBy(line)
        .slice(1)
        .map((one) => html`<span>${sourceBadge(view, { level: one.level, source: nameOf(one) })}</span>`)}
      ${line.h && html`<span><span aria-hidden="true">${H_SHAPE[line.h]} </span>${hWord(view, line.h)}</span>`}
      ${line.kind && html`<span>${kindWord(view, line.kind)}</span>`}
      ${marks.map((label) => badge(view, { label, tone: 'waiting' }))}
    </div>
  </div>`
}
