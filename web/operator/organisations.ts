import { Router } from 'express'
import { button, buttonLink } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { organisationTable } from '../organisations/overview.ts'
import { page, queryOf, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { organisationFormRoutes } from './organisation-form.ts'
import { organisationLogoRoutes } from './organisation-logo.ts'

const PAGE = 50
const MAX_QUERY = 100
const STATES = ['active', 'closed'] as const
const ADDRESS = '/operator/organisations'

export function organisationRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/organisations',
      page(async (view, req) => {
        const query = queryOf(req, 'q').trim().slice(0, MAX_QUERY)
        const state = STATES.find((one) => one === queryOf(req, 'state'))
        const after = queryOf(req, 'after')
        const found = await services.organisations.list({
          limit: PAGE,
          ...(query && { query }),
          ...(state && { state }),
          ...(after && { after }),
        })
        return show(listPage(view, { ...found, query, state, later: after !== '' }))
      }),
    )
    .use(organisationFormRoutes(services), organisationLogoRoutes(services))
}

interface ListProps extends Awaited<ReturnType<WebServices['organisations']['list']>> {
  query: string
  state: (typeof STATES)[number] | undefined
  later: boolean
}

function listPage(view: View, { organisations: rows, next, query, state, later }: ListProps): Html {
  const say = view.say(organisations)
  const address = (after?: string) => {
    const asked = new URLSearchParams({
      ...(query && { q: query }),
      ...(state && { state }),
      ...(after && { after }),
    })
    return asked.size > 0 ? `${ADDRESS}?${asked}` : ADDRESS
  }
  const asks = query !== '' || state !== undefined
  const nothing = rows.length === 0 && !later
  return operatorPage(view, {
    title: say('listTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('listTitle'),
        lead: say('listLead'),
        action: buttonLink(view, {
          label: say('create'),
          href: `${ADDRESS}/new`,
          kind: 'primary',
          icon: 'plus',
        }),
      })}
      ${(!nothing || asks) && filterForm(view, query, state)}
      ${
        nothing
          ? emptyState(
              asks
                ? { title: say('noneTitle'), body: say('noneBody') }
                : { title: say('emptyTitle'), body: say('emptyBody') },
            )
          : organisationTable(view, rows, true)
      }
      ${pager(view, { next: next && address(next), first: later ? address() : null })}
    </div>`,
  })
}

function filterForm(view: View, query: string, state: string | undefined): Html {
  const say = view.say(organisations)
  return html`<form class="filters" method="get" action=${ADDRESS} novalidate>
    ${field(view, {
      name: 'q',
      label: say('searchField'),
      value: query,
      type: 'search',
      unmarked: true,
      maxlength: MAX_QUERY,
    })}
    ${select(view, {
      name: 'state',
      label: say('stateField'),
      empty: say('stateAny'),
      options: STATES.map((one) => ({ value: one, label: say(`state-${one}`) })),
      value: state,
      unmarked: true,
    })}
    ${button(view, { label: say('search'), icon: 'search' })}
    ${(query || state) && buttonLink(view, { label: say('clear'), href: ADDRESS, kind: 'quiet' })}
  </form>`
}
