import { Router } from 'express'
import type { Person } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { go, page, queryOf, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'

const PAGE = 50

export const personAddress = (person: Pick<Person, 'id'>) =>
  `/operator/people/${encodeURIComponent(person.id)}`

interface ListProps {
  persons: readonly Person[]
  next: string | null
  later: boolean
  who: string
  errors: readonly FieldError[]
}

export function peopleRoutes(services: WebServices): Router {
  return (
    Router()
      .get(
        '/people',
        page(async (view, req) => {
          const after = queryOf(req, 'after')
          const found = await services.accounts.list({ limit: PAGE, ...(after && { after }) })
          return show(peoplePage(view, { ...found, later: after !== '', who: '', errors: [] }))
        }),
      )
      // Sent as a form: an e-mail address or phone number stays out of addresses and what keeps them.
      .post(
        '/people',
        page(async (view, req) => {
          const who = textOf(req, 'who')
          const person = await services.accounts.find(who)
          if (person) return go(personAddress(person))
          const found = await services.accounts.list({ limit: PAGE })
          const errors = [{ field: 'who', message: view.say(operator)('findNone') }]
          return show(peoplePage(view, { ...found, later: false, who, errors }), 404)
        }),
      )
  )
}

export function rolesWords(view: View, person: Person): string {
  return person.roles.map((role) => view.say(operator)(`role-${role}`)).join(', ')
}

function peoplePage(view: View, props: ListProps): Html {
  const say = view.say(operator)
  return operatorPage(view, {
    title: say('peopleTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('peopleTitle'), lead: say('peopleLead') })}
      <form class="filters" method="post" action="/operator/people" novalidate>
        ${field(view, {
          name: 'who',
          label: say('findField'),
          value: props.who,
          unmarked: true,
          autocomplete: 'off',
          error: errorOf(props.errors, 'who'),
        })}
        ${button(view, { label: say('find'), icon: 'search' })}
      </form>
      ${
        props.persons.length === 0
          ? emptyState({ title: say('peopleEmptyTitle'), body: say('peopleEmptyBody') })
          : table({
              caption: say('peopleTitle'),
              columns: [
                {
                  label: say('columnName'),
                  cell: (person: Person) => rowLink({ href: personAddress(person), label: person.name }),
                },
                { label: say('columnRoles'), cell: (person) => rolesWords(view, person) },
                { label: say('columnSince'), cell: (person) => onDate(view, person.created) },
              ],
              rows: props.persons,
            })
      }
      ${pager(view, {
        next: props.next && `/operator/people?after=${encodeURIComponent(props.next)}`,
        first: props.later ? '/operator/people' : null,
      })}
    </div>`,
  })
}
