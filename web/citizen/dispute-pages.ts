import { agreed, DISPUTE_KINDS, DISPUTE_LIMITS, type Dispute, type RecordLine } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { checkbox, radios } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { pager } from '../components/pager.ts'
import { lineName } from '../components/record-line.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { answerWords, historyList, stateBadge, written } from '../disputes/words.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import type { View } from '../view.ts'
import { DISPUTES_ADDRESS, disputeAddress } from './dispute-section.ts'

interface Sent {
  kind: string
  words: string
  asksVoid: boolean
  teller: string
}

/** The form on which a line is said to be wrong. */
export function reportPage(
  view: View,
  props: {
    line: RecordLine
    /** Whose word it is: by the line that each told, with what the source is called. */
    tellers: readonly { line: string; name: string }[]
    sent: Sent
    errors: readonly FieldError[]
  },
): Html {
  const say = view.say(disputes)
  const { line, tellers, sent, errors } = props
  const address = `/me/transcript/${encodeURIComponent(line.id)}`
  return citizenPage(view, {
    title: say('reportTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('reportTitle'),
        lead: say('reportLead', { source: tellers.map(({ name }) => name).join(', ') }),
        back: { href: address, label: lineName(view, line) },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${address}/dispute`} novalidate>
        ${
          tellers.length > 1 &&
          radios(view, {
            name: 'teller',
            label: say('teller'),
            options: tellers.map((each) => ({ value: each.line, label: each.name })),
            value: sent.teller,
            error: errorOf(errors, 'teller'),
            required: true,
          })
        }
        ${radios(view, {
          name: 'kind',
          label: say('kind'),
          options: DISPUTE_KINDS.map((kind) => ({ value: kind, label: say(`kind-${kind}`) })),
          value: sent.kind,
          error: errorOf(errors, 'kind'),
          required: true,
        })}
        ${field(view, {
          name: 'words',
          label: say('words'),
          help: say('wordsHelp'),
          value: sent.words,
          rows: 5,
          maxlength: DISPUTE_LIMITS.words,
          error: errorOf(errors, 'words'),
        })}
        ${checkbox(view, {
          name: 'asksVoid',
          label: say('asksVoid'),
          help: say('asksVoidHelp'),
          checked: sent.asksVoid,
        })}
        <div class="row">${button(view, { label: say('send'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

export function listPage(
  view: View,
  props: { disputes: readonly Dispute[]; next: string | null; later: boolean },
): Html {
  const say = view.say(disputes)
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me/transcript', label: view.say(record)('backToRecord') },
      })}
      ${
        props.disputes.length === 0 && !props.later
          ? emptyState({
              title: say('empty'),
              body: say('emptyBody'),
              action: buttonLink(view, { label: say('toRecord'), href: '/me/transcript', kind: 'primary' }),
            })
          : table({
              caption: say('title'),
              columns: [
                {
                  label: say('columnLine'),
                  cell: (each: Dispute) =>
                    rowLink({ href: disputeAddress(each), label: toldName(view, each) }),
                },
                { label: say('columnKind'), cell: (each) => say(`kind-${each.kind}`) },
                { label: say('columnMade'), cell: (each) => onDate(view, each.made) },
                { label: say('columnState'), cell: (each) => stateBadge(view, each) },
              ],
              rows: props.disputes,
            })
      }
      ${pager(view, {
        next: props.next && `${DISPUTES_ADDRESS}?after=${encodeURIComponent(props.next)}`,
        first: props.later ? DISPUTES_ADDRESS : null,
      })}
    </div>`,
  })
}

/** What the line was called when it was disputed. */
export const toldName = (view: View, { told }: Pick<Dispute, 'told'>): string =>
  lineName(view, { activity: { id: told.activity, name: told.name, type: null } })

export function disputePage(
  view: View,
  props: {
    dispute: Dispute
    source: string | undefined
    isThere: boolean
    organisations: ReadonlyMap<string, string>
  },
): Html {
  const say = view.say(disputes)
  const { dispute } = props
  const name = toldName(view, dispute)
  const line = `/me/transcript/${encodeURIComponent(dispute.line)}`
  return citizenPage(view, {
    title: name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: name, back: { href: DISPUTES_ADDRESS, label: say('title') } })}
        <div class="row">${stateBadge(view, dispute)}</div>
        ${facts([
          [say('toldWhat'), props.isThere ? link({ href: line, label: name }) : name],
          [say('toldWhen'), onDate(view, dispute.told.at)],
          [say('toldSource'), props.source ?? dispute.source],
          [say('saidKind'), say(`kind-${dispute.kind}`)],
          ...(dispute.asksVoid ? [[say('saidVoid'), say('yes')] as const] : []),
          [say('columnMade'), onDate(view, dispute.made)],
        ])}
        ${dispute.words && written(dispute.words)}
      </section>
      <section class="stack">
        <h2>${say('answerTitle')}</h2>
        ${dispute.state === 'open' && !agreed(view.viewer) ? html`<p>${say('ownSilent')}</p>` : answerWords(view, dispute)}
      </section>
      ${
        dispute.state === 'open' &&
        html`<section class="stack">
          <p class="muted">${say('withdrawLead')}</p>
          ${act(view, { label: say('withdraw'), action: `${disputeAddress(dispute)}/withdraw` })}
        </section>`
      }
      <section class="stack">
        <h2>${say('historyTitle')}</h2>
        ${historyList(view, dispute.history, props.organisations)}
      </section>
    </div>`,
  })
}
