import { Router } from 'express'
import type { Lesson, Play } from '../../h5p/index.ts'
import { agreed } from '../../profiles/index.ts'
import { mayChangeLesson } from '../author/lesson-rights.ts'
import { act, buttonLink } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { playerPage } from '../layout.ts'
import { go, json, page, paramOf, type Reply, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { withdrawnPage } from './lessons.ts'

export function playRoutes(services: WebServices): Router {
  const routes = Router()
  /** A page of the lesson in the path, where the viewer may open it. */
  const ofLesson = (answer: (view: View, lesson: Lesson, mayPreview: boolean) => Promise<Reply>) =>
    page(async (view, req) => {
      const lesson = await services.host.lessons.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      const changes = await mayChangeLesson(view, services, lesson)
      if (lesson.status !== 'published' && !changes)
        return show(withdrawnPage(view, lesson), lesson.published === null ? 404 : 410)
      return answer(view, lesson, changes)
    })
  /** A new token for an attempt that goes on longer than its token lives; asked for by the outer module. */
  routes.post(
    '/attempts/:id/renew',
    signedIn,
    page(async (view, req) => {
      const renewed = await services.host.renew(paramOf(req, 'id'), viewerOf(view).id)
      return 'ok' in renewed ? json({ problems: renewed.problems }, renewed.status) : json(renewed)
    }),
  )
  /** Leaves the attempt that goes on where it stands, and starts another. */
  routes.post(
    '/lessons/:id/restart',
    signedIn,
    ofLesson(async (view, lesson, mayPreview) => {
      await services.host.play(lesson.id, viewerOf(view).id, {
        afresh: true,
        mayPreview,
      })
      return go(`/lessons/${encodeURIComponent(lesson.id)}/play`)
    }),
  )
  return routes.get(
    '/lessons/:id/play',
    signedIn,
    ofLesson(async (view, lesson, mayPreview) => {
      const play = await services.host.play(lesson.id, viewerOf(view).id, {
        mayPreview,
      })
      if ('ok' in play) return show(withdrawnPage(view, lesson), play.status)
      return show(playPage(view, { lesson, play, host: services.host }))
    }),
  )
}

/**
 * The lesson in a frame without any right of its own (h5p/): the outer module holds the token and carries what
 * happens inside to the record; web/client/player.ts says in words how that goes.
 */
function playPage(view: View, props: { lesson: Lesson; play: Play; host: WebServices['host'] }): Html {
  const say = view.say(lessons)
  const { lesson, play, host } = props
  const preview = play.attempt.version === 0
  const back = preview ? '/author' : `/lessons/${encodeURIComponent(lesson.id)}`
  return playerPage(view, {
    title: lesson.title,
    scripts: ['player', host.outerScript],
    ahead: host.outerImports,
    body: html`<div class="stack">
      ${heading(view, { title: lesson.title, back: { href: back, label: say('playBack') } })}
      ${preview && notice(view, { tone: 'warning', body: say('playPreview') })}
      ${
        play.resumed &&
        html`<div class="row">
          <span class="muted">${say('playResumed')}</span>
          ${act(view, { label: say('playAnew'), action: `/lessons/${encodeURIComponent(lesson.id)}/restart`, kind: 'quiet' })}
        </div>`
      }
      <noscript>${notice(view, { tone: 'warning', body: say('playNoScript') })}</noscript>
      <div class="frame wide">
        <iframe id="lesson" title=${say('playFrame', { title: lesson.title })} src=${play.frameUrl}
          sandbox=${play.sandbox} referrerpolicy="no-referrer" allow="fullscreen; autoplay" data-h5p-attempt=${play.attempt.id}
          data-h5p-token=${play.token} data-h5p-owner=${view.owner} data-h5p-title=${lesson.title}
          data-h5p-renew=${`/attempts/${encodeURIComponent(play.attempt.id)}/renew`}></iframe>
      </div>
      ${!preview && playState(view)}
    </div>`,
  })
}

function playState(view: View): Html {
  const say = view.say(lessons)
  const hasRecord = agreed(view.viewer)
  return html`<p class="muted" id="lesson-state" role="status" data-saving=${say(hasRecord ? 'playSaving' : 'playSending')} data-saved=${say(hasRecord ? 'playSaved' : 'playSent')}
      data-offline=${say('playOffline')} data-failed=${say('playFailed')}
      data-offline-unkept=${say('playOfflineUnkept')} data-failed-unkept=${say('playFailedUnkept')} data-refused=${say('playRefused')}></p>
    <div class="notice success" id="lesson-done" hidden>
      <div class="stack">
        <p><strong>${say(hasRecord ? 'playDone' : 'playDoneUnkept')}</strong></p>
        <div class="row">
          ${hasRecord && buttonLink(view, { label: say('playToRecord'), href: '/me/transcript', kind: 'primary' })}
          ${buttonLink(view, { label: say('playToLessons'), href: '/lessons' })}
        </div>
      </div>
    </div>`
}
