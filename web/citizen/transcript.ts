import { Router } from 'express'
import type { LinkWork, RecordLine } from '../../profiles/index.ts'
import { sourceBadge } from '../components/badge.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { lineName, lineVerb, outcome, scoreOf, timeSpent } from '../components/record-line.ts'
import { timeline } from '../components/timeline.ts'
import { type Html, html } from '../html.ts'
import { diary } from '../i18n/messages/diary.ts'
import { record } from '../i18n/messages/record.ts'
import { shares } from '../i18n/messages/shares.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { diaryAddress } from './diary.ts'
import { type Event, eventList, readEvents } from './events.ts'
import { workNotices } from './links-page.ts'
import { sourceNames } from './source-names.ts'

const PAGE = 50
/** Events listed on the page of one line. */
const EVENTS = 50

export function transcriptRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/me/transcript',
      signedIn,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const after = queryOf(req, 'after')
        const [{ lines, next }, count, source, work] = await Promise.all([
          services.transcript.lines(person, { limit: PAGE, ...(after && { after }) }),
          services.transcript.count(person),
          sourceNames(services),
          services.links.work(person),
        ])
        return show(transcriptPage(view, { lines, next, count, source, work, later: after !== '' }))
      }),
    )
    .get(
      '/me/transcript/:line',
      signedIn,
      page(async (view, req) => {
        const line = await services.transcript.line(viewerOf(view).id, paramOf(req, 'line'))
        if (!line) return show(notFoundPage(view), 404)
        const source = (await sourceNames(services))(line.source)
        const events = await readEvents(services, line.statements.slice(0, EVENTS))
        const written = services.diary.entryOf(line.activity.id)
        const entry = written && (await services.diary.get(line.person, written))
        return show(linePage(view, { line, source, events, entry: entry ? entry.id : null }))
      }),
    )
}

function transcriptPage(
  view: View,
  props: {
    lines: readonly RecordLine[]
    next: string | null
    count: number
    work: readonly LinkWork[]
    later: boolean
    source(id: string): string | undefined
  },
): Html {
  const say = view.say(record)
  const empty = props.lines.length === 0 && props.next === null && !props.later
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        ...(!empty && { lead: html`${say('lead', { count: props.count })} ${say('whoSays')}` }),
      })}
      ${workNotices(view, props.work, '/me/transcript')}
      ${
        empty
          ? emptyState({
              title: say('emptyTitle'),
              body: say('emptyBody'),
              action: buttonLink(view, { label: say('emptyAction'), href: '/lessons', kind: 'primary' }),
            })
          : timeline(view, {
              lines: props.lines,
              sourceName: (line) => props.source(line.source),
              fromToday: !props.later,
            })
      }
      ${pager(view, {
        next: props.next && `/me/transcript?after=${encodeURIComponent(props.next)}`,
        first: props.later ? '/me/transcript' : null,
      })}
    </div>`,
  })
}

/** One line and what stands behind it, in plain words first. */
function linePage(
  view: View,
  props: { line: RecordLine; source: string | undefined; events: readonly Event[]; entry: string | null },
): Html {
  const say = view.say(record)
  const { line } = props
  const score = scoreOf(view, line)
  const result = outcome(view, { ...line, score: null })
  const rows: [string, Html][] = [
    [
      say('lineWhen'),
      html`<time datetime=${new Date(line.at).toISOString()}>${view.format.dateTime(line.at)}</time>`,
    ],
  ]
  // What came of it tells what was done; only where nothing came of it the reader asks.
  if (!result) rows.push([say('lineDone'), lineVerb(view, line)])
  if (result || !score) rows.push([say('lineResult'), result || say('lineNone')])
  if (score) rows.push([say('lineScore'), score])
  const spent = timeSpent(view, line)
  if (spent) rows.push([say('lineDuration'), spent])
  rows.push([
    say('lineSource'),
    html`<span class="row">${sourceBadge(view, { level: line.level, source: props.source })}</span>
      <span class="muted small">${say(`level-${line.level}-long`)}</span>`,
  ])
  return citizenPage(view, {
    title: lineName(view, line),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: lineName(view, line),
          back: { href: '/me/transcript', label: say('backToRecord') },
        })}
        ${facts(rows)}
      </section>
      <section class="stack">
        <h2>${say('lineEvents')}</h2>
        <p class="muted">${say('lineEventsLead', { count: line.statementCount })} ${
          line.statementCount > props.events.length && say('lineEventsCut', { shown: props.events.length })
        }</p>
        ${eventList(view, props.events)}
      </section>
      <div class="row">${buttonLink(view, {
        label: view.say(shares)('shareThis'),
        href: `/me/shares/new?line=${encodeURIComponent(line.id)}`,
        icon: 'share',
      })}
      ${
        props.entry &&
        buttonLink(view, { label: view.say(diary)('change'), href: diaryAddress(props.entry), icon: 'edit' })
      }</div>
      <p class="muted">${say('wrong', { source: props.source ?? view.tenantName })}</p>
    </div>`,
  })
}
