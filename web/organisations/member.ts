import { type Request, Router } from 'express'
import {
  givable,
  type Membership,
  ORGANISATION_ROLES,
  type Organisation,
  type OrganisationRole,
} from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { checkboxes } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { organisationErrors } from '../i18n/organisation-problems.ts'
import { go, paramOf, type Reply, show, textOf, viewerOf } from '../page.ts'
import { forbiddenPage, notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { organisationAddress, organisationPage, roleOptions, rolesWords } from './frame.ts'
import { memberAddress } from './members.ts'
import { organisationOf } from './organisation-of.ts'

/** Somebody who is, or was, a member. */
export interface Member {
  organisation: Organisation
  person: string
  name: string
  membership: Membership | null
  history: Membership[]
}

/** Hands over the member whom `:person` names, also one who has left, to who manages the organisation. */
export function memberOf(services: WebServices) {
  const managed = organisationOf(services, 'manage-members')
  return (handler: (view: View, member: Member, req: Request) => Reply | Promise<Reply>) =>
    managed(async (view, organisation, req) => {
      const person = paramOf(req, 'person')
      const [membership, history, found] = await Promise.all([
        services.memberships.get(organisation.id, person),
        services.memberships.history(organisation.id, person),
        services.accounts.get(person),
      ])
      if (!membership && history.length === 0) return show(notFoundPage(view), 404)
      const name = found?.name ?? view.say(organisations)('personGone')
      return handler(view, { organisation, person, name, membership, history }, req)
    })
}

export function memberRoutes(services: WebServices): Router {
  const one = memberOf(services)
  const show200 = async (view: View, member: Member, form: Form, status = 200) =>
    show(memberPage(view, member, await givers(services, member), form), status)
  return Router()
    .get(
      '/:organisation/members/:person',
      one((view, member) =>
        show200(view, member, { roles: member.membership?.roles ?? [], reason: '', errors: [] }),
      ),
    )
    .post(
      '/:organisation/members/:person',
      one(async (view, member, req) => {
        const say = view.say(organisations)
        const theirs = givable(viewerOf(view), member.organisation)
        const sent = rolesSent(req).filter((role) => theirs.includes(role))
        // What is not the reader's to give is not in the form, and stays as it is.
        const kept = (member.membership?.roles ?? []).filter((role) => !theirs.includes(role))
        const form = { roles: [...kept, ...sent], reason: textOf(req, 'reason') }
        if (form.roles.length === 0) {
          const errors = [{ field: 'roles', message: say('rolesNone') }]
          return show200(view, member, { ...form, errors }, 400)
        }
        const done = await services.memberships.setRoles({
          organisation: member.organisation.id,
          person: member.person,
          ...form,
          by: viewerOf(view).id,
        })
        if (done && 'ok' in done) {
          const errors = organisationErrors(view, done.problems, 'roles')
          return show200(view, member, { ...form, errors }, done.status)
        }
        return go(memberAddress(member.organisation, member.person), {
          message: say('rolesSaved', { name: member.name }),
        })
      }),
    )
    .get(
      '/:organisation/members/:person/remove',
      one((view, member) => show(removePage(view, member, '', []))),
    )
    .post(
      '/:organisation/members/:person/remove',
      one(async (view, member, req) => {
        // Of an operator who signed in with one step the store does not know it.
        const theirs = givable(viewerOf(view), member.organisation)
        if (member.membership?.roles.some((role) => !theirs.includes(role)))
          return show(forbiddenPage(view, 'operate'), 403)
        const reason = textOf(req, 'reason')
        const done = await services.memberships.setRoles({
          organisation: member.organisation.id,
          person: member.person,
          roles: [],
          reason,
          by: viewerOf(view).id,
        })
        if (done && 'ok' in done) {
          const errors = organisationErrors(view, done.problems, 'reason').map((error) => ({
            ...error,
            field: 'reason',
          }))
          return show(removePage(view, member, reason, errors), done.status)
        }
        return go(memberAddress(member.organisation, member.person), {
          message: view.say(organisations)('removed', { name: member.name }),
        })
      }),
    )
}

/** The roles that were ticked in a form. */
export function rolesSent(req: Request): OrganisationRole[] {
  const sent: unknown = (req.body as Record<string, unknown> | undefined)?.roles
  const values = Array.isArray(sent) ? sent : [sent]
  return ORGANISATION_ROLES.filter((role) => values.includes(role))
}

/** Names of those who gave and took the roles. */
async function givers(services: WebServices, { membership, history }: Member): Promise<Map<string, string>> {
  const ids = [membership?.by, ...history.flatMap(({ by, ended }) => [by, ended?.by])]
  const known = [...new Set(ids)].filter((id) => id !== undefined && !id.startsWith('cli:')) as string[]
  const people = await Promise.all(known.map((id) => services.accounts.get(id)))
  return new Map(people.filter((person) => person !== null).map(({ id, name }) => [id, name]))
}

interface Form {
  roles: readonly OrganisationRole[]
  reason: string
  errors: readonly FieldError[]
}

function memberPage(view: View, member: Member, names: Map<string, string>, form: Form): Html {
  const say = view.say(organisations)
  const { organisation, membership, history, name } = member
  const address = memberAddress(organisation, member.person)
  const who = (by: string) =>
    by.startsWith('cli:') ? say('byCommand') : (names.get(by) ?? say('personGone'))
  const theirs = givable(viewerOf(view), organisation)
  const fixed = (membership?.roles ?? []).filter((role) => !theirs.includes(role))
  return organisationPage(view, organisation, {
    title: name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: name,
          back: { href: `${organisationAddress(organisation)}/members`, label: say('membersTitle') },
        })}
        ${
          membership
            ? facts([
                [say('columnRoles'), rolesWords(view, membership.roles)],
                [say('joined'), onDate(view, membership.joined)],
                [say('rolesSince'), onDate(view, membership.since)],
                [say('givenBy'), who(membership.by)],
              ])
            : notice(view, { tone: 'warning', body: say('notMember') })
        }
        <div class="row">${buttonLink(view, { label: say('handOver'), href: `${address}/lessons`, icon: 'learn' })}</div>
      </section>
      ${
        membership &&
        html`<section class="stack">
          <h2>${say('rolesTitle')}</h2>
          ${errorSummary(view, form.errors)}
          <form class="form" method="post" action=${address} novalidate>
            ${checkboxes(view, {
              name: 'roles',
              label: say('rolesField'),
              options: roleOptions(view, theirs),
              values: form.roles,
              help: fixed.length > 0 && say('fixedRoles', { roles: rolesWords(view, fixed) }),
              error: errorOf(form.errors, 'roles'),
            })}
            ${field(view, {
              name: 'reason',
              label: say('reason'),
              help: say('reasonHelp'),
              value: form.reason,
              maxlength: 500,
              error: errorOf(form.errors, 'reason'),
            })}
            <div class="row">
              ${button(view, { label: say('rolesDo'), kind: 'primary' })}
              ${fixed.length === 0 && buttonLink(view, { label: say('remove'), href: `${address}/remove`, kind: 'danger' })}
            </div>
          </form>
        </section>`
      }
      ${
        history.length > 0 &&
        html`<section class="stack">
          <h2>${say('historyTitle')}</h2>
          ${table({
            caption: say('historyTitle'),
            columns: [
              { label: say('columnRoles'), cell: (one: Membership) => rolesWords(view, one.roles) },
              { label: say('columnSince'), cell: (one) => onDate(view, one.since) },
              { label: say('columnUntil'), cell: (one) => onDate(view, one.until ?? one.since) },
              { label: say('columnEnded'), cell: (one) => endedWords(view, one, who) },
            ],
            rows: history,
          })}
        </section>`
      }
    </div>`,
  })
}

function endedWords(view: View, { ended, person }: Membership, who: (by: string) => string): Html {
  const say = view.say(organisations)
  if (ended?.by === person && ended.reason === '') return say('endedSelf')
  const why = ended?.reason || say('endedMore')
  return html`${why}<br /><span class="muted small">${who(ended?.by ?? '')}</span>`
}

function removePage(view: View, member: Member, reason: string, errors: readonly FieldError[]): Html {
  const say = view.say(organisations)
  const address = memberAddress(member.organisation, member.person)
  const title = say('removeTitle', { name: member.name })
  return organisationPage(view, member.organisation, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: address, label: member.name } })}
      ${errorSummary(view, errors)}
      <p>${say('removeBody')}</p>
      <form class="form" method="post" action=${`${address}/remove`} novalidate>
        ${field(view, {
          name: 'reason',
          label: say('reason'),
          value: reason,
          required: true,
          maxlength: 500,
          error: errorOf(errors, 'reason'),
        })}
        <div class="row">${button(view, { label: say('remove'), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}
