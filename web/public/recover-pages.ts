import { type Awaited, codeAgain, codeField, codeNotice, shown } from '../asked-code.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { recovery } from '../i18n/messages/recovery.ts'
import { passwordMin } from '../i18n/problems.ts'
import { publicPage } from '../layout.ts'
import type { View } from '../view.ts'

const back = (view: View) => ({ href: '/sign-in', label: view.say(account)('signInTitle') })

export function askPage(
  view: View,
  props: {
    carries: { email: boolean; phone: boolean }
    identifier: string
    errors: readonly FieldError[]
  },
): Html {
  const say = view.say(recovery)
  if (!props.carries.email && !props.carries.phone)
    return withoutCodes(view, say('noneTitle'), say('noneBody', { tenant: view.tenantName }))
  return publicPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, { title: say('title'), lead: say('lead'), back: back(view) })}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action="/recover" novalidate>
        ${identifierField(view, props)}
        <div class="row">${button(view, { label: say('askDo'), kind: 'primary' })}</div>
      </form>
      ${otherWays(view)}
    </div>`,
  })
}

/** Nothing carries a code: what can be done without. */
function withoutCodes(view: View, title: string, body: string): Html {
  const say = view.say(recovery)
  return publicPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, { title: say('title'), back: back(view) })}
      ${notice(view, { tone: 'warning', title, body })}
      <div class="row">
        ${buttonLink(view, { label: say('byPrinted'), href: '/recover/printed', kind: 'primary' })}
      </div>
    </div>`,
  })
}

/** 503: what carries codes does not answer, for anybody. */
export function awayPage(view: View): Html {
  const say = view.say(recovery)
  return withoutCodes(view, say('awayTitle'), say('awayBody'))
}

function otherWays(view: View): Html {
  const say = view.say(recovery)
  return html`<section class="stack tight">
    <h2 class="lead">${say('otherWays')}</h2>
    <ul>
      <li>${link({ href: '/recover/printed', label: say('byPrinted') })}</li>
      <li>${say('byStaff', { tenant: view.tenantName })}</li>
    </ul>
  </section>`
}

export function newPasswordPage(
  view: View,
  awaited: Awaited,
  { code, errors }: { code: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(recovery)
  return publicPage(view, {
    title: say('codeTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('codeTitle'),
        lead: say('codeLead', { value: shown(awaited) }),
      })}
      ${codeNotice(view, awaited)}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action="/recover/code" novalidate>
        ${codeField(view, awaited, errors, code)}
        ${newPasswordField(view, errors)}
        <div class="row">${button(view, { label: say('codeDo'), kind: 'primary' })}</div>
      </form>
      ${codeAgain(
        view,
        awaited,
        act(view, { label: view.say(identifiers)('codeAgain'), action: '/recover/again' }),
        { href: '/recover', label: say('codeStart') },
      )}
      ${otherWays(view)}
    </div>`,
  })
}

export function printedPage(view: View, props: { identifier: string; errors: readonly FieldError[] }): Html {
  const say = view.say(recovery)
  return publicPage(view, {
    title: say('printedTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('printedTitle'), lead: say('printedLead'), back: back(view) })}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action="/recover/printed" novalidate>
        ${identifierField(view, props)}
        ${field(view, {
          name: 'code',
          label: say('printedField'),
          help: say('printedHelp'),
          error: errorOf(props.errors, 'code'),
          required: true,
          autocomplete: 'off',
          maxlength: 30,
        })}
        ${newPasswordField(view, props.errors)}
        <div class="row">${button(view, { label: say('codeDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

function identifierField(view: View, props: { identifier: string; errors: readonly FieldError[] }): Html {
  return field(view, {
    name: 'identifier',
    label: view.say(account)('identifier'),
    value: props.identifier,
    error: errorOf(props.errors, 'identifier'),
    required: true,
    autocomplete: 'username',
  })
}

function newPasswordField(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(account)
  return field(view, {
    name: 'password',
    label: say('newPassword'),
    type: 'password',
    help: say('passwordHelp', { min: passwordMin() }),
    error: errorOf(errors, 'password'),
    required: true,
    autocomplete: 'new-password',
  })
}
