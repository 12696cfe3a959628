import { Router } from 'express'
import type { Source } from '../../lrs/index.ts'
import { buttonLink } from '../components/button.ts'
import { type Desk, deskHandlers } from '../disputes/desk.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { operatorPage } from '../operator/frame.ts'
import { viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { sourceAddress, sourceOf } from './source-of.ts'

const deskAddress = (source: Source) => `${sourceAddress(source)}/disputes`
const deskOf = ({ accesses }: WebServices, source: Source): Desk => ({
  queue: { source: source.id },
  address: deskAddress(source),
  back: { href: sourceAddress(source), label: source.name },
  note: (view, _req, person) => accesses.noteOperator(viewerOf(view).id, { person, what: 'line' }),
  page: operatorPage,
})

/** Where a source answers what citizens say is wrong of what it told. */
export function sourceDisputeRoutes(services: WebServices): Router {
  const own = sourceOf(services, { product: true })
  const { list, one, answer } = deskHandlers(services)
  return Router()
    .get(
      '/sources/:id/disputes',
      own((view, source, req) => list(view, deskOf(services, source), req)),
    )
    .get(
      '/sources/:id/disputes/:dispute',
      own((view, source, req) => one(view, deskOf(services, source), req)),
    )
    .post(
      '/sources/:id/disputes/:dispute',
      own((view, source, req) => answer(view, deskOf(services, source), req)),
    )
}

/** On a source's page: how many wait. */
export function sourceDisputeSection(view: View, source: Source, waiting: number): Html {
  const say = view.say(disputes)
  return html`<section class="stack">
    <h2>${say('deskTitle')}</h2>
    <p class="muted">${say('waitingCount', { count: waiting })}</p>
    <div class="row">${buttonLink(view, { label: say('openDesk'), href: deskAddress(source), icon: 'warning' })}</div>
  </section>`
}
