import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { agreed } from '../../profiles/index.ts'
import { mayChangeLesson } from '../author/lesson-rights.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { consents } from '../i18n/messages/consents.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicNames } from '../i18n/topics.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, show } from '../page.ts'
import { gonePage, notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { aboutMinutes } from './lesson-card.ts'

export function lessonRoutes(services: WebServices): Router {
  return Router().get(
    '/lessons/:id',
    page(async (view, req) => {
      const lesson = await services.host.lessons.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      const changes = await mayChangeLesson(view, services, lesson)
      if (lesson.status !== 'published' && !changes)
        return show(withdrawnPage(view, lesson), lesson.published === null ? 404 : 410)
      return show(lessonPage(view, lesson, changes))
    }),
  )
}

/** For a lesson that was never published nobody else learns that it is there. */
export function withdrawnPage(view: View, lesson: Lesson): Html {
  return lesson.published === null ? notFoundPage(view) : gonePage(view, lesson.withdrawn)
}

function lessonPage(view: View, lesson: Lesson, changes: boolean): Html {
  const say = view.say(lessons)
  const play = `/lessons/${encodeURIComponent(lesson.id)}/play`
  const rows: [string, Html][] = []
  const topic = topicNames(view, lesson.topics)
  if (topic) rows.push([say('lessonTopic'), topic])
  if (lesson.minutes) rows.push([say('lessonMinutes'), aboutMinutes(view, lesson.minutes)])
  if (lesson.language !== view.language)
    rows.push([say('lessonLanguage'), languageName(view, lesson.language)])
  if (lesson.published !== null) rows.push([say('lessonPublished'), onDate(view, lesson.published)])
  return citizenPage(view, {
    title: lesson.title,
    body: html`<div class="stack">
      ${heading(view, { title: lesson.title, back: { href: '/lessons', label: say('listTitle') } })}
      ${lesson.status !== 'published' && notice(view, { tone: 'warning', body: say('draft') })}
      ${lesson.description && html`<p class="lead" lang=${lesson.language}>${lesson.description}</p>`}
      ${facts(rows)}
      ${buttonLink(view, {
        label: view.viewer ? say('start') : say('startSigned'),
        icon: 'play',
        kind: 'primary',
        href: view.viewer ? play : `/sign-in?next=${encodeURIComponent(play)}`,
      })}
      <p class="muted">${
        agreed(view.viewer)
          ? say('startHow')
          : view.viewer
            ? view.say(consents)('closedLesson')
            : say('startWhy')
      }</p>
      ${changes && link({ href: `/author/${encodeURIComponent(lesson.id)}`, label: say('edit') })}
    </div>`,
  })
}

function languageName(view: View, tag: string): string {
  try {
    return new Intl.DisplayNames(view.language, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
