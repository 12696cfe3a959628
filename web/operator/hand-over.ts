import { Router } from 'express'
import { holdsEverywhere, type Person } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { go, show, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { personAddress } from './people.ts'
import { notedPersonOf } from './person-of.ts'

/** Lessons that belong to no organisation; those of one are handed over by who manages it. */
export function handOverRoutes(services: WebServices): Router {
  const { accounts, host } = services
  const one = notedPersonOf(services)
  return Router()
    .get(
      '/people/:person/lessons',
      one(async (view, person) => {
        const count = await host.lessons.countOf(null, person.id)
        return show(handOverPage(view, { person, count, to: '', errors: [] }))
      }),
    )
    .post(
      '/people/:person/lessons',
      one(async (view, person, req) => {
        const say = view.say(organisations)
        const written = textOf(req, 'to')
        const to = await accounts.find(written)
        if (!to || to.id === person.id || !holdsEverywhere(to, 'write-lessons')) {
          const count = await host.lessons.countOf(null, person.id)
          const errors = [{ field: 'to', message: view.say(operator)('handOverNobody') }]
          return show(handOverPage(view, { person, count, to: written, errors }), 400)
        }
        const asked = { organisation: null, from: person.id, to: to.id, by: viewerOf(view).id }
        const count = await host.lessons.handOver(asked)
        return go(personAddress(person), { message: say('handedOver', { count, name: to.name }) })
      }),
    )
}

function handOverPage(
  view: View,
  props: { person: Person; count: number; to: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(organisations)
  const sayOperator = view.say(operator)
  const { person, count, to, errors } = props
  const title = say('handOverTitle', { name: person.name })
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: personAddress(person), label: person.name } })}
      ${errorSummary(view, errors)}
      ${
        count === 0
          ? html`<p>${sayOperator('handOverNone')}</p>`
          : html`<p>${sayOperator('handOverLead', { count })}</p>
              <form class="form" method="post" action=${`${personAddress(person)}/lessons`} novalidate>
                ${field(view, {
                  name: 'to',
                  label: say('handOverTo'),
                  help: sayOperator('handOverHelp'),
                  value: to,
                  required: true,
                  autocomplete: 'off',
                  error: errorOf(errors, 'to'),
                })}
                <div class="row">${button(view, { label: say('handOverDo'), kind: 'primary' })}</div>
              </form>`
      }
    </div>`,
  })
}
