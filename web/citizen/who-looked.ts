import { Router } from 'express'
import type { Access } from '../../profiles/index.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { access } from '../i18n/messages/access.ts'
import { account } from '../i18n/messages/account.ts'
import { citizenPage } from '../layout.ts'
import { nameOf } from '../organisations/frame.ts'
import { page, queryOf, show, signedIn, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { sourceNames } from './source-names.ts'

const PAGE = 50
export const WHO_LOOKED = '/me/access'

/** Who looked at one's record, when, at what and what for. */
export function whoLookedRoutes(services: WebServices): Router {
  return Router().get(
    WHO_LOOKED,
    signedIn,
    page(async (view, req) => {
      const after = queryOf(req, 'after')
      const found = await services.accesses.of(viewerOf(view).id, { limit: PAGE, ...(after && { after }) })
      const names = await namesIn(view, services, found.accesses)
      return show(whoLookedPage(view, { ...found, names, later: after !== '' }))
    }),
  )
}

interface Names {
  person(id: string): string | undefined
  organisation(id: string): string | undefined
  source(id: string): string | undefined
}

async function namesIn(view: View, services: WebServices, all: readonly Access[]): Promise<Names> {
  const unique = (ids: (string | null)[]) => [...new Set(ids)].filter((id): id is string => id !== null)
  const [source, organisations, persons] = await Promise.all([
    sourceNames(services),
    services.organisations.getMany(unique(all.map(({ organisation }) => organisation))),
    Promise.all(unique(all.map(({ reader }) => reader)).map((id) => services.accounts.get(id))),
  ])
  return {
    source,
    person: (id) => persons.find((each) => each?.id === id)?.name,
    organisation(id) {
      const one = organisations.get(id)
      return one && nameOf(view, one)
    },
  }
}

function whoLookedPage(
  view: View,
  props: { accesses: readonly Access[]; next: string | null; later: boolean; names: Names },
): Html {
  const say = view.say(access)
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${
        props.accesses.length === 0 && !props.later
          ? emptyState({ title: say('none'), body: say('noneBody') })
          : table({
              caption: say('title'),
              columns: [
                { label: say('columnWho'), cell: (each: Access) => whoWords(view, each, props.names) },
                {
                  label: say('columnWhen'),
                  cell: ({ at }) =>
                    html`<time datetime=${new Date(at).toISOString()}>${view.format.dateTime(at)}</time>`,
                },
                { label: say('columnWhat'), cell: ({ what }) => say(`what-${what}`) },
                {
                  label: say('columnWhy'),
                  cell: ({ purpose, words }) => say(`why-${purpose}`, { words: words ?? '' }),
                },
              ],
              rows: props.accesses,
            })
      }
      ${pager(view, {
        next: props.next && `${WHO_LOOKED}?after=${encodeURIComponent(props.next)}`,
        first: props.later ? WHO_LOOKED : null,
      })}
      <p class="muted small">${say('notYou')}</p>
    </div>`,
  })
}

/** The person and for whom they read; or the system. */
function whoWords(view: View, { reader, organisation, source }: Access, names: Names): Html {
  const say = view.say(access)
  if (reader === null) return say('credential', { source: names.source(source ?? '') ?? source ?? '' })
  const place = organisation === null ? say('operator') : (names.organisation(organisation) ?? '')
  return html`${names.person(reader) ?? say('someone')}<br /><span class="muted small">${place}</span>`
}
