import type { Lesson } from '../../h5p/index.ts'
import type { CoursePlace, RecordLine } from '../../profiles/index.ts'
import { card, cards } from '../components/card.ts'
import { icon } from '../components/icon.ts'
import { lineName } from '../components/record-line.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { today } from '../i18n/messages/today.ts'
import { viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { placeWords } from './course-parts.ts'
import { tellerNames } from './source-names.ts'
import { lineAddress, type SourceName } from './tellers.ts'

const MOST_LESSONS = 3
const MOST_LINES = 3

export interface Begun {
  lessons: readonly Lesson[]
  lines: readonly RecordLine[]
  places: ReadonlyMap<string, CoursePlace>
  source: SourceName
}

/** What the viewer began and did not finish: lessons of this host, and what other places tell of. */
export async function readBegun(view: View, services: WebServices): Promise<Begun> {
  const { id } = viewerOf(view)
  const here = `${services.publicUrl}/lessons/`
  const [held, lines, source] = await Promise.all([
    services.host.unfinished(id, { limit: MOST_LESSONS }),
    // Of its own lessons the host knows better.
    services.transcript.goingOn(id, {
      limit: MOST_LINES,
      now: Date.now(),
      leaveOut: ({ activity }) => activity.id.startsWith(here),
    }),
    tellerNames(services),
  ])
  const places = await services.transcript.courses(
    id,
    lines.map((line) => line.id),
  )
  return { lessons: held, lines, places, source }
}

/** Nothing where nothing is unfinished: what is new stands below. */
export function begunSection(view: View, { lessons: held, lines, places, source }: Begun): Html {
  if (held.length + lines.length === 0) return null
  const say = view.say(lessons)
  const items = [
    ...held.map((lesson) =>
      card({
        title: html`<span lang=${lesson.language === view.language ? undefined : lesson.language}>${lesson.title}</span>`,
        href: `/lessons/${encodeURIComponent(lesson.id)}`,
        body: html`<p class="row">${icon(view, 'next')}${view.say(today)('goOn')}</p>`,
      }),
    ),
    ...lines.map((line) =>
      card({
        title: lineName(view, line),
        href: lineAddress(line.id),
        meta: html`${when(view, line.at)}<span>${view.say(today)('begunAt', { source: source(line.source) ?? line.source })}</span>
          ${placeWords(view, places.get(line.id)).map((words) => html`<span>${words}</span>`)}`,
      }),
    ),
  ]
  return html`<section class="stack">
    <h2>${say('begunTitle')}</h2>
    ${cards(items)}
  </section>`
}
