import { type Request, Router } from 'express'
import type { RecordLine } from '../../profiles/index.ts'
import { agreed, namesOf, SHARE_LIMITS } from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { copyField } from '../components/copy-field.ts'
import { details } from '../components/details.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { qr } from '../components/qr.ts'
import { steps } from '../components/steps.ts'
import { type Html, html } from '../html.ts'
import { record } from '../i18n/messages/record.ts'
import { shares } from '../i18n/messages/shares.ts'
import { citizenPage } from '../layout.ts'
import { page, queryOf, show, showOnce, signedIn, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { closedState } from './consent-parts.ts'
import { choiceOf, lineChoice } from './share-choice.ts'

const DAYS = ['1', '7', '30', '90'] as const
const PAGE = 50

interface Sent {
  lines: readonly string[]
  reader: string
  purpose: string
  days: string
}

/** Choosing lines page by page, then telling for whom: what was chosen goes along in the form, so nothing is kept before. */
export function shareFormRoutes(services: WebServices): Router {
  const { transcript, hidden } = services

  async function choosing(
    view: View,
    lines: readonly string[],
    after: string,
    errors: readonly FieldError[],
  ) {
    const person = viewerOf(view).id
    const [found, of] = await Promise.all([
      transcript.lines(person, { limit: PAGE, ...(after && { after }) }),
      transcript.count(person),
    ])
    const before = await transcript.entries(person, lines)
    const kept = await hidden.among([...found.lines, ...before])
    const keptNames = new Set(before.filter(({ id }) => kept.has(id)).flatMap(namesOf))
    const shown = found.lines.filter(({ id }) => !kept.has(id))
    const chosen = lines.filter((id) => !kept.has(id) && !keptNames.has(id))
    const out = found.lines.length - shown.length
    return choosePage(view, { lines: shown, next: found.next, chosen, of, out, errors })
  }
  async function telling(view: View, sent: Sent, errors: readonly FieldError[]) {
    const of = await transcript.count(viewerOf(view).id)
    return tellPage(view, { sent, of: of ?? sent.lines.length, errors })
  }

  return Router()
    .get(
      '/me/shares/new',
      signedIn,
      page(async (view, req) => {
        const line = queryOf(req, 'line')
        return show(await choosing(view, line ? [line] : [], '', []))
      }),
    )
    .post(
      '/me/shares/new',
      signedIn,
      page(async (view, req) => {
        const sent = sentOf(req)
        const step = textOf(req, 'step')
        if (step === 'more') return show(await choosing(view, sent.lines, textOf(req, 'after'), []))
        if (step !== 'create') {
          const errors = chosenErrors(view, sent.lines)
          return errors.length > 0
            ? show(await choosing(view, sent.lines, '', errors), 400)
            : show(await telling(view, sent, []))
        }
        const password = typeof req.body?.password === 'string' ? req.body.password : ''
        const made = await services.shares.create(viewerOf(view).id, {
          ...sent,
          days: Number(sent.days),
          password: password === '' ? null : password,
        })
        if ('token' in made) return showOnce(madePage(view, made))
        const errors = made.problems.map(({ id, path }) => ({
          field: path ?? 'reader',
          message: explain(view, id),
        }))
        return errors.some((error) => error.field === 'line')
          ? show(await choosing(view, sent.lines, '', errors), made.status)
          : show(await telling(view, sent, errors), made.status)
      }),
    )
}

function sentOf(req: Request): Sent {
  return {
    lines: choiceOf(req.body),
    reader: textOf(req, 'reader'),
    purpose: textOf(req, 'purpose'),
    days: textOf(req, 'days'),
  }
}

function chosenErrors(view: View, lines: readonly string[]): FieldError[] {
  if (lines.length === 0) return [{ field: 'line', message: explain(view, 'share-lines-missing') }]
  return lines.length > SHARE_LIMITS.lines
    ? [{ field: 'line', message: explain(view, 'share-lines-many') }]
    : []
}

const WORDS = {
  'share-lines-missing': ['linesMissing', 0],
  'share-lines-many': ['linesMany', SHARE_LIMITS.lines],
  'share-line-unknown': ['lineUnknown', 0],
  'share-record-moves': ['recordMoves', 0],
  'share-line-hidden': ['lineHidden', 0],
  'share-reader-missing': ['readerMissing', 0],
  'share-purpose-missing': ['purposeMissing', 0],
  'share-reader-long': ['tooLong', SHARE_LIMITS.words],
  'share-purpose-long': ['tooLong', SHARE_LIMITS.words],
  'share-reader-number': ['wordsNumber', 0],
  'share-purpose-number': ['wordsNumber', 0],
  'share-days-wrong': ['daysWrong', 0],
  'share-password-bad': ['passwordBad', SHARE_LIMITS.password],
} as const

function explain(view: View, id: string): string {
  const [key, max] = WORDS[id as keyof typeof WORDS]
  return view.say(shares)(key, { max })
}

function top(view: View, current: number): Html {
  const say = view.say(shares)
  return html`${heading(view, { title: say('newTitle'), back: { href: '/me/shares', label: say('title') } })}
    ${steps(view, { label: say('steps'), items: [say('stepChoose'), say('stepTell'), say('stepLink')], current })}`
}

function choosePage(
  view: View,
  props: {
    lines: readonly RecordLine[]
    next: string | null
    chosen: readonly string[]
    of: number | null
    /** Of this page, hidden from shares. */
    out: number
    errors: readonly FieldError[]
  },
): Html {
  const say = view.say(shares)
  const shown = new Set(props.lines.map(({ id }) => id))
  const before = props.chosen.filter((id) => !shown.has(id))
  if (props.of === 0)
    return citizenPage(view, {
      title: say('newTitle'),
      body: html`<div class="stack">${top(view, 0)}
        ${
          !agreed(view.viewer)
            ? closedState(view, 2)
            : emptyState({
                title: say('empty'),
                body: say('emptyRecord'),
                action: buttonLink(view, {
                  label: view.say(record)('emptyAction'),
                  href: '/lessons',
                  kind: 'primary',
                }),
              })
        }</div>`,
    })
  return citizenPage(view, {
    title: say('newTitle'),
    body: html`<div class="stack">
      ${top(view, 0)}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action="/me/shares/new">
        ${before.map((id) => html`<input type="hidden" name="line" value=${id} />`)}
        ${before.length > 0 && html`<p>${say('chosenBefore', { count: before.length })}</p>`}
        ${props.out > 0 && html`<p class="muted">${say('hiddenOut', { count: props.out })}</p>`}
        ${lineChoice(view, {
          label: say('chooseLines'),
          help: say('chooseLead'),
          lines: props.lines,
          chosen: props.chosen,
          error: errorOf(props.errors, 'line'),
        })}
        <input type="hidden" name="after" value=${props.next ?? ''} />
        <div class="row">
          ${button(view, { label: say('goOn'), kind: 'primary', name: 'step', value: 'tell' })}
          ${props.next && button(view, { label: say('more'), name: 'step', value: 'more' })}
        </div>
      </form>
    </div>`,
  })
}

function tellPage(view: View, props: { sent: Sent; of: number; errors: readonly FieldError[] }): Html {
  const say = view.say(shares)
  const { sent, errors } = props
  return citizenPage(view, {
    title: say('newTitle'),
    body: html`<div class="stack">
      ${top(view, 1)}
      ${errorSummary(view, errors)}
      <p><strong>${say('chosenOf', { count: sent.lines.length, of: props.of })}</strong></p>
      <p class="muted">${say('noEvidence')}</p>
      <form class="form" method="post" action="/me/shares/new" novalidate autocomplete="off">
        ${sent.lines.map((id) => html`<input type="hidden" name="line" value=${id} />`)}
        ${field(view, {
          name: 'reader',
          label: say('reader'),
          help: say('readerHelp'),
          value: sent.reader,
          error: errorOf(errors, 'reader'),
          required: true,
          maxlength: SHARE_LIMITS.words,
        })}
        ${field(view, {
          name: 'purpose',
          label: say('purpose'),
          help: say('purposeHelp'),
          value: sent.purpose,
          error: errorOf(errors, 'purpose'),
          required: true,
          maxlength: SHARE_LIMITS.words,
        })}
        ${radios(view, {
          name: 'days',
          label: say('days'),
          options: DAYS.map((days) => ({ value: days, label: say(`days-${days}`) })),
          value: sent.days || '7',
          error: errorOf(errors, 'days'),
          required: true,
        })}
        ${field(view, {
          name: 'password',
          label: say('password'),
          type: 'password',
          help: say('passwordHelp'),
          error: errorOf(errors, 'password'),
          autocomplete: 'new-password',
        })}
        <div class="row">
          ${button(view, { label: say('create'), kind: 'primary', icon: 'share', name: 'step', value: 'create' })}
          ${button(view, { label: say('back'), name: 'step', value: 'more' })}
        </div>
      </form>
    </div>`,
  })
}

/** The only page that ever holds the link. */
function madePage(
  view: View,
  { share, token }: { share: { lines: readonly string[]; until: number; id: string }; token: string },
): Html {
  const say = view.say(shares)
  const address = `${view.publicUrl}/s/${token}`
  return citizenPage(view, {
    title: say('madeTitle'),
    scripts: ['copy'],
    body: html`<div class="stack">
      ${top(view, 2)}
      ${notice(view, { tone: 'warning', title: say('madeOnce'), body: say('madeOnceBody') })}
      ${copyField(view, { id: 'link', label: say('madeLink'), value: address })}
      ${details({
        summary: say('madeQr'),
        body: html`<p>${say('madeQrBody')}</p>
          ${qr({ text: address, label: say('madeQrLabel') })}`,
      })}
      <p>${say('madeSeen', { count: share.lines.length, date: view.format.dateTime(share.until) })}</p>
      <div class="row">${buttonLink(view, { label: say('madeDone'), href: '/me/shares', kind: 'primary', icon: 'next' })}</div>
    </div>`,
  })
}
