import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { agreed } from '../../profiles/index.ts'
import { mayChangeLesson } from '../author/lesson-rights.ts'
import { button, buttonLink } from '../components/button.ts'
import { cards, facts } from '../components/card.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { consents } from '../i18n/messages/consents.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicNames, topicOptions } from '../i18n/topics.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, queryOf, show } from '../page.ts'
import { gonePage, notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { aboutMinutes, lessonCard } from './lesson-card.ts'

const PAGE = 20
const MAX_QUERY = 100

export function lessonRoutes(services: WebServices): Router {
  const { lessons: store } = services.host
  return Router()
    .get(
      '/lessons',
      page(async (view, req) => {
        const topic = queryOf(req, 'topic')
        const after = queryOf(req, 'after')
        const query = queryOf(req, 'q').trim().slice(0, MAX_QUERY)
        const found = await store.published({
          limit: PAGE,
          ...(topic && { topic }),
          ...(query && { query }),
          ...(after && { after }),
        })
        return show(cataloguePage(view, { ...found, topic, query, later: after !== '' }))
      }),
    )
    .get(
      '/lessons/:id',
      page(async (view, req) => {
        const lesson = await store.get(paramOf(req, 'id'))
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

function cataloguePage(
  view: View,
  props: { lessons: readonly Lesson[]; next: string | null; topic: string; query: string; later: boolean },
): Html {
  const say = view.say(lessons)
  const { query, topic } = props
  const address = (after?: string) => {
    const asked = new URLSearchParams({
      ...(query && { q: query }),
      ...(topic && { topic }),
      ...(after && { after }),
    })
    return asked.size > 0 ? `/lessons?${asked}` : '/lessons'
  }
  return citizenPage(view, {
    title: say('listTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('listTitle'), lead: say('listLead') })}
      <form class="filters" method="get" action="/lessons">
        ${field(view, {
          name: 'q',
          label: say('searchField'),
          help: say('searchHelp'),
          type: 'search',
          value: query,
          maxlength: MAX_QUERY,
          unmarked: true,
        })}
        ${select(view, {
          name: 'topic',
          label: say('topicField'),
          unmarked: true,
          options: topicOptions(view),
          empty: say('topicAll'),
          value: topic,
        })}
        ${button(view, { label: say('searchDo') })}
      </form>
      ${
        props.lessons.length > 0
          ? cards(props.lessons.map((lesson) => lessonCard(view, lesson, 2)))
          : nothingFound(view, props)
      }
      ${pager(view, { next: props.next && address(props.next), first: props.later ? address() : null })}
    </div>`,
  })
}

/** Why the list is empty, and what to do next. */
function nothingFound(view: View, { query, topic }: { query: string; topic: string }): Html {
  const say = view.say(lessons)
  const all = buttonLink(view, { label: say('allLessons'), href: '/lessons' })
  if (query && topic)
    return emptyState({
      title: say('searchEmpty', { query }),
      body: say('searchEmptyTopic'),
      action: buttonLink(view, {
        label: say('searchAll'),
        href: `/lessons?${new URLSearchParams({ q: query })}`,
      }),
    })
  if (query)
    return emptyState({ title: say('searchEmpty', { query }), body: say('searchEmptyBody'), action: all })
  if (topic) return emptyState({ title: say('topicEmpty'), body: say('topicEmptyBody'), action: all })
  return emptyState({ title: say('listEmpty'), body: say('listEmptyBody') })
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
