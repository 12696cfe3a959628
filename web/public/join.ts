import { type Request, type Response, Router } from 'express'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { details } from '../components/details.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { explainOrganisationProblem } from '../i18n/organisation-problems.ts'
import { publicPage } from '../layout.ts'
import { nameOf, organisationAddress, roleOptions } from '../organisations/frame.ts'
import { logoOf } from '../organisations/logo.ts'
import { go, send, show, signedIn, textOf, viewerOf, viewOf } from '../page.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'

/**
 * Holds the secret while its holder signs in or registers: in their browser alone, for these pages alone, and until it is
 * closed. The server keeps only its hash.
 */
const COOKIE = 'invitation'

/** Where an invitation is looked at and accepted or declined. A link's token stands behind #, so it is in no address. */
export function joinRoutes(services: WebServices): Router {
  const { invitations } = services
  const cookie = {
    httpOnly: true,
    sameSite: 'lax',
    secure: services.publicUrl.startsWith('https:'),
    path: '/join',
  } as const
  const secretOf = (req: Request) => {
    const held: unknown = req.cookies?.[COOKIE]
    return typeof held === 'string' ? held : ''
  }
  const forget = (res: Response) => res.clearCookie(COOKIE, cookie)
  const guard = guardForm([{ tries: 20, of: (req) => `invitation at ${addressOf(req)}` }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  const refuse = (req: Request, res: Response, status: number, message: string) =>
    send(req, res, show(secretPage(viewOf(res), [{ field: 'invitation', message }]), status))

  return Router()
    .get('/join', ...guard, async (req, res) => {
      const view = viewOf(res)
      const secret = secretOf(req)
      if (secret === '') return send(req, res, show(secretPage(view, [])))
      const found = await invitations.look(secret)
      if (!('ok' in found)) return send(req, res, show(invitedPage(view, found)))
      forget(res)
      refuse(req, res, found.status, explainOrganisationProblem(view, found.problems[0]!))
    })
    .post('/join', ...guard, async (req, res) => {
      const view = viewOf(res)
      const secret = textOf(req, 'invitation')
      if (secret === '') return refuse(req, res, 400, view.say(organisations)('secretMissing'))
      const found = await invitations.look(secret)
      if ('ok' in found)
        return refuse(req, res, found.status, explainOrganisationProblem(view, found.problems[0]!))
      res.cookie(COOKIE, secret.slice(secret.lastIndexOf('#') + 1), cookie)
      send(req, res, go('/join'))
    })
    .post('/join/accept', signedIn, ...guard, async (req, res) => {
      const view = viewOf(res)
      const say = view.say(organisations)
      const done = await invitations.accept(secretOf(req), viewerOf(view).id)
      forget(res)
      if ('ok' in done)
        return refuse(req, res, done.status, explainOrganisationProblem(view, done.problems[0]!))
      const { organisation } = done
      send(
        req,
        res,
        organisation
          ? go(organisationAddress(organisation), {
              message: say('accepted', { name: nameOf(view, organisation) }),
            })
          : go('/operator', { message: say('acceptedOperator') }),
      )
    })
    .post('/join/decline', signedIn, async (req, res) => {
      const view = viewOf(res)
      await invitations.decline(secretOf(req), viewerOf(view).id)
      forget(res)
      send(req, res, go('/', { message: view.say(organisations)('declined') }))
    })
}

function secretPage(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(organisations)
  return publicPage(view, {
    title: say('joinTitle'),
    scripts: ['join'],
    body: html`<div class="stack">
      ${heading(view, { title: say('joinTitle'), lead: say('joinLead') })}
      ${errorSummary(view, errors)}
      ${secretForm(view, errors, 'primary')}
    </div>`,
  })
}

function secretForm(view: View, errors: readonly FieldError[], kind: 'primary' | 'plain'): Html {
  const say = view.say(organisations)
  return html`<form class="form" method="post" action="/join" novalidate data-join>
    ${field(view, {
      name: 'invitation',
      label: say('secretField'),
      required: true,
      autocomplete: 'off',
      maxlength: 300,
      error: errorOf(errors, 'invitation'),
    })}
    <div class="row">${button(view, { label: say('joinLook'), kind })}</div>
  </form>`
}

type Found = Exclude<Awaited<ReturnType<WebServices['invitations']['look']>>, { ok: false }>

function invitedPage(view: View, { invitation, organisation, inviter }: Found): Html {
  const say = view.say(organisations)
  const tenant = { tenant: view.tenantName }
  const name = organisation ? nameOf(view, organisation) : view.tenantName
  const title = say('invitedTitle', { name })
  const roles = organisation
    ? html`<ul class="plain">
        ${roleOptions(view, invitation.roles).map(({ label, help }) => html`<li><strong>${label}</strong>: ${help}</li>`)}
      </ul>`
    : say('about-operator', tenant)
  return publicPage(view, {
    title,
    // Another link opened meanwhile takes the place of this one.
    scripts: ['join'],
    body: html`<div class="stack">
      ${organisation && logoOf(organisation)}
      ${heading(view, { title, lead: organisation && say(`kind-${organisation.kind}`) })}
      ${facts([
        [say('invitedBy'), inviter ?? say('invitedByMachine')],
        [say('invitedRoles'), roles],
      ])}
      ${
        view.viewer
          ? html`<p class="muted">${say('asWho', { name: view.viewer.name })}</p>
              <div class="row">
                ${act(view, { label: say('acceptDo'), action: '/join/accept', kind: 'primary' })}
                ${act(view, { label: say('declineDo'), action: '/join/decline' })}
              </div>`
          : html`<p class="muted">${say('signInFirst')}</p>
              <div class="row">
                ${buttonLink(view, { label: say('signIn'), href: '/sign-in?next=/join', kind: 'primary' })}
                ${buttonLink(view, { label: say('register'), href: '/register?next=/join' })}
              </div>`
      }
      ${details({ summary: say('otherInvitation'), body: secretForm(view, [], 'plain') })}
    </div>`,
  })
}
