import { Router } from 'express'
import type { Lesson, OwnAttempt } from '../../h5p/index.ts'
import { agreed } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { cards, facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { type Html, html, render } from '../html.ts'
import { lessonEnd } from '../i18n/messages/lesson-end.ts'
import { topicNames } from '../i18n/topics.ts'
import { citizenPage } from '../layout.ts'
import { go, json, page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { points, result } from './lesson-attempts.ts'
import { lessonCard } from './lesson-card.ts'

const NEXT = 2
/** Lines looked through for that of an attempt. */
const LINES = 20
/** How often the page of a line that is not there yet looks again. */
const TRIES = 40

/** What came of an attempt, and where it stands in the record. */
export function lessonEndRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/attempts/:id/end',
      signedIn,
      page(async (view, req) => {
        const attempt = await services.host.attempt(paramOf(req, 'id'), viewerOf(view).id)
        const lesson = attempt && (await services.host.lessons.get(attempt.lesson))
        if (!attempt || !lesson) return show(notFoundPage(view), 404)
        // It goes on, or was left: there is nothing to tell yet.
        if (attempt.finished === null) return go(`/lessons/${encodeURIComponent(lesson.id)}`)
        const isPart = req.get('accept') === 'application/json'
        const next = await nextAfter(services, lesson)
        const end = endSection(view, { attempt, lesson, next, level: isPart ? 2 : 1 })
        if (isPart) return json({ end: render(end) })
        return show(citizenPage(view, { title: lesson.title, body: html`<div class="stack">${end}</div>` }))
      }),
    )
    .get(
      '/attempts/:id/line',
      signedIn,
      page(async (view, req) => {
        const attempt = await services.host.attempt(paramOf(req, 'id'), viewerOf(view).id)
        const lesson = attempt && (await services.host.lessons.get(attempt.lesson))
        if (!attempt || !lesson) return show(notFoundPage(view), 404)
        const line = await lineOf(services, viewerOf(view).id, attempt, lesson)
        if (line) return go(`/me/transcript/${encodeURIComponent(line)}`)
        const tries = Number(queryOf(req, 'try')) || 0
        const found = `/me/transcript?${new URLSearchParams({ q: lesson.title })}`
        if (tries >= TRIES) return go(found)
        return show(waitingPage(view, `/attempts/${attempt.id}/line?try=${tries + 1}`))
      }),
    )
}

/** The line that the attempt became: the record follows what is played a moment later. */
async function lineOf(
  { transcript, publicUrl }: WebServices,
  person: string,
  attempt: OwnAttempt,
  lesson: Lesson,
): Promise<string | null> {
  const { lines } = await transcript.lines(person, { limit: LINES, filter: { words: lesson.title } })
  const iri = `${publicUrl}/lessons/${lesson.id}`
  const own = lines.filter(
    ({ activity, at, completed }) => activity.id === iri && completed && at >= attempt.started,
  )
  return own.toSorted((a, b) => a.at - b.at)[0]?.id ?? null
}

/** Others of the same topic, else the newest. */
async function nextAfter({ host }: WebServices, lesson: Lesson): Promise<Lesson[]> {
  const [topic] = lesson.topics
  const near = topic ? (await host.lessons.published({ topic, limit: NEXT + 1 })).lessons : []
  const newest = near.length > NEXT ? [] : (await host.lessons.published({ limit: NEXT + 1 })).lessons
  const all = new Map([...near, ...newest].map((each) => [each.id, each]))
  all.delete(lesson.id)
  return [...all.values()].slice(0, NEXT)
}

function endSection(
  view: View,
  {
    attempt,
    lesson,
    next,
    level,
  }: { attempt: OwnAttempt; lesson: Lesson; next: readonly Lesson[]; level: 1 | 2 },
): Html {
  const say = view.say(lessonEnd)
  const topics = topicNames(view, lesson.topics)
  const address = `/lessons/${encodeURIComponent(lesson.id)}`
  const more = attempt.mode.kind === 'practice'
  return html`<section class="stack" aria-labelledby="lesson-end">
    <${`h${level}`} id="lesson-end">${say('endTitle', { title: lesson.title })}<//>
    ${facts([
      ...(topics ? [[say('endTopics'), topics] as const] : []),
      [say('endResult'), result(view, attempt)],
      ...(attempt.score ? [[say('endScore'), points(view, attempt.score)] as const] : []),
      ...(attempt.active >= 1000 ? [[say('endTime'), view.format.duration(attempt.active)] as const] : []),
    ])}
    ${!agreed(view.viewer) && html`<p class="muted">${say('endUnkept')}</p>`}
    <div class="row">
      ${
        agreed(view.viewer) &&
        buttonLink(view, { label: say('endRecord'), href: `/attempts/${attempt.id}/line`, kind: 'primary' })
      }
      ${more && act(view, { label: say('endAgain'), action: `${address}/restart` })}
      ${buttonLink(view, { label: say('endBack'), href: address })}
    </div>
    ${
      next.length > 0 &&
      html`<${`h${level + 1}`}>${say('endNext')}<//>
        ${cards(next.map((each) => lessonCard(view, each, 3)))}`
    }
    ${buttonLink(view, { label: say('endAll'), href: '/lessons' })}
  </section>`
}

function waitingPage(view: View, again: string): Html {
  const say = view.say(lessonEnd)
  return citizenPage(view, {
    title: say('lineWait'),
    refresh: { seconds: 1, to: again },
    body: html`<div class="stack">
      ${heading(view, { title: say('lineWait'), lead: say('lineWaitBody') })}
      ${buttonLink(view, { label: say('lineWaitLink'), href: again })}
    </div>`,
  })
}
