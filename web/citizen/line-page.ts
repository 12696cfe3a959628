import {
  type Certificate,
  type CoursePlace,
  type DiaryEntry,
  type Evidence,
  type LineHours,
  type MappingTopic,
  type RecordLine,
  UNCOUNTED,
} from '../../profiles/index.ts'
import { sourceBadge } from '../components/badge.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { lineName, lineVerb, outcome, scoreOf, timeSpent } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { H_SHAPE, hWord, kindWord, topicWord } from '../i18n/class.ts'
import { certificates } from '../i18n/messages/certificates.ts'
import { diary } from '../i18n/messages/diary.ts'
import { record } from '../i18n/messages/record.ts'
import { shares } from '../i18n/messages/shares.ts'
import { citizenPage } from '../layout.ts'
import type { View } from '../view.ts'
import { courseLinks, partSection } from './course-parts.ts'
import { type Standing, standingNotice, standingSection } from './dispute-section.ts'
import { type Event, eventList } from './events.ts'
import { evidenceSection } from './evidence-section.ts'
import { allEventsLinks } from './line-events.ts'
import { type SourceName, splitNotices, tellerSection } from './tellers.ts'
import { certificateAddress, diaryAddress } from './told-place.ts'
import { lasting } from './transcript-figures.ts'

/** One line and what stands behind it, in plain words first. */
export function linePage(
  view: View,
  props: {
    line: RecordLine
    source: SourceName
    events: readonly Event[]
    hours: LineHours | null
    topics: readonly MappingTopic[]
    /** Lines that its person split from this one. */
    splits: Parameters<typeof splitNotices>[2]
    /** What centres said of it. */
    confirmations: Html
    /** What its person told of it themselves. */
    told: { entry: DiaryEntry } | { certificate: Certificate } | null
    /** Photos and files behind that. */
    files: readonly Evidence[]
    standing: Standing
    /** Its source tells what people say of themselves. */
    isOwnWord: boolean
    place: CoursePlace | undefined
    /** The first parts, where it is a course. */
    parts: readonly RecordLine[]
  },
): Html {
  const say = view.say(record)
  const { line } = props
  const source = props.source(line.source)
  const count = (line.tellers ?? [line]).reduce((sum, { statementCount }) => sum + statementCount, 0)
  const score = scoreOf(view, line)
  const result = outcome(view, { ...line, score: null })
  const rows: [string, Html][] = [
    [
      say('lineWhen'),
      html`<time datetime=${new Date(line.at).toISOString()}>${view.format.dateTime(line.at)}</time>
        ${line.misdated && html`<div class="muted small">${say(`misdated-${line.misdated}`)}</div>`}`,
    ],
  ]
  // What came of it tells what was done; only where nothing came of it the reader asks.
  if (!result) rows.push([say('lineDone'), lineVerb(view, line)])
  if (result || !score) rows.push([say('lineResult'), result || say('lineNone')])
  if (score)
    rows.push([say('lineScore'), line.taken === 'practice' ? say('practiceScore', { score }) : score])
  if (line.attempts) rows.push([say('lineAttempts'), attemptWords(view, line.attempts)])
  if (props.told && 'certificate' in props.told) rows.push(...certificateRows(view, props.told.certificate))
  const courses = courseLinks(view, props.place)
  if (courses) rows.push([say('lineCourse'), courses])
  const spent = timeSpent(view, line)
  if (spent) rows.push([say('lineDuration'), spent])
  const counted = props.hours && hourWords(view, props.hours)
  if (counted) rows.push([say('lineCounted'), counted])
  rows.push(
    [say('filterTopic'), topicWord(view, props.topics, line.topic)],
    [say('filterKind'), kindWord(view, line.kind)],
    ['H', html`${line.h && html`<span aria-hidden="true">${H_SHAPE[line.h]} </span>`}${hWord(view, line.h)}`],
    [
      say('lineSource'),
      html`<span class="row">${sourceBadge(view, { level: line.level, source })}</span>
        <span class="muted small">${say(`level-${line.level}-long`)}</span>`,
    ],
  )
  return citizenPage(view, {
    title: lineName(view, line),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: lineName(view, line),
          back: { href: '/me/transcript', label: say('backToRecord') },
        })}
        ${standingNotice(view, props.standing)}
        ${splitNotices(view, line, props.splits, props.source)}
        ${facts(rows)}
      </section>
      ${partSection(view, props)}
      ${tellerSection(view, line, props.source)}
      ${props.confirmations}
      ${evidenceSection(view, { items: props.files })}
      <section class="stack">
        <h2>${say('lineEvents')}</h2>
        <p class="muted">${say('lineEventsLead', { count })} ${
          count > props.events.length && say('lineEventsCut', { shown: props.events.length })
        }</p>
        ${eventList(view, props.events)}
        ${count > props.events.length && allEventsLinks(view, line, props.source)}
      </section>
      <div class="row">${
        !props.standing.isHidden &&
        buttonLink(view, {
          label: view.say(shares)('shareThis'),
          href: `/me/shares/new?line=${encodeURIComponent(line.id)}`,
          icon: 'share',
        })
      }
      ${changeTold(view, props.told)}</div>
      ${standingSection(view, { ...props, source })}
    </div>`,
  })
}

function certificateRows(view: View, { issuer, number }: Certificate): [string, Html][] {
  const say = view.say(certificates)
  return [[say('issuer'), issuer], ...(number === '' ? [] : [[say('number'), number] as [string, Html]])]
}

function changeTold(view: View, told: { entry: DiaryEntry } | { certificate: Certificate } | null): Html {
  if (told === null) return null
  const [label, href] =
    'entry' in told
      ? [view.say(diary)('change'), diaryAddress(told.entry.id)]
      : [view.say(certificates)('changeTitle'), certificateAddress(told.certificate.id)]
  return buttonLink(view, { label, href, icon: 'edit' })
}

function attemptWords(view: View, { count, most, best, last }: NonNullable<RecordLine['attempts']>): string {
  const say = view.say(record)
  const words = [say(most ? 'attemptsMost' : 'attempts', { count })]
  if (best) words.push(say('attemptBest', { score: scoreOf(view, { score: best }) ?? '' }))
  if (last) words.push(say('attemptLast', { score: scoreOf(view, { score: last }) ?? '' }))
  return words.join(' · ')
}

/** What counts of its time, and why the rest does not. */
function hourWords(view: View, { counted, estimated, uncounted, more }: LineHours): Html {
  const say = view.say(record)
  const reasons = UNCOUNTED.filter((reason) => uncounted[reason])
  if (counted === 0 && reasons.length === 0) return null
  return html`<div>${counted > 0 ? lasting(view, counted) : say('noTime')}</div>
    ${estimated > 0 && html`<div class="muted small">${say('estimated', { time: lasting(view, estimated) })}</div>`}
    ${reasons.map((reason) => html`<div class="muted small">${say(`not-${reason}`, { time: lasting(view, uncounted[reason] ?? 0) })}</div>`)}
    ${more && html`<div class="muted small">${say('countedMore')}</div>`}`
}
