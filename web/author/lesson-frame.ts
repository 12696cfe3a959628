import type { Request, RequestHandler } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { badge } from '../components/badge.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { tabs } from '../components/tabs.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { lessonShare } from '../i18n/messages/lesson-share.ts'
import { report } from '../i18n/messages/report.ts'
import { page, paramOf, type Reply, show } from '../page.ts'
import { notFoundPage, notYoursPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { authorPage } from './frame.ts'
import { mayChangeLesson } from './lesson-rights.ts'
import { libraryNotice } from './library-notice.ts'
import { stateBadge } from './list.ts'
import { reportAddress } from './report-page.ts'

export const addressOf = ({ id }: Pick<Lesson, 'id'>) => `/author/${encodeURIComponent(id)}`

/** Hands over the lesson in the path, where the reader may change it. */
export function ownLesson(services: WebServices) {
  return (handler: (view: View, lesson: Lesson, req: Request) => Reply | Promise<Reply>): RequestHandler =>
    page(async (view, req) => {
      const lesson = await services.host.lessons.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      if (!(await mayChangeLesson(view, services, lesson))) return show(notYoursPage(view), 403)
      return handler(view, lesson, req)
    })
}

export type Tab = 'details' | 'rule' | 'versions' | 'more'

/** What stands over each page of a lesson: its state, what can be done now, and the ways to its other pages. */
export async function lessonPage(
  view: View,
  services: WebServices,
  lesson: Lesson,
  props: { tab: Tab; errors: readonly FieldError[]; note?: string; body: Html },
): Promise<Html> {
  const say = view.say(author)
  const say2 = view.say(words)
  const address = addressOf(lesson)
  const { title } = lesson.draft.details
  const old = (await services.host.lessons.behind([lesson])).get(lesson.id)
  const request = await services.host.libraries.request(lesson.draft.content)
  const waits = request !== null && request.state !== 'done'
  const item = (tab: Tab, href: string, label: string) => ({ href, label, current: tab === props.tab })
  return authorPage(view, {
    title,
    scripts: ['upload'],
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title, back: { href: '/author', label: say('placeLessons') } })}
        <div class="row">
          ${stateBadge(view, lesson)}
          ${lesson.changed && badge(view, { label: say2('changed'), tone: 'waiting', icon: 'edit' })}
          <span class="muted">${stateWords(view, lesson)}</span>
        </div>
        ${errorSummary(view, props.errors)}
        ${(waits || lesson.status !== 'published') && libraryNotice(view, request)}
        ${old && behindNotice(view, lesson, old)}
        ${!waits && publishForm(view, lesson, props)}
        <div class="row">
          ${!waits && buttonLink(view, { label: say(lesson.latest > 0 ? 'previewDraft' : 'preview'), href: `${address}/preview`, icon: 'play' })}
          ${
            lesson.status === 'published' &&
            html`${buttonLink(view, { label: view.say(lessonShare)('title'), href: `${address}/share` })}
            ${buttonLink(view, { label: say('openPage'), href: `/lessons/${encodeURIComponent(lesson.id)}` })}
            ${act(view, { label: say('unpublish'), action: `${address}/unpublish` })}`
          }
        </div>
      </section>
      ${tabs({
        label: title,
        items: [
          item('details', address, say2('tabDetails')),
          item('rule', `${address}/rule`, say2('tabRule')),
          item('versions', `${address}/versions`, say2('tabVersions')),
          ...(lesson.latest > 0
            ? [{ href: reportAddress(lesson.id, null), label: view.say(report)('open') }]
            : []),
          item('more', `${address}/more`, say2('tabMore')),
        ],
      })}
      ${props.body}
    </div>`,
  })
}

function stateWords(view: View, lesson: Lesson): string {
  const say = view.say(author)
  const since = view.format.date(lesson.withdrawn ?? lesson.created)
  if (lesson.status === 'published')
    return view.say(words)('publishedState', {
      version: lesson.current ?? 0,
      date: view.format.date(lesson.published ?? 0),
    })
  if (lesson.status === 'archived') return view.say(words)('archivedState')
  return lesson.status === 'withdrawn' ? say('withdrawnState', { date: since }) : say('draftState')
}

/** An update of libraries leaves what is published as it is; a new version is offered. */
function behindNotice(view: View, lesson: Lesson, libraries: readonly string[]): Html {
  const say = view.say(words)
  return notice(view, {
    tone: 'info',
    body: html`<p>${say('behindBody')}</p>
      <p class="muted small">${libraries.map((key) => key.replace(/-(?=[\d.]+$)/, ' ')).join(', ')}</p>
      ${act(view, { label: say('behindDo'), action: `${addressOf(lesson)}/publish-anew` })}`,
  })
}

/** What is published next, where anything is: the page's one primary act while there is. */
function publishForm(
  view: View,
  lesson: Lesson,
  { errors, note = '' }: { errors: readonly FieldError[]; note?: string },
): Html {
  const say = view.say(author)
  const say2 = view.say(words)
  const address = addressOf(lesson)
  if (lesson.status === 'archived')
    return act(view, { label: say2('restore'), action: `${address}/restore`, kind: 'primary' })
  if (lesson.status === 'withdrawn' && !lesson.changed)
    return act(view, { label: say2('putBack'), action: `${address}/put-back`, kind: 'primary' })
  if (lesson.status === 'waiting' || (lesson.latest > 0 && !lesson.changed)) return null
  return html`<form class="form" method="post" action=${`${address}/publish`} novalidate>
    ${
      lesson.latest > 0 &&
      field(view, {
        name: 'note',
        label: say2('noteField'),
        help: say2('noteHelp'),
        value: note,
        maxlength: 500,
        error: errorOf(errors, 'note'),
      })
    }
    <div class="row">${button(view, { label: lesson.latest > 0 ? say2('publishNext') : say('publish'), kind: 'primary' })}</div>
  </form>`
}

/** Whether the form of a page may have the primary button: else publishing has it. */
export function savesFirst({ status, changed, latest }: Lesson): boolean {
  return status === 'waiting' || (status === 'published' && latest > 0 && !changed)
}
