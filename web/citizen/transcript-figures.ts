import { FOUR_H, type H, KINDS, type MappingTopic, UNCOUNTED, type Year } from '../../profiles/index.ts'
import { chart, type Point } from '../components/chart.ts'
import { details } from '../components/details.ts'
import { tabs } from '../components/tabs.ts'
import { type Html, html } from '../html.ts'
import { hWord, kindWord, topicWord } from '../i18n/class.ts'
import { record } from '../i18n/messages/record.ts'
import type { View } from '../view.ts'
import { recordAddress } from './transcript-filter.ts'

/** Topics that have a bar of their own. */
const MOST_BARS = 6

export const total = (of: Readonly<Record<string, number>>) => Object.values(of).reduce((a, b) => a + b, 0)
export const lasting = (view: View, minutes: number) => view.format.duration(minutes * 60_000)

/** One year in figures: all are kept with the record, none is computed when it is read. */
export function yearFigures(
  view: View,
  props: { year: Year; years: readonly Year[]; topics: readonly MappingTopic[] },
): Html {
  const say = view.say(record)
  const { year, years, topics } = props
  const { sums } = year
  const minutes = total(sums.minutes)
  return html`<section class="stack">
    <h2>${say('yearTitle', { year: String(year.year) })}</h2>
    ${years.length > 1 && yearLinks(view, year, years)}
    <p>${
      minutes > 0
        ? html`<strong class="lead">${lasting(view, minutes)}</strong> ${say('yearLines', { count: total(year.lines) })}`
        : say('yearNoHours', { count: total(year.lines) })
    }</p>
    ${
      minutes > 0 &&
      html`${balance(view, year)}
        ${chart(view, {
          kind: 'bars',
          title: say('chartTopics'),
          labels: [say('filterTopic'), say('time')],
          points: topicPoints(view, year, topics),
        })}
        ${details({
          summary: say('chartMore'),
          body: html`<div class="stack">
            ${chart(view, {
              kind: 'columns',
              title: say('chartMonths'),
              labels: [say('filterMonth'), say('time')],
              points: monthPoints(view, year),
            })}
            ${chart(view, {
              kind: 'bars',
              title: say('chartKinds'),
              labels: [say('filterKind'), say('time')],
              points: [...KINDS, null].flatMap((kind) =>
                pointOf(view, kindWord(view, kind), sums.kind[kind ?? '']),
              ),
            })}
            ${chart(view, {
              kind: 'bars',
              title: say('chartLevels'),
              labels: [say('lineSource'), say('time')],
              points: (['van-bang', 'xac-nhan', 'he-thong', 'tu-khai'] as const).flatMap((level) =>
                pointOf(view, say(`level-${level}`), sums.level[level]),
              ),
            })}
          </div>`,
        })}`
    }
    ${aside(view, year)}
  </section>`
}

function yearLinks(view: View, { year }: Year, years: readonly Year[]): Html {
  return tabs({
    label: view.say(record)('years'),
    items: years.map((each) => ({
      href: recordAddress({ year: String(each.year) }),
      label: String(each.year),
      current: each.year === year,
    })),
  })
}

/** Học, Hỏi, Hiểu, Hành, in their order; what no table names stands beside, for it is no fifth H. */
function balance(view: View, { sums }: Year): Html {
  const say = view.say(record)
  const none = sums.h[''] ?? 0
  const points = FOUR_H.map((h: H) => {
    const value = sums.h[h] ?? 0
    return { label: hWord(view, h), value, shown: value > 0 ? lasting(view, value) : say('noTime') }
  })
  return html`${chart(view, { kind: 'share', title: say('chartH'), labels: ['H', say('time')], points })}
    ${none > 0 && html`<p class="muted small">${say('noH', { time: lasting(view, none) })}</p>`}`
}

function topicPoints(view: View, { sums }: Year, topics: readonly MappingTopic[]): Point[] {
  const say = view.say(record)
  const byName = new Map<string, number>()
  for (const [id, minutes] of Object.entries(sums.topic)) {
    const name = topicWord(view, topics, id || null)
    byName.set(name, (byName.get(name) ?? 0) + minutes)
  }
  const sorted = [...byName].sort(([, a], [, b]) => b - a)
  const others = sorted.slice(MOST_BARS).reduce((sum, [, minutes]) => sum + minutes, 0)
  return [
    ...sorted.slice(0, MOST_BARS).flatMap(([name, minutes]) => pointOf(view, name, minutes)),
    ...pointOf(view, say('otherTopics'), others),
  ]
}

function monthPoints(view: View, { sums }: Year): Point[] {
  return Array.from({ length: 12 }, (_, at) => {
    const value = sums.minutes[at + 1] ?? 0
    return {
      label: String(at + 1),
      value,
      shown: value > 0 ? lasting(view, value) : view.say(record)('noTime'),
    }
  })
}

function pointOf(view: View, label: string, value: number | undefined): Point[] {
  return value ? [{ label, value, shown: lasting(view, value) }] : []
}

/** What is not counted, and why; and what is estimated. */
function aside(view: View, { sums }: Year): Html {
  const say = view.say(record)
  const reasons = UNCOUNTED.filter((reason) => sums.aside[reason])
  const estimated = sums.aside.estimated ?? 0
  if (reasons.length === 0 && estimated === 0) return null
  return details({
    summary: say('notCounted'),
    body: html`<div class="stack tight">
      <p class="muted">${say('notCountedLead')}</p>
      <ul>
        ${reasons.map((reason) => html`<li>${say(`not-${reason}`, { time: lasting(view, sums.aside[reason] ?? 0) })}</li>`)}
        ${estimated > 0 && html`<li>${say('estimated', { time: lasting(view, estimated) })}</li>`}
      </ul>
    </div>`,
  })
}
