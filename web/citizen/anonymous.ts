import { randomBytes } from 'node:crypto'
import { type Request, Router } from 'express'
import { rateLimit } from 'express-rate-limit'
import { button } from '../components/button.ts'
import { type Html, html } from '../html.ts'
import { lessonEnd } from '../i18n/messages/lesson-end.ts'
import { go, json, page, paramOf, show, signedIn, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import { type Anonymous, saved } from '../session.ts'
import type { View } from '../view.ts'

/** As long as the host lets an attempt be claimed after its last answer; who plays on renews it. */
const ASKED_FOR = 60 * 60 * 1000
/** By one address within a minute; a class behind one router is more than one. */
const BEGINNINGS = 60

export function anonymousRoutes({ host }: WebServices): Router {
  return Router()
    .post(
      '/lessons/:id/anonymous',
      rateLimit({ windowMs: 60_000, limit: BEGINNINGS, standardHeaders: 'draft-8', legacyHeaders: false }),
      page(async (view, req) => {
        const lesson = await host.lessons.get(paramOf(req, 'id'))
        if (lesson?.status !== 'published') return show(notFoundPage(view), 404)
        const address = `/lessons/${encodeURIComponent(lesson.id)}`
        if (view.viewer) return go(`${address}/play`)
        if (!lesson.anonymous) return go(`/sign-in?next=${encodeURIComponent(`${address}/play`)}`)
        req.session.anonymous ??= { key: randomBytes(24).toString('base64url') }
        const play = await host.playAnonymously(lesson.id, req.session.anonymous.key, {
          afresh: textOf(req, 'afresh') === 'yes',
        })
        if ('ok' in play) return go(address)
        Object.assign(req.session.anonymous, {
          attempt: play.attempt.id,
          title: lesson.title,
          at: Date.now(),
        })
        await saved(req)
        return go(`${address}/play`)
      }),
    )
    .post(
      '/attempts/:id/renew-anonymous',
      page(async (_view, req) => {
        const { anonymous } = req.session
        const renewed = await host.renewAnonymously(paramOf(req, 'id'), anonymous?.key ?? '')
        if ('ok' in renewed) return json({ problems: renewed.problems }, renewed.status)
        if (anonymous) anonymous.at = Date.now()
        return json(renewed)
      }),
    )
    .post(
      '/attempts/:id/claim',
      signedIn,
      page(async (view, req) => {
        const say = view.say(lessonEnd)
        const asked = claimable(req)
        // Whatever is answered, it is asked once.
        delete req.session.anonymous
        if (!asked || asked.attempt !== paramOf(req, 'id')) return go('/')
        if (textOf(req, 'mine') !== 'yes') return go('/', { message: say('claimDropped') })
        const claimed = await host.claim(asked.attempt, { person: viewerOf(view).id, key: asked.key })
        if ('ok' in claimed) return go('/', { message: say('claimLate') })
        return go(`/lessons/${encodeURIComponent(claimed.lesson)}`, {
          message: say('claimed', { title: asked.title }),
        })
      }),
    )
}

/** What there is to be asked of who signed in here; never on a device that others use. */
export function claimable({ session }: Request): Required<Anonymous> | null {
  const { attempt, title, at, key } = session?.anonymous ?? {}
  if (!key || !attempt || !title || !at || session.shared || Date.now() - at > ASKED_FOR) return null
  return { key, attempt, title, at }
}

/** "Bài này là của bạn?", for who signed in after a lesson was played in this browser. */
export function claimNotice(view: View, req: Request): Html {
  const asked = view.viewer && claimable(req)
  if (!asked) return null
  const say = view.say(lessonEnd)
  return html`<section class="notice info" aria-labelledby="claim">
    <div class="stack tight">
      <h2 class="lead" id="claim">${say('claimTitle')}</h2>
      <p>${say('claimBody', { title: asked.title })}</p>
      <form class="row" method="post" action=${`/attempts/${encodeURIComponent(asked.attempt)}/claim`}>
        ${button(view, { label: say('claimYes'), name: 'mine', value: 'yes' })}
        ${button(view, { label: say('claimNo'), name: 'mine', value: 'no' })}
      </form>
    </div>
  </section>`
}
