import { Router } from 'express'
import type { CoursePlace, RecordLine } from '../../profiles/index.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { pager } from '../components/pager.ts'
import { lineName } from '../components/record-line.ts'
import { timeline } from '../components/timeline.ts'
import { type Html, html } from '../html.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { tellerNames } from './source-names.ts'
import { lineAddress, type SourceName } from './tellers.ts'

const PAGE = 40
/** On the page of the course itself. */
export const FIRST_PARTS = 10

const partsAddress = (line: string) => `${lineAddress(line)}/parts`

/** All parts of a course, in order. */
export function coursePartRoutes(services: WebServices): Router {
  return Router().get(
    '/me/transcript/:line/parts',
    signedIn,
    page(async (view, req) => {
      const person = viewerOf(view).id
      const line = await services.transcript.line(person, paramOf(req, 'line'))
      if (!line) return show(notFoundPage(view), 404)
      const after = queryOf(req, 'after')
      const [{ lines, next }, source] = await Promise.all([
        services.transcript.parts(person, line.id, { limit: PAGE, ...(after && { after }) }),
        tellerNames(services),
      ])
      const say = view.say(record)
      const body = html`<div class="stack loose">
        ${heading(view, {
          title: say('partsTitle'),
          lead: say('partsOf', { name: lineName(view, line) }),
          back: { href: lineAddress(line.id), label: say('backToLine') },
        })}
        ${lines.length > 0 ? partList(view, lines, source, 2) : html`<p class="muted">${say('partsNone')}</p>`}
        ${pager(view, {
          next: next && `${partsAddress(line.id)}?after=${encodeURIComponent(next)}`,
          first: after ? partsAddress(line.id) : null,
        })}
      </div>`
      return show(citizenPage(view, { title: say('partsTitle'), body }))
    }),
  )
}

/** The first parts of a course on its own page, and the way to all of them; nothing where it has none. */
export function partSection(
  view: View,
  props: {
    line: RecordLine
    place: CoursePlace | undefined
    parts: readonly RecordLine[]
    source: SourceName
  },
): Html {
  const { line, parts } = props
  const count = Math.max(props.place?.parts ?? 0, parts.length)
  if (parts.length === 0) return null
  const say = view.say(record)
  return html`<section class="stack">
    <h2>${say('partsTitle')}</h2>
    <p class="muted">${say('partsLead', { count })}</p>
    ${partList(view, parts, props.source, 3)}
    ${count > parts.length && link({ href: partsAddress(line.id), label: say('partsAll', { count }) })}
  </section>`
}

function partList(view: View, lines: readonly RecordLine[], source: SourceName, level: 2 | 3): Html {
  return timeline(view, { lines, sourceName: (of) => source(of.source), fromToday: false, level })
}

/** The courses that a line is a part of, as links; null where there are none. */
export function courseLinks(view: View, place: CoursePlace | undefined): Html {
  if (!place || place.courses.length === 0) return null
  return place.courses.map(
    ({ line, activity }) =>
      html`<div>${link({ href: lineAddress(line), label: lineName(view, { activity }) })}</div>`,
  )
}

/** The same in a list of lines, in few words. */
export function placeWords(view: View, place: CoursePlace | undefined): string[] {
  if (!place) return []
  const say = view.say(record)
  const [course] = place.courses
  return [
    ...(place.parts > 0 ? [say('partsCount', { count: place.parts })] : []),
    ...(course ? [say('partOf', { name: lineName(view, course) })] : []),
  ]
}
