import { Router } from 'express'
import type { Credential, RequestNote, Source } from '../../lrs/index.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { rowLink, table } from '../components/table.ts'
import { tabs } from '../components/tabs.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import { operatorPage } from '../operator/frame.ts'
import { page, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { type Connection, isValid, lastUse, readConnection } from './connection.ts'
import { credentialTable, inOrder } from './credentials.ts'
import { connectionBadge } from './live.ts'
import { scopesInShort } from './scopes.ts'
import { isOwn } from './source-of.ts'

interface SourceRow {
  source: Source
  connection: Connection
  valid: number
}

export function listRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/',
      page(async (view) => show(listPage(view, 'sources', await sourceList(view, services)))),
    )
    .get(
      '/credentials',
      page(async (view) => show(listPage(view, 'credentials', await credentialList(view, services)))),
    )
}

function listPage(view: View, tab: 'sources' | 'credentials', list: Html): Html {
  const say = view.say(lms)
  return operatorPage(view, {
    title: say(tab === 'sources' ? 'listTitle' : 'tabKeys'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('listTitle'),
        lead: say('listLead'),
        action: buttonLink(view, { label: say('connect'), href: '/lms/new', kind: 'primary', icon: 'plus' }),
      })}
      ${tabs({
        label: say('tabs'),
        items: [
          { href: '/lms', label: say('tabSources'), current: tab === 'sources' },
          { href: '/lms/credentials', label: say('tabKeys'), current: tab === 'credentials' },
        ],
      })}
      ${list}
    </div>`,
  })
}

async function sourceList(view: View, services: WebServices): Promise<Html> {
  const say = view.say(lms)
  const [sources, credentials] = await Promise.all([services.sources.list(), services.sources.credentials()])
  const external = sources.filter((source) => !isOwn(source))
  if (external.length === 0) return emptyState({ title: say('emptyTitle'), body: say('emptyBody') })
  const rows: SourceRow[] = await Promise.all(
    sources.map(async (source) => {
      const own = credentials.filter((each) => each.source === source.id)
      const connection = await readConnection(services, source, own)
      return { source, connection, valid: own.filter((each) => isValid(each)).length }
    }),
  )
  return table({
    caption: say('listTitle'),
    columns: [
      {
        label: say('columnName'),
        cell: ({ source }: SourceRow) =>
          rowLink({ href: `/lms/sources/${encodeURIComponent(source.id)}`, label: source.name }),
      },
      { label: say('columnKind'), cell: ({ source }) => say(`kind-${source.kind}`) },
      {
        label: say('columnState'),
        cell: ({ source, connection }) => (isOwn(source) ? '–' : connectionBadge(view, connection.state)),
      },
      {
        label: say('columnKeys'),
        cell: ({ source, valid }) => (isOwn(source) ? '–' : view.format.number(valid)),
        end: true,
      },
      { label: say('columnLast'), cell: ({ connection }) => lastRequest(view, connection.requests[0]) },
    ],
    rows,
  })
}

function lastRequest(view: View, note: RequestNote | undefined): Html {
  return note ? when(view, note.at) : view.say(lms)('noneYet')
}

async function credentialList(view: View, services: WebServices): Promise<Html> {
  const say = view.say(lms)
  const [sources, credentials] = await Promise.all([services.sources.list(), services.sources.credentials()])
  if (credentials.length === 0)
    return emptyState({ title: say('keysEmptyTitle'), body: say('keysEmptyBody') })
  const names = new Map(sources.map((source) => [source.id, source.name]))
  return credentialTable(view, {
    credentials: inOrder(credentials, (each) => isValid(each)),
    scopesInShort: (each) => scopesInShort(view, each.scopes),
    lastUse: (each: Credential) => lastUse(services.requests.recent(each.source), each.key),
    sourceName: (each) => names.get(each.source) ?? each.source,
  })
}
