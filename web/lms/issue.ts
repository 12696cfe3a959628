import { randomBytes } from 'node:crypto'
import { type Request, Router } from 'express'
import { type Credential, DEFAULT_SCOPES, type Source } from '../../lrs/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { checkbox, checkboxes } from '../components/choice.ts'
import { copyField } from '../components/copy-field.ts'
import { details } from '../components/details.ts'
import { dateField, errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { endOfDay } from '../i18n/day.ts'
import { lms } from '../i18n/messages/lms.ts'
import { operatorPage } from '../operator/frame.ts'
import { go, show, showOnce, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { isValid } from './connection.ts'
import { credentialAddress } from './credentials.ts'
import { endpointSection } from './endpoints.ts'
import { scopeOptions, scopesIn, WIDER_SCOPES } from './scopes.ts'
import { connectSteps } from './source-form.ts'
import { sourceAddress, sourceOf } from './source-of.ts'

interface Sent {
  label: string
  scopes: readonly string[]
  expires: string
  understood: boolean
  /** Chosen with the form, so that a form that is sent twice issues one credential. */
  key: string
}

export function issueRoutes(services: WebServices): Router {
  const own = sourceOf(services)
  return Router()
    .get(
      '/sources/:id/credentials/new',
      own((view, source) => show(formPage(view, { source, sent: fresh(), errors: [] }))),
    )
    .post(
      '/sources/:id/credentials/new',
      own(async (view, source, req) => {
        const sent = sentOf(req)
        const expires = sent.expires ? endOfDay(sent.expires) : null
        const errors = errorsOf(view, sent, expires)
        if (errors.length > 0) return show(formPage(view, { source, sent, errors }), 400)
        const issued = await services.sources.issue(
          source.id,
          { label: sent.label, scopes: scopesIn(sent.scopes), expires, ...(sent.key && { key: sent.key }) },
          viewerOf(view).id,
        )
        if ('ok' in issued) {
          if (issued.problems[0]?.id === 'credential-key-taken')
            return go(credentialAddress(sent.key), { message: view.say(lms)('keyGiven') })
          const refused = issued.problems.map((each) => ({ field: 'label', message: each.message }))
          return show(
            formPage(view, { source, sent: { ...sent, key: fresh().key }, errors: refused }),
            issued.status,
          )
        }
        return showOnce(secretPage(view, { source, ...issued }))
      }),
    )
}

const fresh = (): Sent => ({
  label: '',
  scopes: DEFAULT_SCOPES,
  expires: '',
  understood: false,
  key: randomBytes(15).toString('base64url'),
})

function sentOf(req: Request): Sent {
  const body = req.body as Record<string, unknown>
  return {
    label: textOf(req, 'label'),
    scopes: [...scopesIn(body.scopes), ...scopesIn(body.wider)],
    expires: textOf(req, 'expires'),
    understood: textOf(req, 'understood') === 'yes',
    key: textOf(req, 'key'),
  }
}

function errorsOf(view: View, sent: Sent, expires: number | null): FieldError[] {
  const say = view.say(lms)
  const errors: FieldError[] = []
  if (!sent.label) errors.push({ field: 'label', message: say('labelMissing') })
  if (sent.expires && (expires === null || expires < Date.now()))
    errors.push({ field: 'expires', message: say('expiresPast') })
  if (sent.scopes.length === 0) errors.push({ field: 'scopes', message: say('scopesMissing') })
  if (WIDER_SCOPES.some((scope) => sent.scopes.includes(scope)) && !sent.understood)
    errors.push({ field: 'understood', message: say('understoodMissing') })
  return errors
}

function formPage(view: View, props: { source: Source; sent: Sent; errors: readonly FieldError[] }): Html {
  const say = view.say(lms)
  const { source, sent, errors } = props
  return operatorPage(view, {
    title: say('issueTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('issueTitle'),
        lead: say('issueLead', { name: source.name }),
        back: { href: sourceAddress(source), label: source.name },
      })}
      ${connectSteps(view, 1)}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${sourceAddress(source)}/credentials/new`} novalidate autocomplete="off">
        <input type="hidden" name="key" value=${sent.key} />
        ${field(view, {
          name: 'label',
          label: say('labelField'),
          help: say('labelHelp'),
          value: sent.label,
          required: true,
          maxlength: 200,
          error: errorOf(errors, 'label'),
        })}
        ${checkboxes(view, {
          name: 'scopes',
          label: say('scopesField'),
          help: say('scopesHelp'),
          options: scopeOptions(view, DEFAULT_SCOPES),
          values: sent.scopes,
          error: errorOf(errors, 'scopes'),
        })}
        ${details({
          summary: say('widerField'),
          open:
            WIDER_SCOPES.some((scope) => sent.scopes.includes(scope)) ||
            errorOf(errors, 'understood') !== undefined,
          body: html`<div class="stack">
            ${notice(view, { tone: 'warning', title: say('widerTitle'), body: say('widerBody') })}
            ${checkboxes(view, {
              name: 'wider',
              label: say('widerField'),
              options: scopeOptions(view, WIDER_SCOPES),
              values: sent.scopes,
            })}
            ${checkbox(view, {
              name: 'understood',
              label: say('understood'),
              checked: sent.understood,
              error: errorOf(errors, 'understood'),
            })}
          </div>`,
        })}
        ${dateField(view, {
          name: 'expires',
          label: say('expiresField'),
          help: say('expiresHelp'),
          value: sent.expires,
          error: errorOf(errors, 'expires'),
        })}
        <div class="row">${button(view, { label: say('issueDo'), kind: 'primary', icon: 'key' })}</div>
      </form>
    </div>`,
  })
}

/** The only page that ever holds the secret. `old` is what it takes the place of. */
export function secretPage(
  view: View,
  props: { source: Source; credential: Credential; secret: string; old?: Credential },
): Html {
  const say = view.say(lms)
  const { source, credential, secret, old } = props
  const title = say(old ? 'rotatedTitle' : 'secretTitle')
  return operatorPage(view, {
    title,
    scripts: ['copy'],
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title, back: { href: sourceAddress(source), label: source.name } })}
        ${!old && connectSteps(view, 2)}
        ${notice(view, { tone: 'warning', title: say('onceTitle'), body: say('onceBody') })}
        ${old && html`<p>${whatOfTheOld(view, old)}</p>`}
        <div class="form wide">
          ${copyField(view, { id: 'key', label: say('key'), value: credential.key })}
          ${copyField(view, { id: 'secret', label: say('secret'), value: secret })}
        </div>
      </section>
      ${endpointSection(view)}
      <div class="row">
        ${buttonLink(view, { label: say('copiedNext'), href: sourceAddress(source), kind: 'primary', icon: 'next' })}
      </div>
    </div>`,
  })
}

function whatOfTheOld(view: View, old: Credential): string {
  const say = view.say(lms)
  return isValid(old) && old.expires !== null
    ? say('rotatedBody', { key: old.key, until: view.format.dateTime(old.expires) })
    : say('rotatedEnded', { key: old.key })
}
