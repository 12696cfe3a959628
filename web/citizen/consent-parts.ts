import type { Request } from 'express'
import {
  type AskedConsent,
  agreed,
  type ConsentPurpose,
  type Consents,
  type ConsentWords,
} from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { consents } from '../i18n/messages/consents.ts'
import { textOf } from '../page.ts'
import type { View } from '../view.ts'

export const CONSENTS_ADDRESS = '/me/consents'
export const withdrawAddress = (purpose: ConsentPurpose) => `${CONSENTS_ADDRESS}/${purpose}/withdraw`

export type Asked = ReturnType<Consents['purposes']>[number]
export interface SentAnswer {
  purpose: ConsentPurpose
  answer: 'yes' | 'no' | null
  version: number
}

const wordsField = (purpose: ConsentPurpose) => `${purpose}-words`

/** What it means, sentence by sentence. */
export function pointsOf({ points }: ConsentWords): Html {
  return html`<ul class="points">${points.map((point) => html`<li>${point}</li>`)}</ul>`
}

/** The question within a form: nothing is chosen before its reader chooses. */
export function consentField(
  view: View,
  { purpose, words }: Asked,
  { sent, error }: { sent: SentAnswer | undefined; error: string | undefined },
): Html {
  const { question, yes, no, ...rest } = words[view.language]
  return html`<input type="hidden" name=${wordsField(purpose)} value=${words.version} />
    ${radios(view, {
      name: purpose,
      label: question,
      intro: pointsOf({ question, yes, no, ...rest }),
      options: [
        { value: 'yes', label: yes },
        { value: 'no', label: no },
      ],
      value: sent?.answer ?? undefined,
      error,
      required: true,
    })}`
}

/** How each question of a form was answered, and to which words. */
export function sentAnswers(req: Request, asked: readonly Asked[]): SentAnswer[] {
  return asked.map(({ purpose }) => {
    const answer = textOf(req, purpose)
    return {
      purpose,
      answer: answer === 'yes' || answer === 'no' ? answer : null,
      version: Number(textOf(req, wordsField(purpose))),
    }
  })
}

/** One question by itself, with its answers side by side: none is put forward. */
export function askSection(view: View, { purpose, words, why }: AskedConsent, next: string): Html {
  const say = view.say(consents)
  const said = words[view.language]
  const answer = (label: string, value: 'yes' | 'no') =>
    act(view, {
      label,
      action: CONSENTS_ADDRESS,
      fields: { purpose, answer: value, words: String(words.version), next },
    })
  return html`<section class="card"><div class="stack">
    <h2>${why === 'first' ? said.question : say('changedTitle', { title: said.title })}</h2>
    ${why === 'changed' && html`<p><strong>${said.changed}</strong></p><p>${say('changedLead')}</p>`}
    ${pointsOf(said)}
    <div class="row">
      ${answer(why === 'first' ? said.yes : say('changedYes'), 'yes')}
      ${
        why === 'first'
          ? answer(said.no, 'no')
          : buttonLink(view, { label: say('withdraw'), href: withdrawAddress(purpose) })
      }
    </div>
  </div></section>`
}

/** The question where its answer opens what the page is for. */
export function agreeForm(view: View, { purpose, words }: Asked, next: string): Html {
  const said = words[view.language]
  return html`<form class="stack" method="post" action=${CONSENTS_ADDRESS}>
    <input type="hidden" name="purpose" value=${purpose} />
    <input type="hidden" name="words" value=${words.version} />
    <input type="hidden" name="next" value=${next} />
    <p><strong>${said.question}</strong></p>
    ${pointsOf(said)}
    <div class="row">${button(view, { label: said.yes, kind: 'primary', name: 'answer', value: 'yes' })}</div>
  </form>`
}

/** Where the record would be, of who did not agree to one. */
export function closedState(view: View, level: 2 | 3): Html {
  const say = view.say(consents)
  return emptyState({
    level,
    title: say('closedTitle'),
    body: say('closedBody'),
    action: buttonLink(view, { label: say('closedLink'), href: CONSENTS_ADDRESS }),
  })
}

/** Beside what would enter the record of who agreed to one. */
export function closedNotice(view: View, why: 'closedDiary' | 'closedPaper' | 'closedLinks'): Html {
  if (agreed(view.viewer)) return null
  const say = view.say(consents)
  return notice(view, {
    body: html`<p>${say(why)}</p>${buttonLink(view, { label: say('closedLink'), href: CONSENTS_ADDRESS, kind: 'quiet' })}`,
  })
}
