import {
  CERTIFICATE_LIMITS,
  type Certificate,
  type CertificateInput,
  type Evidence,
} from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { dateField, errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { certificates } from '../i18n/messages/certificates.ts'
import { diary } from '../i18n/messages/diary.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import type { View } from '../view.ts'
import { closedNotice } from './consent-parts.ts'
import { evidenceField, evidenceSection } from './evidence-section.ts'
import { certificateAddress } from './told-place.ts'

const WORDS = {
  'certificate-name-missing': 'nameMissing',
  'certificate-issuer-missing': 'issuerMissing',
  'certificate-long': 'long',
  'certificate-bad': 'bad',
  'certificate-citizen-number': 'citizenNumber',
  'certificate-day-wrong': 'dayWrong',
  'certificate-day-later': 'dayLater',
  'certificate-many': 'many',
} as const

export function certificateErrors(
  view: View,
  problems: readonly { id: string; path?: string }[],
): FieldError[] {
  return problems.map(({ id, path = 'name' }) => {
    const max =
      id === 'certificate-many'
        ? CERTIFICATE_LIMITS.perPerson
        : CERTIFICATE_LIMITS[path === 'number' ? 'number' : 'words']
    return { field: path, message: view.say(certificates)(WORDS[id as keyof typeof WORDS], { max }) }
  })
}

export function formPage(
  view: View,
  props: {
    sent: CertificateInput
    errors: readonly FieldError[]
    held: Certificate | null
    files: readonly Evidence[]
  },
): Html {
  const say = view.say(certificates)
  const { errors, held, files } = props
  const title = say(held ? 'changeTitle' : 'newTitle')
  const href = held ? certificateAddress(held.id) : '/me/certificates/new'
  return citizenPage(view, {
    title,
    scripts: ['upload'],
    body: html`<div class="stack loose">
      <div class="stack">
        ${heading(view, { title, back: { href: '/me/certificates', label: say('title') } })}
        ${closedNotice(view, 'closedPaper')}
        ${errorSummary(view, errors)}
        <form class="form" method="post" action=${href} enctype=${held ? undefined : 'multipart/form-data'} novalidate>
          ${words(view, props.sent, errors)}
          ${!held && evidenceField(view, errors, false)}
          <div class="row">
            ${button(view, { label: say(held ? 'save' : 'add'), kind: 'primary', icon: 'check' })}
            ${held && buttonLink(view, { label: say('remove'), href: `${href}/remove`, icon: 'trash' })}
          </div>
        </form>
      </div>
      ${held && evidenceSection(view, { items: files, change: { action: `${href}/evidence`, errors } })}
    </div>`,
  })
}

function words(view: View, sent: CertificateInput, errors: readonly FieldError[]): Html {
  const say = view.say(certificates)
  return html`${field(view, {
    name: 'name',
    label: say('name'),
    help: say('nameHelp'),
    value: sent.name,
    error: errorOf(errors, 'name'),
    required: true,
    maxlength: CERTIFICATE_LIMITS.words,
  })}
  ${field(view, {
    name: 'issuer',
    label: say('issuer'),
    help: say('issuerHelp'),
    value: sent.issuer,
    error: errorOf(errors, 'issuer'),
    required: true,
    maxlength: CERTIFICATE_LIMITS.words,
  })}
  ${dateField(view, {
    name: 'day',
    label: say('day'),
    help: say('dayHelp'),
    value: sent.day,
    error: errorOf(errors, 'day'),
    required: true,
  })}
  ${field(view, {
    name: 'number',
    label: say('number'),
    help: say('numberHelp'),
    value: sent.number,
    error: errorOf(errors, 'number'),
    maxlength: CERTIFICATE_LIMITS.number,
  })}`
}

export function removePage(view: View, held: Certificate, files: number): Html {
  const say = view.say(certificates)
  const href = certificateAddress(held.id)
  return citizenPage(view, {
    title: say('removeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('removeTitle'), back: { href, label: say('changeTitle') } })}
      <p><strong>${held.name}</strong></p>
      <p>${say('removeBody')}</p>
      ${files > 0 && html`<p>${view.say(diary)('removeFiles', { count: files })}</p>`}
      <div class="row">${act(view, { label: say('removeDo'), action: `${href}/remove`, kind: 'danger' })}</div>
    </div>`,
  })
}

export function listPage(
  view: View,
  props: { certificates: readonly Certificate[]; next: string | null; later: boolean },
): Html {
  const say = view.say(certificates)
  const start = buttonLink(view, {
    label: say('newTitle'),
    href: '/me/certificates/new',
    icon: 'van-bang',
    kind: 'primary',
  })
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me/transcript', label: view.say(record)('backToRecord') },
      })}
      ${
        props.certificates.length === 0 && !props.later
          ? emptyState({ title: say('empty'), body: say('emptyBody'), action: start })
          : html`<div class="row">${start}</div>
            ${table({
              caption: say('title'),
              columns: [
                {
                  label: say('name'),
                  cell: (each: Certificate) =>
                    rowLink({ href: certificateAddress(each.id), label: each.name }),
                },
                { label: say('issuer'), cell: (each) => each.issuer },
                { label: say('day'), cell: (each) => onDate(view, each.at) },
                { label: say('number'), cell: (each) => each.number || '–' },
              ],
              rows: props.certificates,
            })}`
      }
      ${pager(view, {
        next: props.next && `/me/certificates?after=${encodeURIComponent(props.next)}`,
        first: props.later ? '/me/certificates' : null,
      })}
    </div>`,
  })
}
