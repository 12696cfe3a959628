import { Router } from 'express'
import type { Passkey } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { passkeyForm } from '../components/passkey-form.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { justProven } from '../confirm.ts'
import { deviceOf } from '../device.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { security } from '../i18n/messages/security.ts'
import { explainAccountProblem } from '../i18n/problems.ts'
import { citizenPage } from '../layout.ts'
import { notify } from '../letters.ts'
import { go, json, page, show, signedIn, textOf, viewerOf } from '../page.ts'
import { keepChallenge, passkeysPossible, siteOf, takeChallenge } from '../passkey-challenge.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { deviceWords } from './sessions.ts'

const PAGE = '/me/passkeys'

/** Where people add and remove the keys that their devices keep. */
export function passkeyRoutes(services: WebServices): Router {
  const { passkeys } = services
  const site = siteOf(services)
  return Router()
    .get(
      PAGE,
      signedIn,
      page(async (view) => show(listPage(view, await passkeys.of(viewerOf(view).id)))),
    )
    .get(
      `${PAGE}/new`,
      signedIn,
      justProven,
      page((view, req) => show(newPage(view, deviceWords(view, deviceOf(req.get('user-agent'))), []))),
    )
    .post(
      `${PAGE}/options`,
      signedIn,
      justProven,
      page(async (view, req) => {
        const { options, challenge } = await passkeys.registration(viewerOf(view), site)
        await keepChallenge(req, 'add', challenge)
        return json(options)
      }),
    )
    .post(
      `${PAGE}/new`,
      signedIn,
      justProven,
      page(async (view, req) => {
        const [name, response] = [textOf(req, 'name'), textOf(req, 'response')]
        const challenge = await takeChallenge(req, 'add')
        const added = await passkeys.add(viewerOf(view), { site, challenge, response, name })
        if ('ok' in added) {
          const errors = added.problems.map((each) => ({
            field: 'name',
            message: explainAccountProblem(view, each),
          }))
          return show(newPage(view, name, errors), added.status)
        }
        notify(services, viewerOf(view), 'passkey-added')
        return go(PAGE, { message: view.say(security)('passkeyAdded', { name: added.name }) })
      }),
    )
    .post(
      `${PAGE}/remove`,
      signedIn,
      justProven,
      page(async (view, req) => {
        const removed = await passkeys.remove(viewerOf(view).id, textOf(req, 'passkey'))
        if (removed) notify(services, viewerOf(view), 'passkey-removed')
        return go(PAGE, { message: view.say(security)(removed ? 'passkeyRemoved' : 'passkeyGone') })
      }),
    )
}

function listPage(view: View, all: readonly Passkey[]): Html {
  const say = view.say(security)
  const possible = passkeysPossible(view)
  return citizenPage(view, {
    title: say('passkeysTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('passkeysTitle'),
        lead: say('passkeysLead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${!possible && notice(view, { tone: 'warning', body: say('passkeysImpossible') })}
      ${
        all.length > 0
          ? passkeyTable(view, all)
          : emptyState({ title: say('passkeysEmpty'), body: say('passkeysEmptyBody') })
      }
      ${possible && buttonLink(view, { label: say('passkeyAdd'), href: `${PAGE}/new`, icon: 'plus', kind: 'primary' })}
    </div>`,
  })
}

function passkeyTable(view: View, rows: readonly Passkey[]): Html {
  const say = view.say(security)
  return table({
    caption: say('passkeysTitle'),
    columns: [
      { label: say('passkeyName'), cell: (each: Passkey) => each.name },
      { label: say('passkeyCreated'), cell: (each) => onDate(view, each.created) },
      {
        label: say('passkeyUsed'),
        cell: (each) => (each.used === null ? say('passkeyNever') : onDate(view, each.used)),
      },
      {
        label: say('passkeyRemove'),
        cell: (each) => html`<form method="post" action=${`${PAGE}/remove`}>
          <button class="button" name="passkey" value=${each.id}
            aria-label=${say('passkeyRemoveOf', { name: each.name })}>${say('passkeyRemove')}</button>
        </form>`,
      },
    ],
    rows,
  })
}

function newPage(view: View, name: string, errors: readonly FieldError[]): Html {
  const say = view.say(security)
  return citizenPage(view, {
    title: say('passkeyAdd'),
    scripts: ['passkey'],
    body: html`<div class="stack">
      ${heading(view, {
        title: say('passkeyAdd'),
        lead: say('passkeyAddLead'),
        back: { href: PAGE, label: say('passkeysTitle') },
      })}
      ${errorSummary(view, errors)}
      ${passkeyForm(view, {
        act: 'create',
        action: `${PAGE}/new`,
        options: `${PAGE}/options`,
        fields: field(view, {
          name: 'name',
          label: say('passkeyName'),
          help: say('passkeyNameHelp'),
          value: name,
          error: errorOf(errors, 'name'),
          required: true,
          maxlength: 60,
        }),
        look: { label: say('passkeyAddDo'), kind: 'primary' },
      })}
    </div>`,
  })
}
