import { EVIDENCE_LIMITS, type Evidence } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import type { FieldError } from '../components/field.ts'
import { errorOf } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { link } from '../components/link.ts'
import { type Html, html } from '../html.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import type { View } from '../view.ts'
import { EVIDENCE_FIELD } from './evidence-form.ts'

/** Without HEIC, so that phones that take it send a JPEG. */
const ACCEPT = 'image/jpeg,image/png,image/webp,application/pdf'

export const evidenceAddress = (id: string) => `/me/evidence/${encodeURIComponent(id)}`

/** The field for a photo or file, with what becomes of it and a word about faces. */
export function evidenceField(view: View, errors: readonly FieldError[], required: boolean): Html {
  const say = view.say(evidence)
  return fileField(view, {
    name: EVIDENCE_FIELD,
    label: say('field'),
    accept: ACCEPT,
    required,
    help: html`<p>${say('help', { limit: view.format.bytes(EVIDENCE_LIMITS.fileBytes) })}</p><p>${say('faces')}</p>`,
    error: errorOf(errors, EVIDENCE_FIELD),
  })
}

/** Photos and files of one thing; with `change`, each can be removed and others added, below that address. */
export function evidenceSection(
  view: View,
  props: { items: readonly Evidence[]; change?: { action: string; errors: readonly FieldError[] } },
): Html {
  const say = view.say(evidence)
  const { items, change } = props
  const left = EVIDENCE_LIMITS.files - items.length
  if (!change && items.length === 0) return null
  return html`<section class="stack">
    <h2>${say('title')}</h2>
    ${
      items.length > 0
        ? html`<ul class="shots wide">${items.map((each, at) => html`<li>${shot(view, each, at, change !== undefined)}</li>`)}</ul>`
        : html`<p class="muted">${say('none')}</p>`
    }
    ${
      change &&
      html`<p class="muted">${say('left', { count: left, most: EVIDENCE_LIMITS.files })}</p>
      ${
        left > 0 &&
        html`<form class="form" method="post" action=${change.action} enctype="multipart/form-data" novalidate>
          ${evidenceField(view, change.errors, true)}
          <div class="row">${button(view, { label: say('add'), icon: 'upload' })}</div>
        </form>`
      }`
    }
  </section>`
}

export function evidenceName(view: View, { type, added }: Evidence, at: number): string {
  const date = view.format.date(added)
  return type === 'application/pdf'
    ? view.say(evidence)('pdf', { date })
    : view.say(evidence)('picture', { number: at + 1, date })
}

function shot(view: View, held: Evidence, at: number, removable: boolean): Html {
  const say = view.say(evidence)
  const href = evidenceAddress(held.id)
  const name = evidenceName(view, held, at)
  const about = say('about', { size: view.format.bytes(held.size), date: view.format.date(held.added) })
  return html`${
    held.hasPreview
      ? html`<a href=${href}><img src=${`${href}/preview`} alt=${name} width="320" height="320" loading="lazy" /></a>`
      : html`<p>${link({ href, label: say('download') })}</p>`
  }
  <p class="small muted">${about}</p>
  ${removable && html`<a class="button" href=${`${href}/remove`} aria-label=${say('removeOf', { what: name })}>${say('remove')}</a>`}`
}
