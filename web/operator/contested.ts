import { Router } from 'express'
import type { Link, Person } from '../../profiles/index.ts'
import { act } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { operator } from '../i18n/messages/operator.ts'
import { go, page, paramOf, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { personAddress } from './people.ts'
import { identifierCell } from './person.ts'

interface Row {
  link: Link & { id: string }
  person: Person | null
}

/** Links that this officer made and that the learners say are wrong. */
export function contestedRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/contested',
      page(async (view) => {
        const all = await services.links.contested(viewerOf(view).id)
        const rows = await Promise.all(
          all.map(async (each) => ({ link: each, person: await services.accounts.get(each.person) })),
        )
        return show(contestedPage(view, rows))
      }),
    )
    .post(
      '/contested/:link',
      page(async (view, req) => {
        await services.links.noticed(viewerOf(view).id, paramOf(req, 'link'))
        return go('/operator/contested')
      }),
    )
}

function contestedPage(view: View, rows: readonly Row[]): Html {
  const say = view.say(links)
  return operatorPage(view, {
    title: say('contestedTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('contestedTitle'), lead: say('contestedLead') })}
      ${
        rows.length === 0
          ? emptyState({ title: say('contestedEmpty'), body: say('contestedEmptyBody') })
          : table({
              caption: say('contestedTitle'),
              columns: [
                {
                  label: say('contestedPerson'),
                  cell: ({ person }: Row) =>
                    person ? link({ href: personAddress(person), label: person.name }) : '–',
                },
                { label: say('account'), cell: (each) => identifierCell(view, each.link.agent) },
                { label: view.say(operator)('columnReason'), cell: (each) => each.link.reason },
                { label: say('contestedAt'), cell: (each) => when(view, each.link.until ?? 0) },
                {
                  label: say('state'),
                  cell: (each) =>
                    act(view, {
                      label: say('noticed'),
                      action: `/operator/contested/${encodeURIComponent(each.link.id)}`,
                      icon: 'check',
                    }),
                },
              ],
              rows,
            })
      }
    </div>`,
  })
}
