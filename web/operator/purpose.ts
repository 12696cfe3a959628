import type { Request } from 'express'
import type { Person, WorkReader } from '../../profiles/index.ts'
import { purposeFields } from '../centre/people.ts'
import { button } from '../components/button.ts'
import { errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { access } from '../i18n/messages/access.ts'
import { operator } from '../i18n/messages/operator.ts'
import { viewerOf } from '../page.ts'
import { sessionKey } from '../session-store.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { personAddress } from './people.ts'

/** Who runs the product looks for no organisation, and says why as staff do. */
export const operatorReader = (view: View, req: Request): WorkReader => ({
  person: viewerOf(view).id,
  organisation: null,
  session: sessionKey(req.sessionID),
})

export interface SentPurpose {
  purpose: string
  words: string
  errors: readonly FieldError[]
}

/** What is asked before a person's page opens; the person reads the answer. */
export function operatorPurposePage(view: View, person: Person, sent: SentPurpose): Html {
  const say = view.say(access)
  return operatorPage(view, {
    title: say('purposeTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('purposeTitle'),
        lead: say('purposeLead', { name: person.name }),
        back: { href: '/operator/people', label: view.say(operator)('peopleTitle') },
      })}
      ${errorSummary(view, sent.errors)}
      <form class="form" method="post" action=${`${personAddress(person)}/purpose`} novalidate>
        ${purposeFields(view, sent)}
        <div class="row">${button(view, { label: say('purposeDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}
