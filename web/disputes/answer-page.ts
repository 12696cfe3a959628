import { DISPUTE_LIMITS, type Dispute } from '../../profiles/index.ts'
import { toldName } from '../citizen/dispute-pages.ts'
import { type Event, eventList } from '../citizen/events.ts'
import { button } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { radios } from '../components/choice.ts'
import { code, details } from '../components/details.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { viewerOf } from '../page.ts'
import type { View } from '../view.ts'
import type { Desk } from './desk.ts'
import { answerWords, historyList, stateBadge, written } from './words.ts'

export interface Sent {
  outcome: string
  words: string
  organisation: string
}

interface Props {
  desk: Desk
  dispute: Dispute
  sent: Sent
  errors: readonly FieldError[]
  /** Somebody else was faster. */
  isLate: boolean
  events: readonly Event[]
  organisations: ReadonlyMap<string, string>
  /** Who voids what it is about. */
  voider: 'here' | 'elsewhere' | 'source'
  source: string | undefined
  person: string | null
}

/** What was said, what stands behind the line, and the answer or the form for it. */
export function answerPage(view: View, props: Props): Html {
  const say = view.say(disputes)
  const { desk, dispute } = props
  const name = toldName(view, dispute)
  return desk.page(view, {
    title: name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: name, back: { href: desk.address, label: say('deskTitle') } })}
        ${props.isLate && notice(view, { tone: 'warning', body: say('answeredAlready'), live: true })}
        ${errorSummary(view, props.errors)}
        <div class="row">${stateBadge(view, dispute)}</div>
        ${facts([
          [say('columnPerson'), props.person ?? say('personGone')],
          [say('toldWhen'), onDate(view, dispute.told.at)],
          [say('toldSource'), props.source ?? dispute.source],
          [say('saidKind'), say(`kind-${dispute.kind}`)],
          [say('saidWords'), dispute.words ? written(dispute.words) : say('noWords')],
          ...(dispute.asksVoid ? [[say('saidVoid'), say('yes')] as const] : []),
          [say('columnMade'), onDate(view, dispute.made)],
        ])}
      </section>
      ${dispute.state === 'open' ? answerForm(view, props) : answerSection(view, dispute)}
      <section class="stack">
        <h2>${say('statementsTitle')}</h2>
        <p class="muted">${say('statementsLead', { gone: dispute.gone.length })}</p>
        ${eventList(view, props.events)}
        ${dispute.state === 'open' && props.voider === 'source' && howToVoid(view, dispute)}
      </section>
      <section class="stack">
        <h2>${say('historyTitle')}</h2>
        ${historyList(view, dispute.history, props.organisations)}
      </section>
    </div>`,
  })
}

function answerSection(view: View, dispute: Dispute): Html {
  return html`<section class="stack">
    <h2>${view.say(disputes)('answerTitle')}</h2>
    ${answerWords(view, dispute)}
  </section>`
}

function answerForm(view: View, { desk, dispute, sent, errors, voider }: Props): Html {
  const say = view.say(disputes)
  if (dispute.person === viewerOf(view).id) return notice(view, { body: say('ownDispute') })
  const outcomes = [
    'corrected',
    ...(voider === 'here' ? (['void'] as const) : []),
    'not-corrected',
    'pass-on',
  ] as const
  return html`<section class="stack">
    <h2>${say('answerForm')}</h2>
    <form class="form" method="post" action=${`${desk.address}/${encodeURIComponent(dispute.id)}`} novalidate>
      ${radios(view, {
        name: 'outcome',
        label: say('outcome'),
        options: outcomes.map((each) => ({
          value: each,
          label: say(`outcome-${each}`),
          help: say(`outcome-${each}-help`),
        })),
        value: sent.outcome,
        error: errorOf(errors, 'outcome'),
        required: true,
      })}
      ${field(view, {
        name: 'organisation',
        label: say('organisation'),
        help: say('organisationHelp'),
        value: sent.organisation,
        maxlength: 200,
        error: errorOf(errors, 'organisation'),
      })}
      ${field(view, {
        name: 'words',
        label: say('answerWords'),
        help: say('answerWordsHelp'),
        value: sent.words,
        rows: 5,
        maxlength: DISPUTE_LIMITS.words,
        error: errorOf(errors, 'words'),
      })}
      <div class="row">${button(view, { label: say('answerDo'), kind: 'primary' })}</div>
    </form>
  </section>`
}

/** For a source outside: what it sends itself. */
function howToVoid(view: View, { told, gone }: Dispute): Html {
  const say = view.say(disputes)
  const first = told.statements.find((id) => !gone.includes(id)) ?? ''
  const statement = {
    actor: { objectType: 'Agent', account: { homePage: 'https://…', name: '…' } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/voided', display: { en: 'voided' } },
    object: { objectType: 'StatementRef', id: first },
  }
  return details({
    summary: say('howToVoid'),
    body: html`<p>${say('howToVoid1')}</p>
      ${code({ label: say('voidStatement'), text: JSON.stringify(statement, null, 2) })}
      <p>${say('howToVoid2')}</p>`,
  })
}
