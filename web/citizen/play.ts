import { type Request, Router } from 'express'
import type { Lesson, Play } from '../../h5p/index.ts'
import { agreed } from '../../profiles/index.ts'
import { mayChangeLesson } from '../author/lesson-rights.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { lessonEnd } from '../i18n/messages/lesson-end.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { playerPage } from '../layout.ts'
import { go, json, page, paramOf, type Reply, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { withdrawnPage } from './lessons.ts'

export function playRoutes(services: WebServices): Router {
  const { host } = services
  const routes = Router()
  /** A page of the lesson in the path, where the viewer may open it. */
  const ofLesson = (
    answer: (view: View, lesson: Lesson, mayPreview: boolean, req: Request) => Promise<Reply>,
  ) =>
    page(async (view, req) => {
      const lesson = await host.lessons.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      const changes = await mayChangeLesson(view, services, lesson)
      if (lesson.status !== 'published' && !changes)
        return show(withdrawnPage(view, lesson), lesson.published === null ? 404 : 410)
      return answer(view, lesson, changes, req)
    })
  /** Why the lesson cannot be played now stands on its page; what is no more has a page of its own. */
  const refused = (view: View, lesson: Lesson, problem: string | undefined, status: number): Reply =>
    problem === 'h5p-attempts-used' ? go(addressOf(lesson)) : show(withdrawnPage(view, lesson), status)
  /** A new token for an attempt that goes on longer than its token lives; asked for by the outer module. */
  routes.post(
    '/attempts/:id/renew',
    signedIn,
    page(async (view, req) => {
      const renewed = await host.renew(paramOf(req, 'id'), viewerOf(view).id)
      return 'ok' in renewed ? json({ problems: renewed.problems }, renewed.status) : json(renewed)
    }),
  )
  /** Leaves the attempt that goes on where it stands, and starts another. */
  routes.post(
    '/lessons/:id/restart',
    signedIn,
    ofLesson(async (view, lesson, mayPreview) => {
      const play = await host.play(lesson.id, viewerOf(view).id, { afresh: true, mayPreview })
      if ('ok' in play) return refused(view, lesson, play.problems[0]?.id, play.status)
      return go(`${addressOf(lesson)}/play`)
    }),
  )
  return routes.get(
    '/lessons/:id/play',
    ofLesson(async (view, lesson, mayPreview, req) => {
      const { viewer } = view
      const key = req.session.anonymous?.key
      const signIn = () => go(`/sign-in?next=${encodeURIComponent(req.originalUrl)}`)
      if (!viewer && (!key || !lesson.anonymous)) return signIn()
      const play = viewer
        ? await host.play(lesson.id, viewer.id, { mayPreview })
        : await host.playAnonymously(lesson.id, key!)
      if ('ok' in play) return viewer ? refused(view, lesson, play.problems[0]?.id, play.status) : signIn()
      return show(playPage(view, { lesson, play, host }))
    }),
  )
}

const addressOf = (lesson: Lesson) => `/lessons/${encodeURIComponent(lesson.id)}`

/**
 * The lesson in a frame without any right of its own (h5p/): the outer module holds the token and carries what
 * happens inside to the record; web/client/player.ts says in words how that goes.
 */
export function playPage(view: View, props: { lesson: Lesson; play: Play; host: WebServices['host'] }): Html {
  const say = view.say(lessons)
  const { lesson, play, host } = props
  const preview = play.attempt.version === 0
  const back = preview ? '/author' : addressOf(lesson)
  const attempt = encodeURIComponent(play.attempt.id)
  return playerPage(view, {
    title: lesson.title,
    scripts: ['player', host.outerScript],
    body: html`<div class="stack">
      ${heading(view, { title: lesson.title, back: { href: back, label: say('playBack') } })}
      ${preview && notice(view, { tone: 'warning', body: say('playPreview') })}
      ${play.resumed && resumedLine(view, lesson, play)}
      <noscript>${notice(view, { tone: 'warning', body: say('playNoScript') })}</noscript>
      <div class="frame wide">
        <iframe id="lesson" title=${say('playFrame', { title: lesson.title })} src=${play.frameUrl}
          sandbox=${play.sandbox} referrerpolicy="no-referrer" allow="fullscreen; autoplay" data-h5p-attempt=${play.attempt.id}
          data-h5p-token=${play.token} data-h5p-owner=${view.owner} data-h5p-title=${lesson.title}
          data-h5p-assessed=${play.mode.kind === 'assessed' ? 'yes' : undefined}
          data-h5p-renew=${`/attempts/${attempt}/${view.viewer ? 'renew' : 'renew-anonymous'}`}></iframe>
      </div>
      ${play.completion.by === 'learner' && play.mode.kind === 'practice' && doneButton(view)}
      ${!preview && stateLine(view)}
      ${!preview && (view.viewer ? endPlace(view, `/attempts/${attempt}/end`) : anonymousEnd(view, lesson))}
      ${play.mode.kind === 'assessed' && review(view)}
    </div>`,
  })
}

function resumedLine(view: View, lesson: Lesson, play: Play): Html {
  const say = view.say(lessons)
  const again = view.viewer
    ? { action: `${addressOf(lesson)}/restart` }
    : { action: `${addressOf(lesson)}/anonymous`, fields: { afresh: 'yes' } }
  return html`<div class="row">
    <span class="muted">${say('playResumed')}</span>
    ${play.mode.kind === 'practice' && act(view, { label: say('playAnew'), kind: 'quiet', ...again })}
  </div>`
}

/** For lessons that report nothing by themselves. */
function doneButton(view: View): Html {
  const say = view.say(lessonEnd)
  return html`<div class="stack tight" id="lesson-declare">
    <p class="muted">${say('doneWhy')}</p>
    ${button(view, { label: say('done'), type: 'button', icon: 'check', kind: 'primary' })}
    <p class="error" role="alert" data-failed hidden>${say('doneFailed')}</p>
  </div>`
}

function stateLine(view: View): Html {
  const say = view.say(lessons)
  const end = view.say(lessonEnd)
  const hasRecord = agreed(view.viewer)
  const saved = view.viewer ? say(hasRecord ? 'playSaved' : 'playSent') : end('anonymousState')
  return html`<p class="muted" id="lesson-state" role="status" data-saving=${say(hasRecord ? 'playSaving' : 'playSending')} data-saved=${saved} data-ended=${end('ended')}
      data-offline=${say('playOffline')} data-failed=${say('playFailed')}
      data-offline-unkept=${say('playOfflineUnkept')} data-failed-unkept=${say('playFailedUnkept')}
      data-handing=${end('handing')} data-hand-failed=${end('handFailed')} data-refused=${say('playRefused')}></p>`
}

/** What came of the questions, when they were handed in; filled by web/client/player.ts. */
function review(view: View): Html {
  const say = view.say(lessonEnd)
  return html`<section class="stack" id="lesson-review" hidden data-right=${say('reviewRight')} data-wrong=${say('reviewWrong')}
    data-answer=${say('reviewAnswer', { answer: '{answer}' })} data-true=${say('reviewTrue')} data-false=${say('reviewFalse')}>
    <h2>${say('reviewTitle')}</h2>
    <ol class="stack"></ol>
  </section>`
}

/** Filled with what came of the attempt (lesson-end.ts) when it ends; until that is there, and where it never comes, this. */
function endPlace(view: View, address: string): Html {
  const say = view.say(lessons)
  const hasRecord = agreed(view.viewer)
  return html`<div class="notice success" id="lesson-done" hidden data-end=${address}>
    <div class="stack">
      <p><strong>${say(hasRecord ? 'playDone' : 'playDoneUnkept')}</strong></p>
      <div class="row">
        ${hasRecord && buttonLink(view, { label: say('playToRecord'), href: '/me/transcript' })}
        ${buttonLink(view, { label: say('playToLessons'), href: '/lessons' })}
      </div>
    </div>
  </div>`
}

function anonymousEnd(view: View, lesson: Lesson): Html {
  const say = view.say(lessonEnd)
  return html`<div class="notice success" id="lesson-done" hidden>
    <div class="stack">
      <p><strong>${say('anonymousEnd')}</strong></p>
      <div class="row">
        ${buttonLink(view, { label: say('anonymousSignIn'), href: `/sign-in?next=${encodeURIComponent(addressOf(lesson))}`, kind: 'primary' })}
        ${act(view, { label: say('endAgain'), action: `${addressOf(lesson)}/anonymous`, fields: { afresh: 'yes' } })}
        ${buttonLink(view, { label: say('endAll'), href: '/lessons' })}
      </div>
    </div>
  </div>`
}
