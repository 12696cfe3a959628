import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { cards, facts } from '../components/card.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicName, topicOptions } from '../i18n/topics.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, queryOf, show } from '../page.ts'
import { gonePage, notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { lessonCard } from './lesson-card.ts'

const PAGE = 20

export function lessonRoutes(services: WebServices): Router {
  const { lessons: store } = services.host
  return Router()
    .get(
      '/lessons',
      page(async (view, req) => {
        const topic = queryOf(req, 'topic')
        const after = queryOf(req, 'after')
        const found = await store.published({ limit: PAGE, ...(topic && { topic }), ...(after && { after }) })
        return show(cataloguePage(view, { ...found, topic, later: after !== '' }))
      }),
    )
    .get(
      '/lessons/:id',
      page(async (view, req) => {
        const lesson = await store.get(paramOf(req, 'id'))
        if (!lesson) return show(notFoundPage(view), 404)
        if (!mayOpen(view, lesson))
          return show(withdrawnPage(view, lesson), lesson.published === null ? 404 : 410)
        return show(lessonPage(view, lesson))
      }),
    )
}

/** Published lessons are everybody's; drafts are their author's and the operator's. */
export function mayOpen(view: View, lesson: Lesson): boolean {
  if (lesson.status === 'published') return true
  return view.viewer !== null && (view.viewer.id === lesson.author || view.viewer.roles.includes('operator'))
}

/** For a lesson that was never published nobody else learns that it is there. */
export function withdrawnPage(view: View, lesson: Lesson): Html {
  return lesson.published === null ? notFoundPage(view) : gonePage(view)
}

function cataloguePage(
  view: View,
  props: { lessons: readonly Lesson[]; next: string | null; topic: string; later: boolean },
): Html {
  const say = view.say(lessons)
  const address = (after?: string) => {
    const query = new URLSearchParams({ ...(props.topic && { topic: props.topic }), ...(after && { after }) })
    return query.size > 0 ? `/lessons?${query}` : '/lessons'
  }
  return citizenPage(view, {
    title: say('listTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('listTitle'), lead: say('listLead') })}
      <form class="filters" method="get" action="/lessons">
        ${select(view, {
          name: 'topic',
          label: say('topicField'),
          unmarked: true,
          options: topicOptions(view.language),
          empty: say('topicAll'),
          value: props.topic,
        })}
        ${button(view, { label: say('topicShow') })}
      </form>
      ${
        props.lessons.length > 0
          ? cards(props.lessons.map((lesson) => lessonCard(view, lesson, 2)))
          : props.topic
            ? emptyState({
                title: say('topicEmpty'),
                body: say('topicEmptyBody'),
                action: buttonLink(view, { label: say('allLessons'), href: '/lessons' }),
              })
            : emptyState({ title: say('listEmpty'), body: say('listEmptyBody') })
      }
      ${pager(view, { next: props.next && address(props.next), first: props.later ? address() : null })}
    </div>`,
  })
}

function lessonPage(view: View, lesson: Lesson): Html {
  const say = view.say(lessons)
  const play = `/lessons/${encodeURIComponent(lesson.id)}/play`
  const rows: [string, Html][] = []
  const topic = topicName(lesson.topic, view.language)
  if (topic) rows.push([say('lessonTopic'), topic])
  if (lesson.language !== view.language)
    rows.push([say('lessonLanguage'), languageName(view, lesson.language)])
  if (lesson.published !== null) rows.push([say('lessonPublished'), onDate(view, lesson.published)])
  return citizenPage(view, {
    title: lesson.title,
    body: html`<div class="stack">
      ${heading(view, { title: lesson.title, back: { href: '/lessons', label: say('listTitle') } })}
      ${lesson.status === 'draft' && notice(view, { tone: 'warning', body: say('draft') })}
      ${lesson.description && html`<p class="lead" lang=${lesson.language}>${lesson.description}</p>`}
      ${facts(rows)}
      ${buttonLink(view, {
        label: view.viewer ? say('start') : say('startSigned'),
        icon: 'play',
        kind: 'primary',
        href: view.viewer ? play : `/sign-in?next=${encodeURIComponent(play)}`,
      })}
      <p class="muted">${view.viewer ? say('startHow') : say('startWhy')}</p>
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
