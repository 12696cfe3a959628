import { Router } from 'express'
import { allows, type Credential, SCOPES, type Source } from '../../lrs/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { checkboxes, radios } from '../components/choice.ts'
import { dialog } from '../components/dialog.ts'
import { errorOf, errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import { operatorPage } from '../operator/frame.ts'
import { go, type Reply, show, showOnce, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { isValid, lastUse } from './connection.ts'
import { credentialAddress, credentialBadge } from './credentials.ts'
import { secretPage } from './issue.ts'
import { scopeList, scopeOptions, scopesIn } from './scopes.ts'
import { type CredentialHandler, credentialOf, sourceAddress } from './source-of.ts'

interface Held {
  credential: Credential
  source: Source
}
/** Hours that the old key may stay valid. */
const OVERLAPS = ['0', '24', '168'] as const

export function credentialRoutes(services: WebServices): Router {
  const held = credentialOf(services)
  /** One that still does something; others are only looked at. */
  const living = (handler: CredentialHandler) =>
    held((view, each, req) =>
      isValid(each.credential) ? handler(view, each, req) : ended(view, each.credential),
    )

  return Router()
    .get(
      '/credentials/:key',
      held((view, each) => {
        const used = lastUse(services.requests.recent(each.source.id), each.credential.key)
        return show(credentialPage(view, each, used))
      }),
    )
    .get(
      '/credentials/:key/rotate',
      living((view, each) => show(rotatePage(view, each))),
    )
    .post(
      '/credentials/:key/rotate',
      living(async (view, { credential, source }, req) => {
        // Sent twice: the first has given the old key an end that the form did not know.
        if (textOf(req, 'expires') !== String(credential.expires))
          return go(sourceAddress(source), { message: view.say(lms)('alreadyRotated') })
        const hours = OVERLAPS.find((each) => each === textOf(req, 'overlap')) ?? '24'
        const done = await services.sources.rotate(
          credential.key,
          viewerOf(view).id,
          Number(hours) * 3_600_000,
        )
        if ('ok' in done) return ended(view, credential)
        const old = (await services.sources.credentials(source.id)).find(
          (each) => each.key === credential.key,
        )
        return showOnce(secretPage(view, { source, ...done, ...(old && { old }) }))
      }),
    )
    .get(
      '/credentials/:key/narrow',
      living((view, each) => show(narrowPage(view, each, []))),
    )
    .post(
      '/credentials/:key/narrow',
      living(async (view, each, req) => {
        const say = view.say(lms)
        const { credential } = each
        const scopes = scopesIn((req.body as Record<string, unknown>).scopes)
        if (scopes.length === 0) {
          return show(narrowPage(view, each, [{ field: 'scopes', message: say('scopesMissing') }]), 400)
        }
        const done = await services.sources.narrow(credential.key, scopes, viewerOf(view).id)
        if ('ok' in done) {
          const errors = done.problems.map(({ message }) => ({ field: 'scopes', message }))
          return show(narrowPage(view, each, errors), done.status)
        }
        return go(credentialAddress(credential.key), {
          message: say('narrowed', { label: credential.label }),
        })
      }),
    )
    .get(
      '/credentials/:key/revoke',
      living((view, each) => show(revokePage(view, each))),
    )
    .post(
      '/credentials/:key/revoke',
      held(async (view, { credential, source }) => {
        await services.sources.revoke(credential.key, viewerOf(view).id)
        return go(sourceAddress(source), { message: view.say(lms)('revoked', { label: credential.label }) })
      }),
    )
}

function ended(view: View, credential: Credential): Reply {
  return go(credentialAddress(credential.key), { message: view.say(lms)('keyEnded') })
}

function credentialPage(view: View, { credential, source }: Held, used: number | null): Html {
  const say = view.say(lms)
  const address = credentialAddress(credential.key)
  return operatorPage(view, {
    title: credential.label || credential.key,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: credential.label || credential.key,
          back: { href: sourceAddress(source), label: source.name },
        })}
        <div class="row">${credentialBadge(view, credential)}</div>
        ${facts([
          [say('columnKey'), html`<code>${credential.key}</code>`],
          [say('columnSource'), link({ href: sourceAddress(source), label: source.name })],
          [say('columnScopes'), scopeList(view, credential.scopes)],
          [say('since'), when(view, credential.created)],
          [say('columnUsed'), used === null ? say('keyNotUsed') : when(view, used)],
        ])}
      </section>
      ${
        isValid(credential) &&
        html`<div class="row">
          ${buttonLink(view, { label: say('rotate'), href: `${address}/rotate`, icon: 'key' })}
          ${buttonLink(view, { label: say('narrow'), href: `${address}/narrow`, icon: 'edit' })}
          ${buttonLink(view, { label: say('revoke'), href: `${address}/revoke`, kind: 'danger', icon: 'close', dialog: 'revoke' })}
        </div>
        ${dialog(view, {
          id: 'revoke',
          title: say('revokeTitle', { label: credential.label }),
          body: say('revokeBody', { key: credential.key }),
          action: act(view, { label: say('revokeDo'), action: `${address}/revoke`, kind: 'danger' }),
        })}`
      }
    </div>`,
  })
}

function changePage(
  view: View,
  { credential }: Held,
  props: { title: string; lead: string; form: Html },
): Html {
  return operatorPage(view, {
    title: props.title,
    body: html`<div class="stack">
      ${heading(view, {
        title: props.title,
        lead: props.lead,
        back: { href: credentialAddress(credential.key), label: credential.label || credential.key },
      })}
      ${props.form}
    </div>`,
  })
}

function rotatePage(view: View, held: Held): Html {
  const say = view.say(lms)
  const { credential } = held
  return changePage(view, held, {
    title: say('rotateTitle', { label: credential.label }),
    lead: say('rotateLead'),
    form: html`<form class="form" method="post" action=${`${credentialAddress(credential.key)}/rotate`}>
      <input type="hidden" name="expires" value=${String(credential.expires)} />
      ${radios(view, {
        name: 'overlap',
        label: say('overlap'),
        required: true,
        value: '24',
        options: OVERLAPS.map((hours) => ({
          value: hours,
          label: say(`overlap-${hours}`),
          ...(hours === '0' && { help: say('overlap-0-help') }),
        })),
      })}
      <div class="row">${button(view, { label: say('rotateDo'), kind: 'primary', icon: 'key' })}</div>
    </form>`,
  })
}

function narrowPage(view: View, held: Held, errors: readonly FieldError[]): Html {
  const say = view.say(lms)
  const { credential } = held
  const scopes = new Set(credential.scopes)
  return changePage(view, held, {
    title: say('narrowTitle', { label: credential.label }),
    lead: say('narrowLead'),
    form: html`${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${credentialAddress(credential.key)}/narrow`} novalidate>
      ${checkboxes(view, {
        name: 'scopes',
        label: say('narrowField'),
        options: scopeOptions(
          view,
          SCOPES.filter((scope) => allows({ scopes }, scope)),
        ),
        values: credential.scopes,
        error: errorOf(errors, 'scopes'),
      })}
      <div class="row">${button(view, { label: say('narrowDo'), kind: 'primary' })}</div>
    </form>`,
  })
}

function revokePage(view: View, held: Held): Html {
  const say = view.say(lms)
  const { credential } = held
  return changePage(view, held, {
    title: say('revokeTitle', { label: credential.label }),
    lead: say('revokeBody', { key: credential.key }),
    form: act(view, {
      label: say('revokeDo'),
      action: `${credentialAddress(credential.key)}/revoke`,
      kind: 'danger',
      icon: 'close',
    }),
  })
}
