import { Router } from 'express'
import { agentsToldOf, type Source, type StatementPage, type StoredStatement } from '../../lrs/index.ts'
import { badge } from '../components/badge.ts'
import { button } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { go, page, queryOf, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import {
  type Filter,
  filterAddress,
  filterForm,
  filterOf,
  isEmpty,
  isUuid,
  readFilter,
} from './statement-filter.ts'
import { agentWords, statementWords, tell } from './statement-words.ts'

const PAGE = 50
const PAGE_BYTES = 2_000_000

export const statementAddress = (id: string) => `/operator/statements/${encodeURIComponent(id)}`

interface ListProps {
  filter: Filter
  id: string
  sources: readonly Source[]
  errors: readonly FieldError[]
  page: StatementPage
  later: boolean
}

export function statementListRoutes(services: WebServices): Router {
  return Router().get(
    '/statements',
    page(async (view, req) => {
      const say = view.say(operator)
      const sources = await services.sources.list()
      const filter = filterOf(req)
      const id = queryOf(req, 'id').trim()
      const after = Number(queryOf(req, 'after')) || undefined
      const person = viewerOf(view).id
      const reader = services.readerFor(person)
      const base = { filter, id, sources, later: after !== undefined }
      const refused = (errors: readonly FieldError[], status: number) =>
        show(listPage(view, { ...base, errors, page: { statements: [], more: false } }), status)

      if (id) {
        if (!isUuid(id)) return refused([{ field: 'id', message: say('idBad') }], 400)
        const known = await services.lrs.getStatement(reader, id)
        return known
          ? go(statementAddress(known.id))
          : refused([{ field: 'id', message: say('idUnknown') }], 404)
      }
      const { query, errors } = readFilter(view, filter)
      if (errors.length > 0) return refused(errors, 400)
      const source = sources.find((each) => each.id === filter.source)
      // One that reads only what is its own source's: the store then looks at that source alone.
      const caller = source
        ? { ...(await services.sources.callerOf(source.id, 'web', ['statements/read/mine'])), person }
        : reader
      const found = await services.lrs.queryStatements(caller, {
        ...query,
        limit: PAGE,
        maxBytes: PAGE_BYTES,
        ...(after !== undefined && { after }),
      })
      if ('problems' in found) throw new Error(`The pages may not read: ${found.problems[0]?.message}`)
      await services.accesses.noteStatements(person, found.statements.flatMap(toldOf))
      return show(listPage(view, { ...base, errors, page: found }))
    }),
  )
}

function listPage(view: View, props: ListProps): Html {
  const say = view.say(operator)
  const { filter, errors, later } = props
  const { statements, more } = props.page
  const last = statements.at(-1)
  return operatorPage(view, {
    title: say('statementsTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('statementsTitle'), lead: say('statementsLead') })}
      ${errorSummary(view, errors)}
      <form class="filters" method="get" action="/operator/statements" novalidate>
        ${field(view, {
          name: 'id',
          label: say('idField'),
          value: props.id,
          unmarked: true,
          error: errorOf(errors, 'id'),
        })}
        ${button(view, { label: say('idOpen') })}
      </form>
      ${filterForm(view, props)}
      ${
        statements.length > 0
          ? statementTable(view, statements, props.sources)
          : errors.length === 0 &&
            emptyState(
              isEmpty(filter)
                ? { title: say('noneTitle'), body: say('noneBody') }
                : { title: say('noneFoundTitle'), body: say('noneFoundBody') },
            )
      }
      ${pager(view, {
        next: more && last ? filterAddress(filter, last.position) : null,
        first: later ? filterAddress(filter) : null,
      })}
    </div>`,
  })
}

/** Of whom, by their identifiers, and by which source it was told. */
export function toldOf({ text, source }: Pick<StoredStatement, 'text' | 'source'>) {
  return agentsToldOf(text).map((agent) => ({ agent, source }))
}

export function statementTable(
  view: View,
  statements: readonly StoredStatement[],
  sources: readonly Source[],
): Html {
  const say = view.say(operator)
  const names = new Map(sources.map((source) => [source.id, source.name]))
  return table({
    caption: say('statementsTitle'),
    columns: [
      {
        label: say('columnWhat'),
        cell: ({ stored, told }) =>
          rowLink({
            href: statementAddress(stored.id),
            label: statementWords(view, told),
          }),
      },
      { label: say('columnWho'), cell: ({ told }) => agentWords(view, told.actor) },
      { label: say('columnSource'), cell: ({ stored }) => names.get(stored.source) ?? stored.source },
      {
        label: say('columnStored'),
        cell: ({ stored }) =>
          html`<time datetime=${new Date(stored.stored).toISOString()}>${view.format.dateTime(stored.stored)}</time>`,
      },
      { label: say('columnState'), cell: ({ stored }) => stateBadge(view, stored) },
    ],
    rows: statements.map((stored) => ({ stored, told: tell(stored.text) })),
  })
}

export function stateBadge(view: View, stored: Pick<StoredStatement, 'voided' | 'voiding'>): Html {
  const say = view.say(operator)
  if (stored.voided) return badge(view, { label: say('stateVoided'), tone: 'bad', icon: 'close' })
  return stored.voiding
    ? badge(view, { label: say('stateVoiding'), tone: 'waiting', icon: 'close' })
    : html`<span class="muted">${say('stateCounts')}</span>`
}
