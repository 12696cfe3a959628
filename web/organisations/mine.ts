import { buttonLink } from '../components/button.ts'
import { rowLink, table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { nameOf, organisationAddress, rolesWords } from './frame.ts'

/** The reader's organisations, for the account page. */
export async function myOrganisations(view: View, services: WebServices): Promise<Html> {
  const say = view.say(organisations)
  const held = viewerOf(view).memberships ?? []
  const known = await services.organisations.getMany(held.map(({ organisation }) => organisation))
  const rows = held.flatMap(({ organisation: id, roles }) => {
    const organisation = known.get(id)
    return organisation ? [{ organisation, roles }] : []
  })
  return html`<section class="stack">
    <h2>${say('mineTitle')}</h2>
    ${
      rows.length === 0
        ? html`<p class="muted">${say('mineEmpty')}</p>`
        : table({
            caption: say('mineTitle'),
            columns: [
              {
                label: say('columnName'),
                cell: ({ organisation }: (typeof rows)[number]) =>
                  rowLink({ href: organisationAddress(organisation), label: nameOf(view, organisation) }),
              },
              { label: say('columnRoles'), cell: ({ roles }) => rolesWords(view, roles) },
              {
                label: say('columnState'),
                cell: ({ organisation: { closed } }) =>
                  closed === null
                    ? say('state-active')
                    : say('closedSince', { date: view.format.date(closed) }),
              },
            ],
            rows,
          })
    }
    <div class="row">${buttonLink(view, { label: say('mineJoin'), href: '/join', icon: 'link' })}</div>
  </section>`
}
