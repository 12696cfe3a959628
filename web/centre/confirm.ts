import { Router } from 'express'
import type { Problem } from '../../lrs/index.ts'
import type { Confirmation, Confirmations, Organisation, StaffReader, Subject } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { lineName } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { centre } from '../i18n/messages/centre.ts'
import { go, paramOf, show, textOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { centreAddress, centreOf, centrePage, valuesOf } from './frame.ts'
import { personAddress } from './people.ts'
import { personReply } from './person.ts'

/** Entries that one form confirms at most. */
const MOST = 100

/** Confirming what a person told of themselves, and taking that back. */
export function confirmRoutes(services: WebServices): Router {
  const { accesses, confirmations, directory } = services
  const at = centreOf(services, 'confirm-learning')
  const withdrawn = '/:organisation/confirmations/:statement/withdraw'
  /** The entry, when its person is told that it is looked at; null while they agree to no record. */
  async function shownTo(reader: StaffReader, { subject }: Confirmation): Promise<Subject | null> {
    const person = await confirmations.shownOf(subject)
    if (person === null) return null
    const looked = { person, what: 'line', purpose: 'confirm' } as const
    const read = await accesses.read(reader, looked, async () => ({ ...subject, person }))
    return read.ok ? read.found : null
  }
  return Router()
    .post(
      '/:organisation/people/:person/confirm',
      at(async (view, here, req) => {
        const say = view.say(centre)
        const person = paramOf(req, 'person')
        if (!(await directory.open(here.reader, person))) return show(notFoundPage(view), 404)
        // Who confirms has looked, and said why.
        if (!(await accesses.purposeOf(here.reader, person)))
          return personReply(services, view, here, { person })
        const statements = valuesOf(req, 'statement', MOST)
        const again = (errors: readonly FieldError[], status: number) =>
          personReply(services, view, here, { person, errors, status })
        if (statements.length === 0) return again([{ field: 'statement', message: say('confirmNone') }], 400)
        const original = textOf(req, 'original') === 'yes'
        const by = here.reader.person
        const { organisation } = here
        const asked = { organisation: organisation.id, by, original, statements }
        const { confirmed, problems } = await confirmAll(confirmations, { ...asked, person })
        if (problems.length > 0) return again(centreErrors(view, problems, 'statement'), 409)
        return go(personAddress(organisation, person), { message: say('confirmed', { count: confirmed }) })
      }),
    )
    .get(
      withdrawn,
      at(async (view, { organisation, reader }, req) => {
        const held = await confirmations.get(organisation.id, paramOf(req, 'statement'))
        if (held?.state !== 'standing') return show(notFoundPage(view), 404)
        const shown = await shownTo(reader, held)
        return show(withdrawPage(view, organisation, { held, shown, reason: '', errors: [] }))
      }),
    )
    .post(
      withdrawn,
      at(async (view, { organisation, reader }, req) => {
        const statement = paramOf(req, 'statement')
        const reason = textOf(req, 'reason')
        const held = await confirmations.get(organisation.id, statement)
        if (!held) return show(notFoundPage(view), 404)
        const asked = { organisation: organisation.id, statement, by: reader.person, reason }
        const outcome = await confirmations.withdraw(asked)
        if ('ok' in outcome) {
          const errors = centreErrors(view, outcome.problems, 'reason')
          const shown = held.state === 'standing' ? await shownTo(reader, held) : null
          return show(withdrawPage(view, organisation, { held, shown, reason, errors }), outcome.status)
        }
        const message = view.say(centre)('withdrawn')
        const person = (await confirmations.shownOf(outcome.subject)) ?? outcome.subject.person
        return go(personAddress(organisation, person), { message })
      }),
    )
}

/** Confirms one after another; what is refused keeps none of the others back. Each refusal once. */
export async function confirmAll(
  confirmations: Pick<Confirmations, 'confirm' | 'subject'>,
  {
    statements,
    person,
    ...asked
  }: {
    organisation: string
    by: string
    original: boolean
    statements: readonly string[]
    /** Nobody else's are confirmed. */
    person?: string
  },
): Promise<{ confirmed: number; problems: Problem[] }> {
  const problems = new Map<string, Problem>()
  let confirmed = 0
  for (const statement of statements) {
    if (person !== undefined) {
      const subject = await confirmations.subject(statement)
      if (subject && subject.person !== person) continue
    }
    const outcome = await confirmations.confirm({ ...asked, statement })
    if (!('ok' in outcome)) confirmed++
    else for (const problem of outcome.problems) problems.set(problem.id, problem)
  }
  return { confirmed, problems: [...problems.values()] }
}

function withdrawPage(
  view: View,
  organisation: Organisation,
  props: { held: Confirmation; shown: Subject | null; reason: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(centre)
  const { shown, reason, errors } = props
  const { subject } = props.held
  const action = `${centreAddress(organisation)}/confirmations/${encodeURIComponent(subject.statement)}/withdraw`
  return centrePage(view, organisation, {
    title: say('withdrawTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('withdrawTitle'),
        back: shown
          ? { href: personAddress(organisation, shown.person), label: lineName(view, shown) }
          : { href: centreAddress(organisation), label: say('placeHome') },
      })}
      ${errorSummary(view, errors)}
      <p>${say('withdrawBody')}</p>
      <form class="form" method="post" action=${action} novalidate>
        ${reasonField(view, { label: say('reason'), value: reason, errors, required: true })}
        <div class="row">${button(view, { label: say('withdrawDo'), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}

/** Why, in words that the person reads. */
export function reasonField(
  view: View,
  props: { label: string; value: string; errors: readonly FieldError[]; required?: boolean },
): Html {
  const { errors, ...rest } = props
  return field(view, {
    ...rest,
    name: 'reason',
    help: view.say(centre)('reasonHelp'),
    maxlength: 300,
    unmarked: true,
    autocomplete: 'off',
    error: errorOf(errors, 'reason'),
  })
}
