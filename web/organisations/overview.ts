import { Router } from 'express'
import { holdsEverywhere, holdsIn, type Organisation } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { go, queryOf, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { nameOf, organisationAddress, organisationPage, rolesWords } from './frame.ts'
import { logoOf } from './logo.ts'
import { organisationOf, rolesIn } from './organisation-of.ts'

const PAGE = 50

export function overviewRoutes(services: WebServices): Router {
  const { organisations: store, memberships } = services
  const member = organisationOf(services, 'member')
  return Router()
    .get(
      '/:organisation',
      member(async (view, organisation, req) => {
        const after = queryOf(req, 'after')
        const answers = holdsIn(viewerOf(view), organisation, 'answer-disputes')
        const [members, parent, parts, waiting] = await Promise.all([
          memberships.count(organisation.id),
          organisation.parent === null ? null : store.get(organisation.parent),
          store.parts(organisation.id, { limit: PAGE, ...(after && { after }) }),
          answers ? services.disputes.count({ organisation: organisation.id }) : null,
        ])
        const props = { organisation, members, parent, parts, waiting }
        return show(overviewPage(view, { ...props, later: after !== '' }))
      }),
    )
    .get(
      '/:organisation/leave',
      member((view, organisation) => show(leavePage(view, organisation))),
    )
    .post(
      '/:organisation/leave',
      member(async (view, organisation) => {
        await memberships.leave(organisation.id, viewerOf(view).id)
        return go('/me', { message: view.say(organisations)('left', { name: nameOf(view, organisation) }) })
      }),
    )
}

interface OverviewProps {
  organisation: Organisation
  members: number
  parent: Organisation | null
  parts: { organisations: readonly Organisation[]; next: string | null }
  /** Disputes; null for who does not answer them. */
  waiting: number | null
  later: boolean
}

function overviewPage(
  view: View,
  { organisation, members, parent, parts, waiting, later }: OverviewProps,
): Html {
  const say = view.say(organisations)
  const address = organisationAddress(organisation)
  const own = rolesIn(view, organisation)
  const operates = holdsEverywhere(viewerOf(view), 'operate')
  const name = nameOf(view, organisation)
  return organisationPage(view, organisation, {
    title: name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${logoOf(organisation)}
        ${heading(view, {
          title: name,
          lead: say(`kind-${organisation.kind}`),
          action:
            holdsIn(viewerOf(view), organisation, 'manage-members') &&
            organisation.state === 'active' &&
            buttonLink(view, {
              label: say('invite'),
              href: `${address}/invitations/new`,
              kind: 'primary',
              icon: 'plus',
            }),
        })}
        ${
          organisation.closed !== null &&
          notice(view, {
            tone: 'warning',
            body: say('closedNotice', { date: view.format.date(organisation.closed) }),
          })
        }
        ${facts([
          ...(parent
            ? [
                [
                  say('parent'),
                  operates
                    ? link({ href: organisationAddress(parent), label: nameOf(view, parent) })
                    : nameOf(view, parent),
                ] as const,
              ]
            : []),
          [say('factMembers'), say('memberCount', { count: members })],
          [say('factSince'), onDate(view, organisation.created)],
          [say('factRoles'), rolesWords(view, own)],
          ...(waiting === null
            ? []
            : [
                [
                  view.say(disputes)('deskTitle'),
                  link({
                    href: `${address}/disputes`,
                    label: view.say(disputes)('waitingCount', { count: waiting }),
                  }),
                ] as const,
              ]),
        ])}
        <div class="row">
          ${operates && buttonLink(view, { label: say('editTitle'), href: `/operator/organisations/${encodeURIComponent(organisation.id)}`, icon: 'edit' })}
          ${own.length > 0 && buttonLink(view, { label: say('leave'), href: `${address}/leave` })}
        </div>
      </section>
      ${
        (parts.organisations.length > 0 || operates || later) &&
        html`<section class="stack">
          <div class="row between wide">
            <h2>${say('partsTitle')}</h2>
            ${
              operates &&
              buttonLink(view, {
                label: say('addPart'),
                href: `/operator/organisations/new?parent=${encodeURIComponent(organisation.id)}`,
                icon: 'plus',
              })
            }
          </div>
          ${parts.organisations.length > 0 && organisationTable(view, parts.organisations, operates)}
          ${pager(view, {
            next: parts.next && `${address}?after=${encodeURIComponent(parts.next)}`,
            first: later ? address : null,
          })}
        </section>`
      }
    </div>`,
  })
}

/** Organisations as rows; each opens where the reader may go. */
export function organisationTable(view: View, rows: readonly Organisation[], opens: boolean): Html {
  const say = view.say(organisations)
  return table({
    caption: say('listTitle'),
    columns: [
      {
        label: say('columnName'),
        cell: (one: Organisation) =>
          opens ? rowLink({ href: organisationAddress(one), label: nameOf(view, one) }) : nameOf(view, one),
      },
      { label: say('columnKind'), cell: (one) => say(`kind-${one.kind}`) },
      {
        label: say('columnState'),
        cell: (one) =>
          one.closed === null
            ? say('state-active')
            : say('closedSince', { date: view.format.date(one.closed) }),
      },
    ],
    rows,
  })
}

function leavePage(view: View, organisation: Organisation): Html {
  const say = view.say(organisations)
  const title = say('leaveTitle', { name: nameOf(view, organisation) })
  const address = organisationAddress(organisation)
  return organisationPage(view, organisation, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: address, label: nameOf(view, organisation) } })}
      <p>${say('leaveBody')}</p>
      ${act(view, { label: say('leaveDo'), action: `${address}/leave`, kind: 'danger' })}
    </div>`,
  })
}
