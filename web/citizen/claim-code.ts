import { Router } from 'express'
import { button, buttonLink } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { steps } from '../components/steps.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { citizenPage } from '../layout.ts'
import { page, send, show, showOnce, signedIn, viewerOf, viewOf } from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { sourceNames } from './source-names.ts'

const ADDRESS = '/me/link-code'

/** Where a citizen makes the code that proves an account elsewhere. */
export function claimCodeRoutes(services: WebServices): Router {
  const guard = guardForm([{ tries: 10, of: (req) => `claim code of ${req.user?.id}` }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  return Router()
    .get(
      ADDRESS,
      signedIn,
      page(async (view) => {
        const names = await sourceNames(services)
        const places = (await services.claims.places()).flatMap((id) => names(id) ?? [])
        return show(codePage(view, places))
      }),
    )
    .post(
      ADDRESS,
      signedIn,
      ...guard,
      page(async (view) => showOnce(shownPage(view, await services.claims.makeCode(viewerOf(view).id)))),
    )
}

function codePage(view: View, places: readonly string[]): Html {
  const say = view.say(links)
  return citizenPage(view, {
    title: say('codeTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('codeTitle'),
        lead: say('codeLead'),
        back: { href: '/me/links', label: say('title') },
      })}
      ${howTo(view)}
      <h2>${say('codePlaces')}</h2>
      ${
        places.length === 0
          ? html`<p>${say('codeNoPlaces')}</p>`
          : html`<ul>${places.map((name) => html`<li>${name}</li>`)}</ul>`
      }
      <form method="post" action=${ADDRESS}>
        ${button(view, { label: say('codeDo'), kind: 'primary', icon: 'key' })}
      </form>
    </div>`,
  })
}

/** The only page that ever holds the code. */
function shownPage(view: View, { code, until }: { code: string; until: number }): Html {
  const say = view.say(links)
  return citizenPage(view, {
    title: say('codeShownTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('codeShownTitle'), back: { href: '/me/links', label: say('title') } })}
      <p class="shown-code"><code>${code}</code></p>
      <p>${say('codeUntil', { time: view.format.dateTime(until) })}</p>
      ${notice(view, { tone: 'warning', body: say('codeShown') })}
      ${howTo(view, 1)}
      <div class="row">
        ${buttonLink(view, { label: say('codeBack'), href: '/me/links', kind: 'primary', icon: 'next' })}
      </div>
      <form class="stack tight" method="post" action=${ADDRESS}>
        ${button(view, { label: say('codeAgain'), kind: 'quiet' })}
        <p class="muted small">${say('codeAgainHelp')}</p>
      </form>
    </div>`,
  })
}

function howTo(view: View, current = 0): Html {
  const say = view.say(links)
  return steps(view, {
    label: say('codeTitle'),
    items: [say('codeStep1'), say('codeStep2'), say('codeStep3')],
    current,
  })
}
