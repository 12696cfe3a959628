import { type Request, Router } from 'express'
import {
  givable,
  type Invitation,
  MOST_INVITED,
  MOST_INVITED_DAYS,
  type Organisation,
} from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { checkboxes, radios } from '../components/choice.ts'
import { copyField } from '../components/copy-field.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { organisationErrors } from '../i18n/organisation-problems.ts'
import { go, queryOf, show, showOnce, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { nameOf, organisationAddress, organisationPage, roleOptions, rolesWords } from './frame.ts'
import { rolesSent } from './member.ts'
import { organisationOf } from './organisation-of.ts'

const PAGE = 50

export function invitationRoutes(services: WebServices): Router {
  const { invitations } = services
  const managed = organisationOf(services, 'manage-members')
  return (
    Router()
      .get(
        '/:organisation/invitations',
        managed(async (view, organisation, req) => {
          const after = queryOf(req, 'after')
          const found = await invitations.of(organisation.id, { limit: PAGE, ...(after && { after }) })
          return show(listPage(view, organisation, { ...found, later: after !== '' }))
        }),
      )
      .get(
        '/:organisation/invitations/new',
        managed((view, organisation) =>
          show(
            formPage(view, organisation, {
              roles: [],
              kind: 'link',
              uses: '1',
              days: '7',
              errors: [],
            }),
          ),
        ),
      )
      .post(
        '/:organisation/invitations/new',
        managed(async (view, organisation, req) => {
          const kind = textOf(req, 'kind') === 'code' ? ('code' as const) : ('link' as const)
          // As signed in now: of an operator with one step the store does not know it.
          const theirs = givable(viewerOf(view), organisation)
          const roles = rolesSent(req).filter((role) => theirs.includes(role))
          const sent = { roles, kind, uses: textOf(req, 'uses'), days: textOf(req, 'days') }
          const made = await invitations.make({
            organisation: organisation.id,
            roles: sent.roles,
            kind,
            uses: wholeOf(sent.uses),
            days: wholeOf(sent.days),
            by: viewerOf(view).id,
          })
          if ('ok' in made) {
            const errors = organisationErrors(view, made.problems, 'roles')
            return show(formPage(view, organisation, { ...sent, errors }), made.status)
          }
          return showOnce(madePage(view, organisation, made))
        }),
      )
      // Which one is told in the form: its name is made from the secret, and stays out of addresses.
      .post(
        '/:organisation/invitations/revoke',
        managed(async (view, organisation, req: Request) => {
          await invitations.revoke(organisation.id, textOf(req, 'invitation'), viewerOf(view).id)
          return go(`${organisationAddress(organisation)}/invitations`, {
            message: view.say(organisations)('revoked'),
          })
        }),
      )
  )
}

const wholeOf = (text: string) => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN)

function listPage(
  view: View,
  organisation: Organisation,
  props: { invitations: readonly Invitation[]; next: string | null; later: boolean },
): Html {
  const say = view.say(organisations)
  const address = `${organisationAddress(organisation)}/invitations`
  return organisationPage(view, organisation, {
    title: say('invitationsTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('invitationsTitle'),
        lead: say('invitationsLead'),
        action:
          organisation.state === 'active' &&
          buttonLink(view, {
            label: say('newInvitation'),
            href: `${address}/new`,
            kind: 'primary',
            icon: 'plus',
          }),
      })}
      ${
        props.invitations.length === 0
          ? emptyState({ title: say('invitationsEmptyTitle'), body: say('invitationsEmptyBody') })
          : table({
              caption: say('invitationsTitle'),
              columns: [
                { label: say('columnRoles'), cell: (one: Invitation) => rolesWords(view, one.roles) },
                { label: say('columnKindOf'), cell: (one) => say(`invitation-${one.kind}`) },
                {
                  label: say('columnUses'),
                  cell: (one) => say('uses', { accepted: one.accepted, all: one.accepted + one.left }),
                },
                { label: say('columnExpires'), cell: (one) => view.format.dateTime(one.expires) },
                {
                  label: say('columnAct'),
                  cell: (one) =>
                    act(view, {
                      label: say('revoke'),
                      action: `${address}/revoke`,
                      fields: { invitation: one.id },
                    }),
                },
              ],
              rows: props.invitations,
            })
      }
      ${pager(view, {
        next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
        first: props.later ? address : null,
      })}
    </div>`,
  })
}

function formPage(
  view: View,
  organisation: Organisation,
  sent: {
    roles: readonly string[]
    kind: string
    uses: string
    days: string
    errors: readonly FieldError[]
  },
): Html {
  const say = view.say(organisations)
  const address = `${organisationAddress(organisation)}/invitations`
  const title = say('inviteTitle', { name: nameOf(view, organisation) })
  return organisationPage(view, organisation, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: address, label: say('invitationsTitle') } })}
      ${errorSummary(view, sent.errors)}
      <form class="form" method="post" action=${`${address}/new`} novalidate>
        ${checkboxes(view, {
          name: 'roles',
          label: say('inviteRoles'),
          options: roleOptions(view, givable(viewerOf(view), organisation)),
          values: sent.roles,
          error: errorOf(sent.errors, 'roles'),
        })}
        ${radios(view, {
          name: 'kind',
          label: say('kindField'),
          required: true,
          options: [
            { value: 'link', label: say('kindLink'), help: say('kindLinkHelp') },
            { value: 'code', label: say('kindCode'), help: say('kindCodeHelp') },
          ],
          value: sent.kind,
        })}
        ${field(view, {
          name: 'uses',
          label: say('usesField'),
          help: say('usesHelp', { most: MOST_INVITED }),
          value: sent.uses,
          required: true,
          inputmode: 'numeric',
          maxlength: 4,
          error: errorOf(sent.errors, 'uses'),
        })}
        ${field(view, {
          name: 'days',
          label: say('daysField'),
          help: say('daysHelp', { most: MOST_INVITED_DAYS }),
          value: sent.days,
          required: true,
          inputmode: 'numeric',
          maxlength: 3,
          error: errorOf(sent.errors, 'days'),
        })}
        <div class="row">${button(view, { label: say('inviteDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

function madePage(
  view: View,
  organisation: Organisation,
  { invitation, secret }: { invitation: Invitation; secret: string },
): Html {
  const say = view.say(organisations)
  const until = view.format.dateTime(invitation.expires)
  const join = `${view.publicUrl}/join`
  return organisationPage(view, organisation, {
    title: say('madeTitle'),
    scripts: ['copy'],
    body: html`<div class="stack">
      ${heading(view, { title: say('madeTitle') })}
      ${notice(view, { tone: 'warning', body: say('madeLead') })}
      ${
        invitation.kind === 'code'
          ? html`<div class="stack tight">
              <p>${say('codeHow', { address: join, time: until })}</p>
              <p class="shown-code"><code id="secret">${secret}</code></p>
            </div>`
          : // Behind #: no browser sends that part, so no server, log or preview robot ever sees it.
            copyField(view, { id: 'secret', label: say('linkField'), value: `${join}#${secret}` })
      }
      ${facts([
        [say('madeRoles'), rolesWords(view, invitation.roles)],
        [say('madeUses'), say('madePeople', { count: invitation.left })],
        [say('madeUntil'), until],
      ])}
      ${buttonLink(view, {
        label: say('madeDone'),
        href: `${organisationAddress(organisation)}/invitations`,
        kind: 'primary',
      })}
    </div>`,
  })
}
