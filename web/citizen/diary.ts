import { type Request, Router } from 'express'
import { DIARY_LIMITS, type DiaryEntry, type DiaryInput, type Did, dayOf } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { dateField, errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { H_SHAPE } from '../i18n/class.ts'
import { diary } from '../i18n/messages/diary.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import { go, page, paramOf, queryOf, show, signedIn, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const PAGE = 50
const MINUTES = ['15', '30', '60', '120'] as const
const FOUR = ['hoc', 'hoi', 'hieu', 'hanh'] as const

interface Sent {
  what: string
  minutes: string
  /** Typed, where none of the usual ones fits. */
  otherMinutes: string
  did: string
  day: string
}

/** The learning diary: three things to say, and the record has one line more. */
export function diaryRoutes(services: WebServices): Router {
  const entryOf = (view: View, req: Request) => services.diary.get(viewerOf(view).id, paramOf(req, 'entry'))
  return Router()
    .get(
      '/me/diary',
      signedIn,
      page(async (view, req) => {
        const after = queryOf(req, 'after')
        const found = await services.diary.of(viewerOf(view).id, { limit: PAGE, ...(after && { after }) })
        return show(listPage(view, { ...found, later: after !== '' }))
      }),
    )
    .get(
      '/me/diary/new',
      signedIn,
      page((view) => show(formPage(view, { sent: blank(), errors: [], entry: null }))),
    )
    .post(
      '/me/diary/new',
      signedIn,
      page(async (view, req) => {
        const sent = sentOf(req)
        const added = await services.diary.add(viewerOf(view).id, inputOf(sent))
        if ('problems' in added)
          return show(
            formPage(view, { sent, errors: explain(view, added.problems), entry: null }),
            added.status,
          )
        return go('/me/transcript', { message: view.say(diary)('added') })
      }),
    )
    .get(
      '/me/diary/:entry',
      signedIn,
      page(async (view, req) => {
        const entry = await entryOf(view, req)
        if (!entry) return show(notFoundPage(view), 404)
        return show(formPage(view, { sent: sentBefore(entry), errors: [], entry }))
      }),
    )
    .post(
      '/me/diary/:entry',
      signedIn,
      page(async (view, req) => {
        const sent = sentOf(req)
        const entry = await entryOf(view, req)
        const changed = entry && (await services.diary.change(entry.person, entry.id, inputOf(sent)))
        if (!changed) return show(notFoundPage(view), 404)
        if ('problems' in changed)
          return show(
            formPage(view, { sent, errors: explain(view, changed.problems), entry }),
            changed.status,
          )
        return go('/me/diary', { message: view.say(diary)('changed') })
      }),
    )
    .get(
      '/me/diary/:entry/remove',
      signedIn,
      page(async (view, req) => {
        const entry = await entryOf(view, req)
        return entry ? show(removePage(view, entry)) : show(notFoundPage(view), 404)
      }),
    )
    .post(
      '/me/diary/:entry/remove',
      signedIn,
      page(async (view, req) => {
        const removed = await services.diary.remove(viewerOf(view).id, paramOf(req, 'entry'))
        if (!removed) return show(notFoundPage(view), 404)
        return go('/me/diary', { message: view.say(diary)('removed') })
      }),
    )
}

export const diaryAddress = (id: string) => `/me/diary/${encodeURIComponent(id)}`

const blank = (): Sent => ({ what: '', minutes: '', otherMinutes: '', did: '', day: dayOf(Date.now()) })

function sentBefore({ what, minutes, did, day }: DiaryEntry): Sent {
  const usual = MINUTES.find((each) => each === String(minutes))
  return { what, did, day, minutes: usual ?? 'other', otherMinutes: usual ? '' : String(minutes) }
}

function sentOf(req: Request): Sent {
  return {
    what: textOf(req, 'what'),
    minutes: textOf(req, 'minutes'),
    otherMinutes: textOf(req, 'otherMinutes'),
    did: textOf(req, 'did'),
    day: textOf(req, 'day') || dayOf(Date.now()),
  }
}

function inputOf({ what, minutes, otherMinutes, did, day }: Sent): DiaryInput {
  // Who typed a number meant it, whatever is marked above.
  const typed = otherMinutes !== '' && (minutes === 'other' || minutes === '') ? otherMinutes : minutes
  return { what, minutes: Number(typed === '' ? Number.NaN : typed), did: did as Did, day }
}

const WORDS = {
  'diary-what-missing': ['whatMissing', 0],
  'diary-what-long': ['whatLong', DIARY_LIMITS.what],
  'diary-what-bad': ['whatBad', 0],
  'diary-minutes-wrong': ['minutesWrong', DIARY_LIMITS.minutes],
  'diary-did-missing': ['didMissing', 0],
  'diary-day-wrong': ['dayWrong', 0],
  'diary-day-later': ['dayLater', 0],
  'diary-many': ['many', DIARY_LIMITS.perDay],
} as const

function explain(view: View, problems: readonly { id: string; path?: string }[]): FieldError[] {
  return problems.map(({ id, path }) => {
    const [key, max] = WORDS[id as keyof typeof WORDS]
    return { field: path ?? 'what', message: view.say(diary)(key, { max }) }
  })
}

function formPage(
  view: View,
  props: { sent: Sent; errors: readonly FieldError[]; entry: DiaryEntry | null },
): Html {
  const say = view.say(diary)
  const { sent, errors, entry } = props
  const title = say(entry ? 'changeTitle' : 'newTitle')
  return citizenPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: '/me/diary', label: say('title') } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${entry ? diaryAddress(entry.id) : '/me/diary/new'} novalidate>
        ${field(view, {
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
          options: [...MINUTES, 'other' as const].map((each) => ({
            value: each,
            label: say(`minutes-${each}`),
          })),
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
        })}
        <div class="row">
          ${button(view, { label: say(entry ? 'save' : 'add'), kind: 'primary', icon: 'check' })}
          ${entry && buttonLink(view, { label: say('remove'), href: `${diaryAddress(entry.id)}/remove`, icon: 'trash' })}
        </div>
      </form>
    </div>`,
  })
}

function removePage(view: View, entry: DiaryEntry): Html {
  const say = view.say(diary)
  return citizenPage(view, {
    title: say('removeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('removeTitle'), back: { href: diaryAddress(entry.id), label: say('changeTitle') } })}
      <p><strong>${entry.what}</strong></p>
      <p>${say('removeBody')}</p>
      <div class="row">
        ${act(view, { label: say('removeDo'), action: `${diaryAddress(entry.id)}/remove`, kind: 'danger' })}
      </div>
    </div>`,
  })
}

function listPage(
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
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me/transcript', label: view.say(record)('backToRecord') },
      })}
      ${
        props.entries.length === 0 && !props.later
          ? emptyState({ title: say('empty'), body: say('emptyBody'), action: start })
          : html`<div class="row">${start}</div>
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
