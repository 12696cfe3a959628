import type { Namesake, Person } from '../../profiles/index.ts'
import { act } from '../components/button.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { lms } from '../i18n/messages/lms.ts'
import { operator } from '../i18n/messages/operator.ts'
import type { View } from '../view.ts'
import { describeIdentifier, writeIdentifier } from './identifier.ts'
import { personAddress } from './people.ts'

/** Accounts of nobody that carry this person's name: a hint for the officer, who still needs a document. */
export function namesakeSection(
  view: View,
  props: {
    person: Person
    namesakes: readonly Namesake[]
    source(id: string): string | undefined
  },
): Html {
  const say = view.say(links)
  if (props.namesakes.length === 0) return null
  return html`<section class="stack">
    <h2>${say('namesakesTitle')}</h2>
    <p class="muted">${say('namesakesLead')}</p>
    ${table({
      caption: say('namesakesTitle'),
      columns: [
        { label: view.say(operator)('columnName'), cell: (each: Namesake) => each.name },
        { label: say('account'), cell: ({ agent }) => describeIdentifier(view, agent).name },
        { label: view.say(lms)('columnSource'), cell: (each) => props.source(each.source) ?? each.source },
        {
          label: say('namesakeLink'),
          cell: ({ agent }) =>
            act(view, {
              label: say('namesakeLink'),
              action: `${personAddress(props.person)}/link/begin`,
              fields: { identifier: writeIdentifier(agent) },
            }),
        },
      ],
      rows: props.namesakes,
    })}
  </section>`
}
