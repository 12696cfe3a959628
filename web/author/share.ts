import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { card, facts } from '../components/card.ts'
import { copyField } from '../components/copy-field.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { qr } from '../components/qr.ts'
import { type Html, html } from '../html.ts'
import { lessonShare } from '../i18n/messages/lesson-share.ts'
import { page, paramOf, show } from '../page.ts'
import { coverPicture } from '../public/cover.ts'
import { forbiddenPage, notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { authorPage } from './frame.ts'
import { mayChangeLesson } from './lesson-rights.ts'

/** How a lesson is shown to others: its address, a QR code, a snippet for other sites, and how chats show it. */
export function shareLessonRoutes(services: WebServices): Router {
  return Router().get(
    '/:id/share',
    page(async (view, req) => {
      const lesson = await services.host.lessons.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      if (!(await mayChangeLesson(view, services, lesson)))
        return show(forbiddenPage(view, 'edit-lessons'), 403)
      return show(sharePage(view, lesson))
    }),
  )
}

function sharePage(view: View, lesson: Lesson): Html {
  const say = view.say(lessonShare)
  const back = { href: `/author/${encodeURIComponent(lesson.id)}`, label: lesson.title }
  return authorPage(view, {
    title: say('title'),
    scripts: ['copy'],
    body: html`<div class="stack">
      ${heading(view, { title: say('title'), lead: say('lead'), back })}
      ${
        lesson.status === 'published'
          ? ways(view, lesson)
          : emptyState({ title: say('unpublished'), body: say('unpublishedBody') })
      }
    </div>`,
  })
}

function ways(view: View, lesson: Lesson): Html {
  const say = view.say(lessonShare)
  const path = `/lessons/${encodeURIComponent(lesson.id)}`
  const address = view.publicUrl + path
  return html`<section class="stack">
      <h2>${say('link')}</h2>
      ${copyField(view, { id: 'link', label: say('linkField'), value: address, help: say('linkHelp') })}
      <figure class="stack tight">
        ${qr({ text: address, label: say('qr', { title: lesson.title }) })}
        <figcaption class="muted">${say('qrHelp')}</figcaption>
      </figure>
    </section>
    <section class="stack">
      <h2>${say('embed')}</h2>
      ${
        lesson.anonymous
          ? html`<p>${say('embedLead')}</p>
            ${copyField(view, { id: 'embed', label: say('embedField'), value: snippet(view, lesson), help: say('embedHelp') })}`
          : html`<p>${say('embedClosed')}</p>`
      }
    </section>
    <section class="stack">
      <h2>${say('card')}</h2>
      <p>${say('cardLead')}</p>
      ${card({
        title: lesson.title,
        body: lesson.description || say('cardNoDescription'),
        ...(lesson.cover && { picture: coverPicture(lesson, lesson.cover, 'large') }),
      })}
      ${facts([
        [say('cardCover'), lesson.cover ? lesson.cover.alt || say('cardCoverThere') : say('cardCoverNone')],
        [say('cardLink'), address],
      ])}
    </section>`
}

/** What another site puts into its page: the frame, and a script that keeps it as high as the lesson. */
export function snippet(view: Pick<View, 'publicUrl'>, { id, title }: Pick<Lesson, 'id' | 'title'>): string {
  const quoted = title.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  const address = `${view.publicUrl}/embed/${encodeURIComponent(id)}`
  return `<iframe src="${address}" title="${quoted}" width="100%" height="560" frameborder="0" allow="fullscreen; autoplay" loading="lazy" data-suotdoi></iframe><script src="${view.publicUrl}/embed/resize.js" async></script>`
}
