import type { Problem } from '../../lrs/index.ts'
import type { PersonIdentifier } from '../../profiles/index.ts'
import { type Awaited, codeAgain, codeField, codeNotice, shown } from '../asked-code.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { explainCodeProblem } from '../i18n/problems.ts'
import { showIdentifier } from '../i18n/show-identifier.ts'
import { citizenPage } from '../layout.ts'
import type { View } from '../view.ts'
import { LIST } from './identifier-pages.ts'

/** A refusal beside the field that it is about, where the page has it. */
export function codeErrors(view: View, problems: readonly Problem[], field: string): FieldError[] {
  return problems.map((problem) => ({ field, message: explainCodeProblem(view, problem) }))
}

/** Right after registering: prove it now, or another time. */
export function startPage(view: View, { value }: PersonIdentifier, next: string): Html {
  const say = view.say(identifiers)
  const words = { value: showIdentifier(value) }
  return citizenPage(view, {
    title: say('startTitle', words),
    body: html`<div class="stack">
      ${heading(view, { title: say('startTitle', words), lead: say('startLead') })}
      <div class="row">
        ${act(view, {
          label: say('startDo', words),
          kind: 'primary',
          action: `${LIST}/prove`,
          fields: { identifier: value, next },
        })}
        ${buttonLink(view, { label: say('later'), href: next })}
      </div>
    </div>`,
  })
}

export function codePage(view: View, awaited: Awaited, errors: readonly FieldError[]): Html {
  const say = view.say(identifiers)
  const failed = awaited.outcome === 'failed'
  const again = act(view, {
    label: say('codeAgain'),
    kind: failed ? 'primary' : 'plain',
    action: `${LIST}/prove`,
    fields: { identifier: awaited.to.value },
  })
  const back = { href: awaited.next ?? LIST, label: say(awaited.next ? 'later' : 'codeOther') }
  const title = say(failed ? 'failedTitle' : 'codeTitle')
  return citizenPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, {
        title,
        ...(awaited.outcome === 'sent' && { lead: say('codeSent', { value: shown(awaited) }) }),
      })}
      ${codeNotice(view, awaited)}
      ${errorSummary(view, errors)}
      ${
        failed
          ? html`<div class="row">${again}${buttonLink(view, { ...back, kind: 'quiet' })}</div>`
          : html`<form class="form" method="post" action=${`${LIST}/code`} novalidate>
              ${codeField(view, awaited, errors)}
              <div class="row">${button(view, { label: say('codeDo'), kind: 'primary' })}</div>
            </form>
            ${codeAgain(view, awaited, again, back)}`
      }
    </div>`,
  })
}
