import type { Request } from 'express'
import { type Source, type StatementQuery, statementKey } from '../../lrs/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { checkbox, select } from '../components/choice.ts'
import { details } from '../components/details.ts'
import { dateField, errorOf, type FieldError, field } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { endOfDay, startOfDay } from '../i18n/day.ts'
import { operator } from '../i18n/messages/operator.ts'
import { queryOf } from '../page.ts'
import type { View } from '../view.ts'
import { readIdentifier } from './identifier.ts'

const TEXTS = ['agent', 'verb', 'activity', 'registration', 'source', 'since', 'until'] as const
const CHOICES = ['related', 'voided', 'ascending'] as const
type Name = (typeof TEXTS)[number] | (typeof CHOICES)[number]

/** What was asked for, as written in the address. */
export type Filter = Record<Name, string>

export function filterOf(req: Request): Filter {
  const entries = [...TEXTS, ...CHOICES].map((name) => [name, queryOf(req, name).trim()])
  return Object.fromEntries(entries) as Filter
}

export const isEmpty = (filter: Filter) => [...TEXTS, ...CHOICES].every((name) => !filter[name])

/** The list's address with this filter, at its start or behind a position. */
export function filterAddress(filter: Partial<Filter>, after?: number): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value))
  if (after !== undefined) query.set('after', String(after))
  return query.size > 0 ? `/operator/statements?${query}` : '/operator/statements'
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export const isUuid = (text: string) => UUID.test(text)
const isIri = (text: string) => text.length <= 2000 && /^[a-z][a-z0-9+.-]*:\S+$/i.test(text)

/** The filter as the record store takes it, or what needs a correction. */
export function readFilter(
  view: View,
  filter: Filter,
): {
  query: Pick<StatementQuery, 'keys' | 'since' | 'until' | 'ascending' | 'includeVoided'>
  errors: FieldError[]
} {
  const say = view.say(operator)
  const errors: FieldError[] = []
  const keys: string[] = []
  const take = <T>(name: Name, read: (text: string) => T | null, message: string): T | null => {
    if (!filter[name]) return null
    const value = read(filter[name])
    if (value === null) errors.push({ field: name, message })
    return value
  }
  const iri = (text: string) => (isIri(text) ? text : null)
  const related = filter.related !== ''

  const agent = take('agent', readIdentifier, say('agentBad'))
  if (agent !== null) keys.push(related ? statementKey.relatedAgent(agent) : statementKey.agent(agent))
  const verb = take('verb', iri, say('iriBad'))
  if (verb !== null) keys.push(statementKey.verb(verb))
  const activity = take('activity', iri, say('iriBad'))
  if (activity !== null)
    keys.push(related ? statementKey.relatedActivity(activity) : statementKey.activity(activity))
  const registration = take('registration', (text) => (isUuid(text) ? text : null), say('uuidBad'))
  if (registration !== null) keys.push(statementKey.registration(registration))
  const since = take('since', startOfDay, say('dateBad'))
  const until = take('until', endOfDay, say('dateBad'))
  return {
    query: {
      keys,
      // The store's lower bound is exclusive.
      ...(since !== null && { since: since - 1 }),
      ...(until !== null && { until }),
      ascending: filter.ascending !== '',
      includeVoided: filter.voided !== '',
    },
    errors,
  }
}

export function filterForm(
  view: View,
  props: { filter: Filter; sources: readonly Source[]; errors: readonly FieldError[] },
): Html {
  const say = view.say(operator)
  const { filter, errors } = props
  const text = (name: 'agent' | 'verb' | 'activity' | 'registration', label: string, help?: string) =>
    field(view, { name, label, help, value: filter[name], unmarked: true, error: errorOf(errors, name) })
  const day = (name: 'since' | 'until', label: string) =>
    dateField(view, { name, label, value: filter[name], unmarked: true, error: errorOf(errors, name) })
  const more = (['verb', 'activity', 'registration', 'since', 'until', 'related', 'ascending'] as const).some(
    (name) => filter[name],
  )
  return html`<form class="stack" method="get" action="/operator/statements" novalidate>
    <div class="filters">
      ${text('agent', say('agentField'), say('agentHelp'))}
      ${select(view, {
        name: 'source',
        label: say('sourceField'),
        unmarked: true,
        empty: say('sourceAny'),
        options: props.sources.map((source) => ({ value: source.id, label: source.name })),
        value: filter.source,
      })}
      ${checkbox(view, { name: 'voided', label: say('voidedField'), checked: filter.voided !== '' })}
    </div>
    ${details({
      summary: say('filterMore'),
      open: more,
      body: html`<div class="filters">
        ${text('verb', say('verbField'))} ${text('activity', say('activityField'))}
        ${text('registration', say('registrationField'))}
        ${day('since', say('sinceField'))} ${day('until', say('untilField'))}
        ${select(view, {
          name: 'ascending',
          label: say('orderField'),
          unmarked: true,
          empty: say('orderNewest'),
          options: [{ value: 'yes', label: say('orderOldest') }],
          value: filter.ascending,
        })}
        ${checkbox(view, { name: 'related', label: say('relatedField'), checked: filter.related !== '' })}
      </div>`,
    })}
    <div class="row">
      ${button(view, { label: say('filter'), icon: 'search' })}
      ${!isEmpty(filter) && buttonLink(view, { label: say('clear'), href: '/operator/statements', kind: 'quiet' })}
    </div>
  </form>`
}
