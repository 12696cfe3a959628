import { Router } from 'express'
import type { LibraryRequest, LibrarySummary } from '../../h5p/index.ts'
import { badge } from '../components/badge.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { page, queryOf, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'

export const LIBRARIES = '/operator/libraries'
export const libraryAddress = (key: string) => `${LIBRARIES}/${encodeURIComponent(key)}`
export const requestAddress = (id: string) => `${LIBRARIES}/waiting/${encodeURIComponent(id)}`
const PAGE = 50

/** What is installed, and what waits to be. */
export function libraryListRoutes(services: WebServices): Router {
  const { host, accounts } = services
  return Router().get(
    '/libraries',
    page(async (view, req) => {
      const after = queryOf(req, 'after')
      const [list, waiting] = await Promise.all([
        host.libraries.list(),
        host.libraries.waiting({ limit: PAGE, ...(after && { after }) }),
      ])
      const nameOf = await personNames(
        accounts,
        waiting.requests.map((each) => each.by),
      )
      return show(listPage(view, { list, ...waiting, later: after !== '', nameOf }))
    }),
  )
}

/** The names of these people by their ids. */
export async function personNames(
  accounts: Pick<WebServices['accounts'], 'get'>,
  ids: readonly string[],
): Promise<(id: string) => string> {
  const people = await Promise.all([...new Set(ids)].map((id) => accounts.get(id)))
  const names = new Map(people.flatMap((person) => (person ? [[person.id, person.name]] : [])))
  return (id) => names.get(id) ?? '–'
}

function listPage(
  view: View,
  props: {
    list: readonly LibrarySummary[]
    requests: readonly LibraryRequest[]
    next: string | null
    later: boolean
    nameOf(id: string): string
  },
): Html {
  const say = view.say(libraries)
  const install = buttonLink(view, {
    label: say('install'),
    href: `${LIBRARIES}/install`,
    icon: 'upload',
    kind: 'primary',
  })
  return operatorPage(view, {
    title: say('title'),
    body: html`<div class="stack loose">
      ${heading(view, { title: say('title'), lead: say('lead'), action: install })}
      <section class="stack">
        <h2>${say('waitingTitle')}</h2>
        ${props.requests.length === 0 ? html`<p class="muted">${say('waitingNone')}</p>` : requestTable(view, props)}
        ${pager(view, {
          next: props.next && `${LIBRARIES}?after=${encodeURIComponent(props.next)}`,
          first: props.later ? LIBRARIES : null,
        })}
      </section>
      <section class="stack">
        <h2>${say('installedTitle')}</h2>
        ${
          props.list.length === 0
            ? emptyState({ title: say('installedNone'), body: say('installedNoneBody') })
            : libraryTable(view, props.list)
        }
      </section>
    </div>`,
  })
}

function requestTable(
  view: View,
  props: { requests: readonly LibraryRequest[]; nameOf(id: string): string },
): Html {
  const say = view.say(libraries)
  return table({
    caption: say('waitingTitle'),
    columns: [
      {
        label: say('columnRequest'),
        cell: (request: LibraryRequest) =>
          rowLink({ href: requestAddress(request.id), label: request.title }),
      },
      { label: say('columnBy'), cell: (request) => props.nameOf(request.by) },
      { label: say('columnAt'), cell: (request) => when(view, request.at) },
      {
        label: say('columnCount'),
        cell: (request) => view.format.number(request.libraries.length),
        end: true,
      },
    ],
    rows: props.requests,
  })
}

function libraryTable(view: View, list: readonly LibrarySummary[]): Html {
  const say = view.say(libraries)
  return table({
    caption: say('installedTitle'),
    columns: [
      {
        label: say('columnLibrary'),
        cell: (library: LibrarySummary) =>
          html`${rowLink({ href: libraryAddress(library.key), label: library.title })}<br /><code class="small">${library.machineName}</code>`,
      },
      { label: say('columnVersion'), cell: (library) => versionOf(library) },
      { label: say('columnContents'), cell: (library) => view.format.number(library.contents), end: true },
      { label: say('columnSize'), cell: (library) => view.format.bytes(library.size), end: true },
      { label: say('columnState'), cell: (library) => marks(view, library) },
    ],
    rows: [...list].sort((a, b) => Number(b.runnable) - Number(a.runnable)),
  })
}

export const versionOf = (library: {
  majorVersion: number
  minorVersion: number
  patchVersion: number
}): string => `${library.majorVersion}.${library.minorVersion}.${library.patchVersion}`

/** What is particular about a library, each in one word. */
export function marks(view: View, library: LibrarySummary): Html {
  const say = view.say(libraries)
  const all = [
    library.runnable && badge(view, { label: say('typeOfLesson') }),
    library.newer !== null &&
      badge(view, { label: say('newer', { version: library.newer }), tone: 'waiting', icon: 'info' }),
    library.restricted && badge(view, { label: say('restricted'), tone: 'waiting' }),
    library.addon && badge(view, { label: say('addon') }),
  ].filter(Boolean)
  return all.length === 0 ? say('part') : html`<div class="row">${all}</div>`
}
