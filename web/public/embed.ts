import { randomBytes } from 'node:crypto'
import { Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import type { Lesson, Play } from '../../h5p/index.ts'
import type { Assets } from '../assets.ts'
import { button } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { lessonShare } from '../i18n/messages/lesson-share.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { embedPage } from '../layout.ts'
import { json, makeView, page, paramOf, show } from '../page.ts'
import { securityHeaders } from '../security-headers.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

/** By one address within a minute; a class behind one router is more than one. */
const BEGINNINGS = 60

/**
 * A lesson inside of another site's page, for nobody by name: it stands before everything that reads a cookie, so that no
 * site can have a lesson played in the name of who happens to be signed in, and may be framed by all.
 */
export function embedArea(services: WebServices, assets: Assets): Router {
  const { host } = services
  const area = Router()
  const readable = async (id: string) => {
    const lesson = await host.lessons.get(id)
    return lesson?.status === 'published' && lesson.anonymous ? lesson : null
  }
  area.get('/resize.js', (_req, res) => {
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin')
    res.setHeader('Cache-Control', 'public, max-age=3600')
    res.type('js').send(assets.text('resize.js'))
  })
  area.use(
    securityHeaders(services.publicUrl, services.playerUrl, { framedByAll: true }),
    makeView(services, assets),
  )
  area.get(
    '/:id',
    page(async (view, req) => {
      const lesson = await readable(paramOf(req, 'id'))
      return lesson ? show(coverPage(view, lesson)) : show(gonePage(view), 404)
    }),
  )
  // A press, so that a page that is only looked at, by a program say, begins nothing.
  area.post(
    '/:id',
    rateLimit({ windowMs: 60_000, limit: BEGINNINGS, standardHeaders: 'draft-8', legacyHeaders: false }),
    page(async (view, req) => {
      const lesson = await readable(paramOf(req, 'id'))
      if (!lesson) return show(gonePage(view), 404)
      const key = randomBytes(24).toString('base64url')
      const play = await host.playAnonymously(lesson.id, key)
      if ('ok' in play) return show(gonePage(view), play.status)
      return show(playPage(view, { lesson, play, key, host }))
    }),
  )
  area.post(
    '/attempts/:id/renew',
    page(async (_view, req) => {
      const renewed = await host.renewAnonymously(paramOf(req, 'id'), req.get('x-csrf-token') ?? '')
      return 'ok' in renewed ? json({ problems: renewed.problems }, renewed.status) : json(renewed)
    }),
  )
  return area
}

function coverPage(view: View, lesson: Lesson): Html {
  const say = view.say(lessonShare)
  return embedPage(view, {
    title: lesson.title,
    scripts: ['embed'],
    body: html`<div class="stack">
      ${heading(view, { title: lesson.title, ...(lesson.description && { lead: lesson.description }) })}
      <form method="post" action=${`/embed/${encodeURIComponent(lesson.id)}?lang=${view.language}`}>
        ${button(view, { label: say('embedStart'), kind: 'primary', icon: 'play' })}
      </form>
      <p class="muted">${say('embedUnkept')}</p>
      ${outside(view, lesson)}
    </div>`,
  })
}

/** The frame has no origin in any case: two lessons on one page of another site would be of one, and reach each other. */
function playPage(
  view: View,
  props: { lesson: Lesson; play: Play; key: string; host: WebServices['host'] },
): Html {
  const say = view.say(lessonShare)
  const { lesson, play, key, host } = props
  const address = `/embed/${encodeURIComponent(lesson.id)}?lang=${view.language}`
  return embedPage(view, {
    title: lesson.title,
    scripts: ['player', 'embed', host.outerScript],
    body: html`<div class="stack">
      <noscript>${notice(view, { tone: 'warning', body: view.say(lessons)('playNoScript') })}</noscript>
      <div class="frame wide">
        <iframe id="lesson" title=${view.say(lessons)('playFrame', { title: lesson.title })} src=${play.frameUrl}
          sandbox="allow-scripts" referrerpolicy="no-referrer" allow="fullscreen; autoplay" data-h5p-attempt=${play.attempt.id}
          data-h5p-token=${play.token} data-h5p-csrf=${key}
          data-h5p-renew=${`/embed/attempts/${encodeURIComponent(play.attempt.id)}/renew`}></iframe>
      </div>
      <div class="notice success" id="lesson-done" hidden>
        <div class="stack tight">
          <p><strong>${say('embedDone')}</strong></p>
          <form method="post" action=${address}>${button(view, { label: say('embedAgain') })}</form>
        </div>
      </div>
      ${outside(view, lesson)}
    </div>`,
  })
}

/** The way out of the frame, to where results are kept. */
function outside(view: View, { id }: Lesson): Html {
  return html`<p class="small"><a href=${`${view.publicUrl}/lessons/${encodeURIComponent(id)}`} target="_blank" rel="noopener"
    >${view.say(lessonShare)('embedOpen')}</a></p>`
}

function gonePage(view: View): Html {
  const say = view.say(lessonShare)
  return embedPage(view, {
    title: say('embedGone'),
    scripts: ['embed'],
    body: html`<div class="stack">${emptyState({
      title: say('embedGone'),
      body: say('embedGoneBody'),
    })}</div>`,
  })
}
