import type { Level, MappingTopic, RecordLine, Year } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { checkbox, checkboxes } from '../components/choice.ts'
import { details } from '../components/details.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { lineName, lineVerb, outcome, saidBy, timeSpent } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { topicWord } from '../i18n/class.ts'
import { civil } from '../i18n/format.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { print } from '../i18n/messages/print.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import { viewerOf } from '../page.ts'
import type { View } from '../view.ts'
import { lasting, total } from './transcript-figures.ts'

/** More would be a book. */
export const MOST_PRINTED = 2_000
const LEVELS: readonly Level[] = ['tu-khai', 'xac-nhan', 'he-thong', 'van-bang']

export interface Chosen {
  /** Newest first; none: all. */
  years: readonly number[]
  /** Null is what no table names; none: all. */
  topics: readonly (string | null)[]
  /** With what is hidden from shares. */
  hidden: boolean
}

export interface Printed {
  lines: readonly RecordLine[]
  /** There are more than are printed. */
  isCut: boolean
  /** What is being looked at, and since when (ms). */
  disputed: ReadonlyMap<string, number>
}

interface Props extends Printed {
  chosen: Chosen
  /** Null while they are counted anew. */
  years: readonly Year[] | null
  topics: readonly MappingTopic[]
  source(id: string): string | undefined
}

/** On the screen the choice stands above the document; on paper the document alone. */
export function printPage(view: View, props: Props): Html {
  const say = view.say(print)
  return citizenPage(view, {
    title: say('title'),
    sheets: ['record-print.css', '/me/record/print.css'],
    body: html`<div class="stack loose">
      <div class="stack screen-only">
        ${heading(view, {
          title: say('title'),
          lead: say('lead'),
          back: { href: '/me/transcript', label: view.say(record)('backToRecord') },
        })}
        ${choiceForm(view, props)}
      </div>
      ${paper(view, props)}
    </div>`,
  })
}

function choiceForm(view: View, { chosen, years, topics }: Props): Html {
  const say = view.say(print)
  const body = html`<form class="form" method="get" action="/me/record/print">
    ${checkboxes(view, {
      name: 'year',
      label: say('years'),
      help: say('allHelp'),
      options: (years ?? []).map(({ year }) => ({ value: String(year), label: String(year) })),
      values: chosen.years.map(String),
    })}
    ${checkboxes(view, {
      name: 'topic',
      label: say('topics'),
      options: [
        ...topics.map((topic) => ({ value: topic.id, label: topic[view.language] })),
        { value: 'none', label: view.say(record)('unclassified') },
      ],
      values: chosen.topics.map((topic) => topic ?? 'none'),
    })}
    ${checkbox(view, { name: 'hidden', label: say('hidden'), checked: chosen.hidden })}
    <div class="row">${button(view, { label: say('apply'), kind: 'primary' })}</div>
  </form>`
  return details({ summary: say('choose'), body })
}

function paper(view: View, props: Props): Html {
  const say = view.say(print)
  const { chosen, lines } = props
  const rows: [string, string][] = [
    [say('of'), viewerOf(view).name],
    [say('keptBy'), view.tenantName],
    [say('printed'), view.format.date(Date.now())],
    [say('chosenYears'), chosen.years.join(', ') || say('all')],
    [
      say('chosenTopics'),
      chosen.topics.map((id) => topicWord(view, props.topics, id)).join(', ') || say('all'),
    ],
    [say('count'), view.format.number(lines.length)],
  ]
  const levels = new Set(lines.flatMap(saidBy).map(({ level }) => level))
  return html`<article class="paper">
    <h2 class="paper-title">${say('document')}</h2>
    <table class="paper-facts"><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>
    ${props.isCut && notice(view, { tone: 'warning', body: say('cut', { most: lines.length }) })}
    ${chosen.hidden && html`<p>${say('privately')}</p>`}
    ${!props.years && notice(view, { tone: 'warning', body: view.say(record)('countingAnew') })}
    ${props.years && lines.length === 0 && html`<p>${say('none')}</p>`}
    ${
      levels.size > 0 &&
      html`<h3>${say('levels')}</h3>
        <ul>${LEVELS.filter((level) => levels.has(level)).map(
          (level) =>
            html`<li><b>${view.say(record)(`level-${level}`)}</b>: ${view.say(record)(`level-${level}-long`)}</li>`,
        )}</ul>`
    }
    ${lines.length > 0 && hours(view, props)}
    ${byYear(lines).map(([year, some]) => yearOf(view, props, year, some))}
    ${lines.length > 0 && html`<p class="paper-note">${say('notACredential')}</p>`}
  </article>`
}

/** Minutes as they are kept with the record, of what was chosen. */
function hours(view: View, { chosen, years, topics }: Props): Html {
  const say = view.say(print)
  const rows = (years ?? [])
    .filter(({ year }) => chosen.years.length === 0 || chosen.years.includes(year))
    .flatMap(({ year, sums }) => {
      const some = Object.entries(sums.topic)
        .filter(([id]) => chosen.topics.length === 0 || chosen.topics.includes(id || null))
        .sort(([, a], [, b]) => b - a)
        .map(([id, minutes]) => ({ year: '', topic: topicWord(view, topics, id || null), minutes }))
      const minutes = total(sums.minutes)
      const whole = { year: String(year), topic: say('total'), minutes }
      return minutes === 0
        ? []
        : chosen.topics.length === 0
          ? [whole, ...some]
          : some.map((each, at) => ({ ...each, year: at === 0 ? String(year) : '' }))
    })
  return html`<h3>${say('hours')}</h3>
    ${
      rows.length === 0
        ? html`<p>${say('hoursNone')}</p>`
        : html`<table class="paper-table">
            <thead><tr><th scope="col">${say('years')}</th><th scope="col">${say('topics')}</th><th scope="col">${say('columnTime')}</th></tr></thead>
            <tbody>${rows.map(({ year, topic, minutes }) => html`<tr><td>${year}</td><td>${year && topic === say('total') ? html`<b>${topic}</b>` : topic}</td><td>${lasting(view, minutes)}</td></tr>`)}</tbody>
          </table>
          <p class="paper-note">${say('hoursNote')}</p>`
    }`
}

function byYear(lines: readonly RecordLine[]): [number, RecordLine[]][] {
  const years = new Map<number, RecordLine[]>()
  for (const line of lines) {
    const { year } = civil(line.at)
    years.set(year, [...(years.get(year) ?? []), line])
  }
  return [...years]
}

function yearOf(view: View, { disputed, source }: Props, year: number, lines: readonly RecordLine[]): Html {
  const say = view.say(print)
  const level = view.say(record)
  const said = (line: RecordLine) =>
    saidBy(line)
      .map((one) => `${level(`level-${one.level}`)}: ${source(one.source) ?? one.source}`)
      .join('; ')
  return html`<h3>${year}</h3>
    <table class="paper-table">
      <thead><tr><th scope="col">${say('columnDay')}</th><th scope="col">${say('columnWhat')}</th><th scope="col">${say('columnResult')}</th><th scope="col">${say('columnTime')}</th><th scope="col">${say('columnSource')}</th></tr></thead>
      <tbody>${lines.map((line) => {
        const since = disputed.get(line.id)
        const marked = since && view.say(disputes)('beingLookedSince', { date: view.format.date(since) })
        return html`<tr><td>${view.format.date(line.at)}</td><td>${lineName(view, line)}${marked && html` <i>(${marked})</i>`}</td><td>${outcome(view, line) || lineVerb(view, line)}</td><td>${timeSpent(view, line)}</td><td>${said(line)}</td></tr>`
      })}</tbody>
    </table>`
}
