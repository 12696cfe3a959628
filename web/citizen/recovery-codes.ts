import { Router } from 'express'
import { button, buttonLink } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { justProven } from '../confirm.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { recovery as words } from '../i18n/messages/recovery.ts'
import { citizenPage } from '../layout.ts'
import { notify } from '../letters.ts'
import { page, send, show, showOnce, signedIn, viewerOf, viewOf } from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const PATH = '/me/recovery-codes'

/** Codes on paper, for when neither password nor phone is there any more. */
export function recoveryCodeRoutes(services: WebServices): Router {
  const { recovery } = services
  const guard = guardForm(
    [{ tries: 10, of: (req) => `printing of ${req.user?.id}`, all: true }],
    (req, res) => send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  return Router()
    .get(
      PATH,
      signedIn,
      justProven,
      page(async (view) => show(statePage(view, await recovery.printed(viewerOf(view).id)))),
    )
    .post(
      PATH,
      signedIn,
      justProven,
      ...guard,
      page(async (view) => {
        const person = viewerOf(view)
        const codes = await recovery.print(person.id)
        notify(services, person, 'printed')
        return showOnce(codesPage(view, codes))
      }),
    )
}

function statePage(view: View, state: { left: number; made: number } | null): Html {
  const say = view.say(words)
  return citizenPage(view, {
    title: say('codesTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('codesTitle'),
        lead: say('codesLead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      <p>${state ? say('codesLeft', { left: state.left, date: view.format.date(state.made) }) : say('codesNone')}</p>
      <form class="form" method="post" action=${PATH} novalidate>
        ${state && html`<p class="muted">${say('codesEnds')}</p>`}
        <div class="row">${button(view, { label: say(state ? 'codesNewDo' : 'codesDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

/** As it is to be printed: everything that is needed on the day, and nothing else. */
function codesPage(view: View, codes: readonly string[]): Html {
  const say = view.say(words)
  const { name } = viewerOf(view)
  return citizenPage(view, {
    title: say('codesShownTitle'),
    body: html`<div class="stack">
      <h1>${say('codesFor', { name })}</h1>
      <div class="screen-only">${notice(view, { tone: 'warning', body: say('codesShownOnce') })}</div>
      <ol class="codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>
      <p>${say('codesHow', { address: `${view.publicUrl}/recover/printed` })}</p>
      <p class="muted">${say('codesMade', { date: view.format.date(Date.now()) })}</p>
      <p class="muted screen-only">${say('codesPrintHow')}</p>
      <div class="row">${buttonLink(view, { label: say('codesKept'), href: '/me', kind: 'primary' })}</div>
    </div>`,
  })
}
