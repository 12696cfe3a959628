import type { Dispute, DisputeStep } from '../../profiles/index.ts'
import { DISPUTE_LIMITS } from '../../profiles/index.ts'
import { badge } from '../components/badge.ts'
import type { FieldError } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { nameOf } from '../organisations/frame.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const TONES = {
  open: 'waiting',
  corrected: 'good',
  'not-corrected': 'neutral',
  withdrawn: 'neutral',
} as const

export function stateBadge(view: View, { state }: Pick<Dispute, 'state'>): Html {
  return badge(view, { label: view.say(disputes)(`state-${state}`), tone: TONES[state] })
}

/** What people wrote, with the lines they wrote it in. */
export const written = (words: string): Html => html`<p class="letter">${words}</p>`

/** Names of the organisations in these steps. */
export async function organisationNames(
  view: View,
  { organisations }: WebServices,
  { history }: Pick<Dispute, 'history'>,
): Promise<ReadonlyMap<string, string>> {
  const found = await organisations.getMany(history.flatMap(({ organisation }) => organisation ?? []))
  return new Map([...found].map(([id, each]) => [id, nameOf(view, each)]))
}

/** Every step, oldest first; what was said at first stands above. */
export function historyList(
  view: View,
  history: readonly DisputeStep[],
  organisations: ReadonlyMap<string, string>,
): Html {
  const say = view.say(disputes)
  const words = ({ what, organisation }: DisputeStep) =>
    say(`step-${what}`, {
      organisation: organisations.get(organisation ?? '') ?? say('organisationGone'),
    })
  return html`<ol class="steps wide">
    ${history.map(
      (step) => html`<li class="done"><div>
        <p><strong>${words(step)}</strong></p>
        <p class="small">${view.format.dateTime(step.at)}</p>
        ${step.what !== 'made' && step.words && written(step.words)}
      </div></li>`,
    )}
  </ol>`
}

/** The answer in short, above the history. */
export function answerWords(view: View, { answer, state }: Dispute): Html {
  const say = view.say(disputes)
  if (!answer) return html`<p class="muted">${say('answerNone')}</p>`
  const date = view.format.date(answer.at)
  const outcome = say(state === 'corrected' ? 'lineCorrected' : 'lineNot-corrected', { date })
  return html`<p><strong>${outcome}</strong></p>
    ${answer.words ? written(answer.words) : answer.by === null && html`<p>${say('answerBySource')}</p>`}`
}

const WORDS = {
  'dispute-line-unknown': 'lineGone',
  'dispute-own-entry': 'ownEntry',
  'dispute-open': 'openAlready',
  'dispute-teller-missing': 'tellerMissing',
  'dispute-kind-missing': 'kindMissing',
  'dispute-words-missing': 'wordsMissing',
  'dispute-words-long': 'wordsLong',
  'dispute-words-bad': 'wordsBad',
  'dispute-words-number': 'wordsNumber',
  'dispute-outcome-missing': 'outcomeMissing',
  'dispute-answered': 'answeredAlready',
  'dispute-own': 'ownDispute',
  'dispute-voids-not-ours': 'notOurs',
} as const

/** Refusals in the reader's words, each beside its field. */
export function disputeErrors(
  view: View,
  problems: readonly { id: string; path?: string; message: string }[],
  field: string,
): FieldError[] {
  return problems.map(({ id, path, message }) => {
    const key = WORDS[id as keyof typeof WORDS]
    return {
      field: path ?? field,
      message: key ? view.say(disputes)(key, { max: DISPUTE_LIMITS.words }) : message,
    }
  })
}
