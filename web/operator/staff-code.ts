import { Router } from 'express'
import type { Problem } from '../../lrs/index.ts'
import type { Person, Recovery } from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { recovery as words } from '../i18n/messages/recovery.ts'
import { explainCodeProblem } from '../i18n/problems.ts'
import { notify } from '../letters.ts'
import { show, showOnce, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { personAddress } from './people.ts'
import { notedPersonOf } from './person-of.ts'

type Issued = Awaited<ReturnType<Recovery['issuedByStaff']>>

export const staffCodeAddress = (person: Pick<Person, 'id'>) => `${personAddress(person)}/recovery-code`

/** A code on paper for who lost every other way in, after a document was seen. The person is told wherever they are proven. */
export function staffCodeRoutes(services: WebServices): Router {
  const { recovery } = services
  const one = notedPersonOf(services)
  return Router()
    .get(
      '/people/:person/recovery-code',
      one(async (view, person) =>
        show(
          askPage(view, person, placeOf(view, person), {
            issued: await recovery.issuedByStaff(person.id),
            document: '',
            errors: [],
          }),
        ),
      ),
    )
    .post(
      '/people/:person/recovery-code',
      one(async (view, person, req) => {
        const document = textOf(req, 'document')
        const answer = await recovery.issueByStaff(person.id, { by: viewerOf(view).id, document })
        if ('ok' in answer) {
          const errors = codeErrors(view, answer.problems)
          const issued = await recovery.issuedByStaff(person.id)
          return show(
            askPage(view, person, placeOf(view, person), { issued, document, errors }),
            answer.status,
          )
        }
        notify(services, person, 'issued')
        return showOnce(codePage(view, person, placeOf(view, person), answer))
      }),
    )
}

/** Whose pages a form stands among, and where it leads back to. */
export interface Place {
  page(props: { title: string; body: Html }): Html
  /** The person's page there; the form is sent to its `/recovery-code`. */
  back: string
}
const placeOf = (view: View, person: Person): Place => ({
  page: (props) => operatorPage(view, props),
  back: personAddress(person),
})

/** What is wrong with the form. */
export const codeErrors = (view: View, problems: readonly Problem[]): FieldError[] =>
  problems.map((problem) => ({ field: 'document', message: explainCodeProblem(view, problem) }))

export function askPage(
  view: View,
  person: Pick<Person, 'name'>,
  place: Place,
  { issued, document, errors }: { issued: Issued; document: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(words)
  const title = say('staffTitle', { name: person.name })
  return place.page({
    title,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title,
          lead: say('staffLead'),
          back: { href: place.back, label: person.name },
        })}
        ${errorSummary(view, errors)}
        <form class="form" method="post" action=${`${place.back}/recovery-code`} novalidate>
          ${field(view, {
            name: 'document',
            label: say('staffDocument'),
            help: say('staffDocumentHelp'),
            value: document,
            error: errorOf(errors, 'document'),
            required: true,
            maxlength: 200,
            autocomplete: 'off',
          })}
          <div class="row">${button(view, { label: say('staffDo'), kind: 'primary' })}</div>
        </form>
      </section>
      ${
        issued.length > 0 &&
        html`<section class="stack">
          <h2>${say('staffIssued')}</h2>
          ${table({
            caption: say('staffIssued'),
            columns: [
              { label: say('staffAt'), cell: (each: Issued[number]) => onDate(view, each.at) },
              { label: say('staffDocument'), cell: (each) => each.document },
            ],
            rows: issued,
          })}
        </section>`
      }
    </div>`,
  })
}

/** As it is to be printed and handed over. */
export function codePage(
  view: View,
  person: Pick<Person, 'name'>,
  place: Place,
  { code, until }: { code: string; until: number },
): Html {
  const say = view.say(words)
  return place.page({
    title: say('staffTitle', { name: person.name }),
    body: html`<div class="stack">
      <h1>${say('staffFor', { name: person.name })}</h1>
      <div class="screen-only">${notice(view, { tone: 'warning', body: say('staffOnce') })}</div>
      <ul class="codes plain"><li><code>${code}</code></li></ul>
      <p>${say('staffHow', { address: `${view.publicUrl}/recover/printed`, time: view.format.dateTime(until) })}</p>
      <div class="row">${buttonLink(view, { label: say('staffDone'), href: place.back, kind: 'primary' })}</div>
    </div>`,
  })
}
