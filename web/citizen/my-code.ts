import { Router } from 'express'
import { act, button } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { qr } from '../components/qr.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { confirmations as words } from '../i18n/messages/confirmations.ts'
import { citizenPage } from '../layout.ts'
import { go, page, send, show, showOnce, signedIn, textOf, viewerOf, viewOf } from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

export const MY_CODE = '/me/code'

/** A code to show to staff who have to find one, and whether they may find one by name. */
export function myCodeRoutes(services: WebServices): Router {
  const { directory } = services
  const guard = guardForm([{ tries: 30, all: true, of: (req) => `code of ${req.user?.id}` }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  return Router()
    .get(
      MY_CODE,
      signedIn,
      page(async (view) => {
        const findable = await directory.isFindable(viewerOf(view).id)
        return show(codePage(view, { findable, shown: null }))
      }),
    )
    .post(
      MY_CODE,
      signedIn,
      ...guard,
      page(async (view) => {
        const person = viewerOf(view).id
        const findable = await directory.isFindable(person)
        return showOnce(codePage(view, { findable, shown: await directory.codes.make(person) }))
      }),
    )
    .post(
      `${MY_CODE}/findable`,
      signedIn,
      page(async (view, req) => {
        await directory.setFindable(viewerOf(view).id, textOf(req, 'findable') === 'yes')
        return go(MY_CODE, { message: view.say(words)('findSaved') })
      }),
    )
}

function codePage(
  view: View,
  { findable, shown }: { findable: boolean; shown: { code: string; until: number } | null },
): Html {
  const say = view.say(words)
  return citizenPage(view, {
    title: say('codeTitle'),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: say('codeTitle'),
          lead: say('codeLead'),
          back: { href: '/me', label: view.say(account)('meTitle') },
        })}
        ${
          shown &&
          html`<p class="shown-code"><code>${shown.code.replace(/(\d{4})(?=.)/, '$1 ')}</code></p>
            ${qr({ text: shown.code, label: say('codeQr') })}
            <p>${say('codeUntil', { time: view.format.dateTime(shown.until) })}</p>`
        }
        ${notice(view, { tone: 'warning', body: say('codeCare') })}
        <form method="post" action=${MY_CODE}>
          ${button(view, { label: say(shown ? 'codeAgain' : 'codeDo'), kind: shown ? 'plain' : 'primary', icon: 'key' })}
        </form>
      </section>
      <section class="stack">
        <h2>${say('findTitle')}</h2>
        <p>${say(findable ? 'findOn' : 'findOff')}</p>
        ${act(view, {
          label: say(findable ? 'findHide' : 'findShow'),
          action: `${MY_CODE}/findable`,
          fields: { findable: findable ? 'no' : 'yes' },
        })}
      </section>
    </div>`,
  })
}
