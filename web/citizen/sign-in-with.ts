import { Router } from 'express'
import type { ProviderTie } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { justProven } from '../confirm.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { security } from '../i18n/messages/security.ts'
import { citizenPage } from '../layout.ts'
import { notify } from '../letters.ts'
import { go, page, show, signedIn, textOf, viewerOf } from '../page.ts'
import type { Provider } from '../provider.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const PAGE = '/me/sign-in-with'

/** By which providers a person signs in here. */
export function signInWithRoutes(services: WebServices): Router {
  const { providers, providerTies } = services
  return Router()
    .get(
      PAGE,
      signedIn,
      page(async (view) => show(listPage(view, providers, await providerTies.of(viewerOf(view).id)))),
    )
    .post(
      `${PAGE}/remove`,
      signedIn,
      justProven,
      page(async (view, req) => {
        const removed = await providerTies.remove(viewerOf(view).id, textOf(req, 'tie'))
        const say = view.say(security)
        if (removed !== true) return go(PAGE, { message: say('providerLast') })
        notify(services, viewerOf(view), 'provider-removed')
        return go(PAGE, { message: say('providerRemoved') })
      }),
    )
}

function listPage(view: View, providers: readonly Provider[], ties: readonly ProviderTie[]): Html {
  const say = view.say(security)
  const others = providers.filter(({ id }) => !ties.some(({ provider }) => provider === id))
  return citizenPage(view, {
    title: say('providersTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('providersTitle'),
        lead: say('providersLead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${
        ties.length > 0
          ? tieTable(view, providers, ties)
          : emptyState({
              title: say('providersEmpty'),
              body: say(providers.length > 0 ? 'providersEmptyBody' : 'providersNone', {
                tenant: view.tenantName,
              }),
            })
      }
      <div class="row">
        ${others.map(({ id, name }) =>
          buttonLink(view, {
            label: say('providerConnect', { name }),
            href: `/sign-in/with/${id}?device=own&next=${encodeURIComponent(PAGE)}`,
            icon: 'link',
          }),
        )}
      </div>
    </div>`,
  })
}

function tieTable(view: View, providers: readonly Provider[], rows: readonly ProviderTie[]): Html {
  const say = view.say(security)
  const nameOf = ({ provider }: ProviderTie) => providers.find(({ id }) => id === provider)?.name ?? provider
  return table({
    caption: say('providersTitle'),
    columns: [
      { label: say('providerName'), cell: nameOf },
      { label: say('providerSince'), cell: (each) => onDate(view, each.added) },
      { label: say('passkeyUsed'), cell: (each) => onDate(view, each.used) },
      {
        label: say('passkeyRemove'),
        cell: (each) => html`<form method="post" action=${`${PAGE}/remove`}>
          <button class="button" name="tie" value=${each.tie}
            aria-label=${say('passkeyRemoveOf', { name: nameOf(each) })}>${say('passkeyRemove')}</button>
        </form>`,
      },
    ],
    rows,
  })
}
