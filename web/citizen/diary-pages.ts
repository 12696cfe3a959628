import { DIARY_LIMITS, type DiaryEntry, type Evidence } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { dateField, errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { unsentPanel } from '../components/unsent.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { H_SHAPE } from '../i18n/class.ts'
import { certificates } from '../i18n/messages/certificates.ts'
import { diary } from '../i18n/messages/diary.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage, offlinePage } from '../layout.ts'
import type { View } from '../view.ts'
import { closedNotice } from './consent-parts.ts'
import { evidenceField, evidenceSection } from './evidence-section.ts'
import { diaryAddress } from './told-place.ts'

const MINUTES = ['15', '30', '60', '120'] as const
const FOUR = ['hoc', 'hoi', 'hieu', 'hanh'] as const

/** A form of the diary, as it was sent. */
export interface Sent {
  what: string
  minutes: string
  /** Typed, where none of the usual ones fits. */
  otherMinutes: string
  did: string
  day: string
}

export function sentBefore({ what, minutes, did, day }: DiaryEntry): Sent {
  const usual = MINUTES.find((each) => each === String(minutes))
  return { what, did, day, minutes: usual ?? 'other', otherMinutes: usual ? '' : String(minutes) }
}

const WORDS = {
  'diary-what-missing': ['whatMissing', 0],
  'diary-what-long': ['whatLong', DIARY_LIMITS.what],
  'diary-what-bad': ['whatBad', 0],
  'diary-what-number': ['whatNumber', 0],
  'diary-minutes-wrong': ['minutesWrong', DIARY_LIMITS.minutes],
  'diary-did-missing': ['didMissing', 0],
  'diary-day-wrong': ['dayWrong', 0],
  'diary-day-later': ['dayLater', 0],
  'diary-many': ['many', DIARY_LIMITS.perDay],
  'diary-removed': ['removedBefore', 0],
} as const

export function explain(view: View, problems: readonly { id: string; path?: string }[]): FieldError[] {
  return problems.map(({ id, path }) => {
    const [key, max] = WORDS[id as keyof typeof WORDS]
    return { field: path ?? 'what', message: view.say(diary)(key, { max }) }
  })
}

/** Writing one down, or changing it with its photos and files. */
export function formPage(
  view: View,
  props: {
    sent: Sent
    errors: readonly FieldError[]
    entry: DiaryEntry | null
    files: readonly Evidence[]
  },
): Html {
  const say = view.say(diary)
  const { sent, errors, entry } = props
  const title = say(entry ? 'changeTitle' : 'newTitle')
  return citizenPage(view, {
    title,
    scripts: ['upload', ...(view.owner ? ['unsent', 'diary'] : [])],
    body: html`<div class="stack loose">
      <div class="stack">
        ${heading(view, { title, back: { href: '/me/diary', label: say('title') } })}
        ${closedNotice(view, 'closedDiary')}
        ${!entry && unsentPanel(view)}
        ${errorSummary(view, errors)}
        ${
          entry
            ? html`<form class="form" method="post" action=${diaryAddress(entry.id)} novalidate>
                ${diaryFields(view, sent, errors)}
                <div class="row">
                  ${button(view, { label: say('save'), kind: 'primary', icon: 'check' })}
                  ${buttonLink(view, { label: say('remove'), href: `${diaryAddress(entry.id)}/remove`, icon: 'trash' })}
                </div>
              </form>`
            : newForm(view, sent, errors)
        }
      </div>
      ${
        entry &&
        evidenceSection(view, {
          items: props.files,
          change: { action: `${diaryAddress(entry.id)}/evidence`, errors },
        })
      }
    </div>`,
  })
}

function newForm(view: View, sent: Sent, errors: readonly FieldError[]): Html {
  const say = view.say(diary)
  return html`<form class="form" method="post" action="/me/diary/new" enctype="multipart/form-data" novalidate
      data-diary data-missing=${say('offlineMissing')}>
      ${diaryFields(view, sent, errors)}
      ${evidenceField(view, errors, false)}
      <p class="error" data-diary-missing role="alert" hidden></p>
      <div class="row">${button(view, { label: say('add'), kind: 'primary', icon: 'check' })}</div>
    </form>
    <noscript><p class="muted">${say('offlineNeeds')}</p></noscript>`
}

function diaryFields(view: View, sent: Sent, errors: readonly FieldError[]): Html {
  const say = view.say(diary)
  return html`${field(view, {
    name: 'what',
    label: say('what'),
    help: say('whatHelp'),
    value: sent.what,
    error: errorOf(errors, 'what'),
    required: true,
    maxlength: DIARY_LIMITS.what,
  })}
  ${radios(view, {
    name: 'minutes',
    label: say('minutes'),
    options: [...MINUTES, 'other' as const].map((each) => ({ value: each, label: say(`minutes-${each}`) })),
    value: sent.minutes,
    error: errorOf(errors, 'minutes'),
    required: true,
  })}
  ${field(view, {
    name: 'otherMinutes',
    label: say('otherMinutes'),
    help: say('otherHelp'),
    value: sent.otherMinutes,
    inputmode: 'numeric',
    maxlength: 3,
    unmarked: true,
  })}
  ${radios(view, {
    name: 'did',
    label: say('did'),
    options: FOUR.map((each) => ({
      value: each,
      label: `${H_SHAPE[each]} ${say(`did-${each}`)}`,
      help: say(`did-${each}-help`),
    })),
    value: sent.did,
    error: errorOf(errors, 'did'),
    required: true,
  })}
  ${dateField(view, {
    name: 'day',
    label: say('day'),
    help: say('dayHelp'),
    value: sent.day,
    error: errorOf(errors, 'day'),
    required: true,
  })}`
}

/**
 * The form as a browser keeps it for when there is no line (web/client/offline-worker.ts): the same for everybody, with
 * nothing of anybody in it.
 */
export function withoutLinePage(view: View): Html {
  const say = view.say(diary)
  return offlinePage(view, {
    title: say('newTitle'),
    scripts: ['unsent', 'diary'],
    body: html`<div class="stack" data-without-line>
      ${heading(view, { title: say('newTitle'), lead: say('offlineLead') })}
      <p data-no-owner hidden>${say('offlineNobody')}</p>
      ${unsentPanel(view)}
      ${newForm(view, { what: '', minutes: '', otherMinutes: '', did: '', day: '' }, [])}
    </div>`,
  })
}

export function removePage(view: View, entry: DiaryEntry, files: number): Html {
  const say = view.say(diary)
  return citizenPage(view, {
    title: say('removeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('removeTitle'), back: { href: diaryAddress(entry.id), label: say('changeTitle') } })}
      <p><strong>${entry.what}</strong></p>
      <p>${say('removeBody')}</p>
      ${files > 0 && html`<p>${say('removeFiles', { count: files })}</p>`}
      <div class="row">
        ${act(view, { label: say('removeDo'), action: `${diaryAddress(entry.id)}/remove`, kind: 'danger' })}
      </div>
    </div>`,
  })
}

export function listPage(
  view: View,
  props: { entries: readonly DiaryEntry[]; next: string | null; later: boolean },
): Html {
  const say = view.say(diary)
  const start = buttonLink(view, {
    label: say('newTitle'),
    href: '/me/diary/new',
    icon: 'edit',
    kind: 'primary',
  })
  const paper = buttonLink(view, {
    label: view.say(certificates)('title'),
    href: '/me/certificates',
    icon: 'van-bang',
  })
  return citizenPage(view, {
    title: say('title'),
    ...(view.owner && { scripts: ['unsent', 'diary'] }),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me/transcript', label: view.say(record)('backToRecord') },
      })}
      ${closedNotice(view, 'closedDiary')}
      ${unsentPanel(view)}
      ${
        props.entries.length === 0 && !props.later
          ? html`${emptyState({ title: say('empty'), body: say('emptyBody'), action: start })}
              <div class="row">${paper}</div>`
          : html`<div class="row">${start}${paper}</div>
            ${table({
              caption: say('title'),
              columns: [
                {
                  label: say('columnWhat'),
                  cell: (each: DiaryEntry) => rowLink({ href: diaryAddress(each.id), label: each.what }),
                },
                { label: say('columnDay'), cell: (each) => onDate(view, each.at) },
                { label: say('columnTime'), cell: (each) => view.format.duration(each.minutes * 60_000) },
                { label: say('columnDid'), cell: (each) => `${H_SHAPE[each.did]} ${say(`did-${each.did}`)}` },
              ],
              rows: props.entries,
            })}`
      }
      ${pager(view, {
        next: props.next && `/me/diary?after=${encodeURIComponent(props.next)}`,
        first: props.later ? '/me/diary' : null,
      })}
    </div>`,
  })
}
