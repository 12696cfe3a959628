import { Router } from 'express'
import type { AccessEntry, Source } from '../../lrs/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { page, queryOf, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'

const SHOWN = 200

interface Props {
  entries: readonly AccessEntry[]
  sources: readonly Source[]
  source: string
  /** Names of people by id; what did it may also be a command or a credential. */
  names: ReadonlyMap<string, string>
}

export function accessRoutes(services: WebServices): Router {
  return Router().get(
    '/access',
    page(async (view, req) => {
      const sources = await services.sources.list()
      const source = sources.find((each) => each.id === queryOf(req, 'source'))?.id ?? ''
      const entries = await services.accessLog({ limit: SHOWN, ...(source && { source }) })
      const doers = [...new Set(entries.map((entry) => entry.by))]
      const people = await Promise.all(doers.map((id) => services.accounts.get(id)))
      const names = new Map(people.filter((each) => each !== null).map(({ id, name }) => [id, name]))
      return show(accessPage(view, { entries, sources, source, names }))
    }),
  )
}

function accessPage(view: View, props: Props): Html {
  const say = view.say(operator)
  const { entries, sources, source } = props
  return operatorPage(view, {
    title: say('accessTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('accessTitle'), lead: say('accessLead') })}
      <form class="filters" method="get" action="/operator/access">
        ${select(view, {
          name: 'source',
          label: say('sourceField'),
          unmarked: true,
          empty: say('sourceAny'),
          options: sources.map(({ id, name }) => ({ value: id, label: name })),
          value: source,
        })}
        ${button(view, { label: say('filter'), icon: 'search' })}
        ${source && buttonLink(view, { label: say('clear'), href: '/operator/access', kind: 'quiet' })}
      </form>
      ${
        entries.length === 0
          ? emptyState({ title: say('accessEmptyTitle'), body: say('accessEmptyBody') })
          : accessTable(view, props)
      }
      ${entries.length >= SHOWN && html`<p class="muted">${say('accessCut', { count: SHOWN })}</p>`}
    </div>`,
  })
}

function accessTable(view: View, { entries, sources, names }: Props): Html {
  const say = view.say(operator)
  const sourceName = new Map(sources.map(({ id, name }) => [id, name]))
  return table({
    caption: say('accessTitle'),
    columns: [
      { label: say('columnAct'), cell: (entry: AccessEntry) => say(`act-${entry.action}`) },
      {
        label: say('columnSource'),
        cell: ({ source }) => (source === null ? '–' : (sourceName.get(source) ?? source)),
      },
      { label: say('columnDetail'), cell: (entry) => detailWords(view, entry, sourceName) },
      {
        label: say('columnBy'),
        cell: ({ by, credential, action }) =>
          action === 'foreign-read' ? say('byKey', { key: credential ?? by }) : (names.get(by) ?? by),
      },
      {
        label: say('columnAt'),
        cell: ({ at }) =>
          html`<time datetime=${new Date(at).toISOString()}>${view.format.dateTime(at)}</time>`,
      },
    ],
    rows: entries,
  })
}

function detailWords(view: View, entry: AccessEntry, sourceName: ReadonlyMap<string, string>): Html {
  const say = view.say(operator)
  const { detail, action, credential } = entry
  if (action === 'foreign-read') {
    const of = [detail.of].flat().map((id) => sourceName.get(String(id)) ?? String(id))
    return say('readDetail', {
      statements: Number(detail.statements ?? 0),
      reads: Number(detail.reads ?? 0),
      of: of.join(', '),
    })
  }
  const scopes = Array.isArray(detail.scopes) ? say('scopesDetail', { scopes: detail.scopes.join(', ') }) : ''
  if (credential !== null)
    return html`<code>${credential}</code>${scopes && html`<br /><span class="muted small">${scopes}</span>`}`
  return typeof detail.name === 'string' ? detail.name : '–'
}
