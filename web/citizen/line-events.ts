import { Router } from 'express'
import type { RecordLine } from '../../profiles/index.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { pager } from '../components/pager.ts'
import { lineName } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { eventList, readEvents } from './events.ts'
import { tellerNames } from './source-names.ts'
import { lineAddress, type SourceName } from './tellers.ts'

const PAGE = 50

/** Those who tell of a line, each with its own line. */
const tellersOf = (line: RecordLine) => line.tellers ?? [{ ...line, line: line.id }]

/** All that one source recorded for a line, page by page. */
export function lineEventRoutes(services: WebServices): Router {
  return Router().get(
    '/me/transcript/:line/events',
    signedIn,
    page(async (view, req) => {
      const line = await services.transcript.line(viewerOf(view).id, paramOf(req, 'line'))
      const of = queryOf(req, 'of') || (line?.id ?? '')
      const teller = line && tellersOf(line).find((one) => one.line === of)
      if (!line || !teller) return show(notFoundPage(view), 404)
      const after = queryOf(req, 'after')
      const [{ statements, next }, nameOf] = await Promise.all([
        services.transcript.statementsOf(line, of, { limit: PAGE, ...(after && { after }) }),
        tellerNames(services),
      ])
      const events = await readEvents(services, statements)
      const say = view.say(record)
      const source = nameOf(teller.source) ?? teller.source
      const body = html`<div class="stack loose">
        ${heading(view, {
          title: say('lineEvents'),
          lead: say('lineEventsOf', { source, count: teller.statementCount }),
          back: { href: lineAddress(line.id), label: say('backToLine') },
        })}
        <section class="stack">
          <h2>${lineName(view, line)}</h2>
          ${events.length > 0 ? eventList(view, events) : html`<p class="muted">${say('eventsNone')}</p>`}
          ${pager(view, {
            next: next && `${eventsAddress(line.id, of)}&after=${encodeURIComponent(next)}`,
            first: after ? eventsAddress(line.id, of) : null,
          })}
        </section>
      </div>`
      return show(citizenPage(view, { title: say('lineEvents'), body }))
    }),
  )
}

const eventsAddress = (line: string, of: string) => `${lineAddress(line)}/events?of=${encodeURIComponent(of)}`

/** Where all that was recorded for a line is listed, by who tells of it. */
export function allEventsLinks(view: View, line: RecordLine, nameOf: SourceName): Html {
  const say = view.say(record)
  const tellers = tellersOf(line)
  return html`<ul class="plain">${tellers.map(({ line: of, source, statementCount: count }) => {
    const label =
      tellers.length === 1
        ? say('lineEventsAll', { count })
        : say('lineEventsAllOf', { count, source: nameOf(source) ?? source })
    return html`<li>${link({ href: eventsAddress(line.id, of), label })}</li>`
  })}</ul>`
}
