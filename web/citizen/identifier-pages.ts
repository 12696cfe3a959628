import type { PersonIdentifier } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { speakWith } from '../i18n/messages.ts'
import { showIdentifier } from '../i18n/show-identifier.ts'
import { citizenPage } from '../layout.ts'
import type { Messages } from '../services.ts'
import type { View } from '../view.ts'

export const LIST = '/me/identifiers'

interface ListProps {
  held: readonly PersonIdentifier[]
  carries: Messages['carries']
  errors: readonly FieldError[]
}

export function identifiersPage(view: View, { held, carries, errors }: ListProps): Html {
  const say = view.say(identifiers)
  const any = carries('email') || carries('phone')
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${errors.length > 0 && notice(view, { tone: 'danger', body: errors[0]?.message ?? '', live: true })}
      ${cannot(view, held, carries)}
      ${held.length === 0 && html`<p>${say('none')}</p>`}
      <ul class="cards wide" id="identifier">
        ${held.map((each) => html`<li>${one(view, each, { may: carries(each.kind), only: held.length === 1 })}</li>`)}
      </ul>
      ${held.length === 1 && any && html`<p class="muted">${say('onlyOne')}</p>`}
      ${any && html`<div class="row">${buttonLink(view, { label: say('addDo'), href: `${LIST}/add`, icon: 'plus' })}</div>`}
    </div>`,
  })
}

function one(view: View, each: PersonIdentifier, { may, only }: { may: boolean; only: boolean }): Html {
  const say = view.say(identifiers)
  const fields = { identifier: each.value }
  return html`<article class="card">
    <h2 class="lead">${showIdentifier(each.value)}</h2>
    <div class="record-meta">${
      each.proven === null
        ? say('unproven')
        : html`<span>${speakWith(view.language, identifiers, 'proven', { date: onDate(view, each.proven) })}</span>`
    }</div>
    <div class="row">
      ${each.proven === null && may && act(view, { label: say('proveDo'), action: `${LIST}/prove`, fields })}
      ${!only && act(view, { label: say('removeDo'), action: `${LIST}/remove`, fields, kind: 'quiet' })}
    </div>
  </article>`
}

/** What nobody can carry is said where it matters, with what to do. */
function cannot(view: View, held: readonly PersonIdentifier[], carries: Messages['carries']): Html {
  const say = view.say(identifiers)
  const waiting = new Set(held.filter((each) => each.proven === null).map(({ kind }) => kind))
  const missing = (['email', 'phone'] as const).filter((kind) => !carries(kind))
  const key =
    missing.length === 2
      ? 'cannot-both'
      : missing.find((kind) => waiting.has(kind)) && `cannot-${missing[0]!}`
  if (!key) return null
  return notice(view, {
    title: say('cannotTitle'),
    body: say(key as 'cannot-both', { tenant: view.tenantName }),
  })
}

export function addPage(
  view: View,
  { identifier, errors }: { identifier: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(identifiers)
  return citizenPage(view, {
    title: say('addTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('addTitle'),
        lead: say('addLead'),
        back: { href: LIST, label: say('title') },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${LIST}/add`} novalidate>
        ${field(view, {
          name: 'identifier',
          label: view.say(account)('identifier'),
          help: say('addHelp'),
          value: identifier,
          error: errorOf(errors, 'identifier'),
          required: true,
          autocomplete: 'off',
        })}
        <div class="row">${button(view, { label: say('proveDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

export function removePage(view: View, gone: PersonIdentifier, errors: readonly FieldError[]): Html {
  const say = view.say(identifiers)
  const title = say('removeTitle', { value: showIdentifier(gone.value) })
  return citizenPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('removeLead'), back: { href: LIST, label: say('title') } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${LIST}/remove`} novalidate id="identifier">
        <input type="hidden" name="identifier" value=${gone.value} />
        <input type="hidden" name="sure" value="yes" />
        <div class="row">${button(view, { label: say('removeDo'), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}
