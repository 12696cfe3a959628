import { type RequestHandler, Router } from 'express'
import { type Evidence, personsOf } from '../../profiles/index.ts'
import { act } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import { citizenPage } from '../layout.ts'
import { go, page, paramOf, send, show, signedIn, viewerOf, viewOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import { sendEvidence } from '../send-evidence.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { evidenceAddress } from './evidence-section.ts'
import { placeOf } from './told-place.ts'

/** One's own photos and files: seen, and taken away. They are added where the thing itself is. */
export function evidenceRoutes(services: WebServices): Router {
  const own = async (view: View, id: string): Promise<Evidence | null> => {
    const found = await services.evidence.get(id)
    if (!found) return null
    const persons = await personsOf(services.merges, viewerOf(view).id)
    return persons.includes(found.person) ? found : null
  }
  const see =
    (which: 'file' | 'preview'): RequestHandler =>
    async (req, res) => {
      const held = await own(viewOf(res), paramOf(req, 'id'))
      const found = held && (await services.evidence.open(held.id, which))
      if (!found) return send(req, res, show(notFoundPage(viewOf(res)), 404))
      await sendEvidence(res, found)
    }
  return Router()
    .get('/me/evidence/:id', signedIn, see('file'))
    .get('/me/evidence/:id/preview', signedIn, see('preview'))
    .get(
      '/me/evidence/:id/remove',
      signedIn,
      page(async (view, req) => {
        const held = await own(view, paramOf(req, 'id'))
        if (!held) return show(notFoundPage(view), 404)
        return show(removePage(view, held, await placeOf(services, held)))
      }),
    )
    .post(
      '/me/evidence/:id/remove',
      signedIn,
      page(async (view, req) => {
        const held = await own(view, paramOf(req, 'id'))
        const removed = held && (await services.evidence.remove(held.person, held.id))
        if (!removed) return show(notFoundPage(view), 404)
        return go(await placeOf(services, removed), { message: view.say(evidence)('removed') })
      }),
    )
}

function removePage(view: View, held: Evidence, back: string): Html {
  const say = view.say(evidence)
  const href = evidenceAddress(held.id)
  return citizenPage(view, {
    title: say('removeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('removeTitle'), back: { href: back, label: say('title') } })}
      ${
        held.hasPreview
          ? html`<img src=${`${href}/preview`} alt=${say('field')} />`
          : html`<p>${say('pdf', { date: view.format.date(held.added) })}</p>`
      }
      <p>${say('removeBody')}</p>
      <div class="row">${act(view, { label: say('removeDo'), action: `${href}/remove`, kind: 'danger' })}</div>
    </div>`,
  })
}
