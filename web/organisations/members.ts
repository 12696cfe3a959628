import { Router } from 'express'
import {
  type Membership,
  ORGANISATION_ROLES,
  type Organisation,
  type OrganisationRole,
  type Person,
} from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { go, queryOf, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { organisationAddress, organisationPage, rolesWords } from './frame.ts'
import { organisationOf } from './organisation-of.ts'

const PAGE = 50
const MAX_QUERY = 100

export const memberAddress = (organisation: Pick<Organisation, 'id'>, person: string) =>
  `${organisationAddress(organisation)}/members/${encodeURIComponent(person)}`

interface Member {
  membership: Membership
  person: Person | null
}

interface ListProps {
  organisation: Organisation
  members: readonly Member[]
  next: string | null
  role: OrganisationRole | undefined
  query: string
  later: boolean
  who: string
  errors: readonly FieldError[]
}

export function memberListRoutes(services: WebServices): Router {
  const { memberships, accounts } = services
  const managed = organisationOf(services, 'manage-members')
  return (
    Router()
      .get(
        '/:organisation/members',
        managed(async (view, organisation, req) => {
          const after = queryOf(req, 'after')
          const role = ORGANISATION_ROLES.find((one) => one === queryOf(req, 'role'))
          const query = queryOf(req, 'q').trim().slice(0, MAX_QUERY)
          const found = await memberships.of(organisation.id, {
            limit: PAGE,
            ...(role && { role }),
            ...(query && { query }),
            ...(after && { after }),
          })
          const asked = { organisation, role, query, later: after !== '', who: '', errors: [] }
          return show(membersPage(view, { ...asked, ...found }))
        }),
      )
      // Sent as a form: an e-mail address or phone number stays out of addresses and what keeps them.
      .post(
        '/:organisation/members',
        managed(async (view, organisation, req) => {
          const who = textOf(req, 'who')
          const person = await accounts.find(who)
          // The same words for who has no account and for who is no member.
          if (person && (await memberships.get(organisation.id, person.id)))
            return go(memberAddress(organisation, person.id))
          const found = await memberships.of(organisation.id, { limit: PAGE })
          const errors = [{ field: 'who', message: view.say(organisations)('findNone') }]
          const asked = { organisation, role: undefined, query: '', later: false, who, errors }
          return show(membersPage(view, { ...asked, ...found }), 404)
        }),
      )
  )
}

function membersPage(view: View, props: ListProps): Html {
  const say = view.say(organisations)
  const { organisation, members, role, query, later } = props
  const address = `${organisationAddress(organisation)}/members`
  const list = (after?: string) => {
    const asked = new URLSearchParams({
      ...(query && { q: query }),
      ...(role && { role }),
      ...(after && { after }),
    })
    return asked.size > 0 ? `${address}?${asked}` : address
  }
  const nobody = members.length === 0 && !later
  return organisationPage(view, organisation, {
    title: say('membersTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('membersTitle'),
        lead: say('membersLead'),
        action:
          organisation.state === 'active' &&
          buttonLink(view, {
            label: say('invite'),
            href: `${organisationAddress(organisation)}/invitations/new`,
            kind: 'primary',
            icon: 'plus',
          }),
      })}
      ${
        nobody && !role && query === ''
          ? emptyState({ title: say('membersEmptyTitle'), body: say('membersEmptyBody') })
          : html`${filters(view, props)}${
              nobody
                ? emptyState({ title: say('membersNoneTitle'), body: say('membersNoneBody') })
                : memberTable(view, organisation, members)
            }`
      }
      ${pager(view, { next: props.next && list(props.next), first: later ? list() : null })}
    </div>`,
  })
}

function filters(view: View, { organisation, role, query, who, errors }: ListProps): Html {
  const say = view.say(organisations)
  const address = `${organisationAddress(organisation)}/members`
  return html`<form class="filters" method="get" action=${address} novalidate>
      ${field(view, {
        name: 'q',
        label: say('columnMember'),
        value: query,
        type: 'search',
        unmarked: true,
        maxlength: MAX_QUERY,
      })}
      ${select(view, {
        name: 'role',
        label: say('roleField'),
        empty: say('roleAny'),
        options: ORGANISATION_ROLES.map((one) => ({ value: one, label: say(`role-${one}`) })),
        value: role,
        unmarked: true,
      })}
      ${button(view, { label: say('filter'), icon: 'search' })}
      ${(query !== '' || role) && buttonLink(view, { label: say('clear'), href: address, kind: 'quiet' })}
    </form>
    <form class="filters" method="post" action=${address} novalidate>
      ${field(view, {
        name: 'who',
        label: say('findField'),
        value: who,
        unmarked: true,
        autocomplete: 'off',
        error: errorOf(errors, 'who'),
      })}
      ${button(view, { label: say('find'), icon: 'search' })}
    </form>`
}

function memberTable(view: View, organisation: Organisation, members: readonly Member[]): Html {
  const say = view.say(organisations)
  return table({
    caption: say('membersTitle'),
    columns: [
      {
        label: say('columnMember'),
        cell: ({ membership, person }: Member) =>
          rowLink({
            href: memberAddress(organisation, membership.person),
            label: person?.name ?? say('personGone'),
          }),
      },
      { label: say('columnRoles'), cell: ({ membership }) => rolesWords(view, membership.roles) },
      { label: say('columnSince'), cell: ({ membership }) => onDate(view, membership.joined) },
    ],
    rows: members,
  })
}
