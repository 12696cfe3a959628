import { Router } from 'express'
import type { LibraryDetails, LibraryUse } from '../../h5p/index.ts'
import { facts } from '../components/card.ts'
import { details } from '../components/details.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { rowLink, table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { page, paramOf, show } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { LIBRARIES, libraryAddress, marks, personNames, versionOf } from './libraries.ts'

/** One installed library, and who uses it. */
export function libraryRoutes({ host, accounts }: WebServices): Router {
  return Router().get(
    '/libraries/:library',
    page(async (view, req) => {
      const library = await host.libraries.get(paramOf(req, 'library'))
      if (!library) return show(notFoundPage(view), 404)
      const nameOf = await personNames(
        accounts,
        library.uses.map((use) => use.author),
      )
      return show(libraryPage(view, library, nameOf))
    }),
  )
}

function libraryPage(view: View, library: LibraryDetails, nameOf: (id: string) => string): Html {
  const say = view.say(libraries)
  const title = `${library.title} ${versionOf(library)}`
  const named = (keys: readonly string[]) =>
    keys.length === 0
      ? say('none')
      : keys.map((key, at) => html`${at > 0 && ', '}${link({ href: libraryAddress(key), label: key })}`)
  return operatorPage(view, {
    title,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title, back: { href: LIBRARIES, label: say('title') } })}
        ${
          library.newer !== null &&
          library.contents > 0 &&
          notice(view, { body: say('onOlder', { count: library.contents, version: library.newer }) })
        }
        ${facts([
          [say('columnState'), marks(view, library)],
          [say('key'), html`<code>${library.build}</code>`],
          [say('since'), when(view, library.since)],
          [say('columnContents'), view.format.number(library.contents)],
          [say('needs'), named(library.needs)],
          [say('neededBy'), named(library.neededBy)],
          [
            say('older'),
            library.older.length === 0
              ? say('none')
              : html`<ul class="plain">${library.older.map(
                  (each) =>
                    html`<li>${say('olderOne', { patch: each.patchVersion, count: each.versions })}</li>`,
                )}</ul>`,
          ],
        ])}
        ${details({
          summary: say('filesCount', {
            count: library.paths.length,
            size: view.format.bytes(library.size),
          }),
          body: html`<ul class="plain">${library.paths.map(
            (file) =>
              html`<li><code>${file.path}</code> <span class="muted small">${view.format.bytes(file.size)}</span></li>`,
          )}</ul>`,
        })}
      </section>
      <section class="stack">
        <h2>${say('usesTitle')}</h2>
        ${library.uses.length === 0 ? html`<p class="muted">${say('usesNone')}</p>` : usesTable(view, library.uses, nameOf)}
        ${library.more && html`<p class="muted">${say('usesMore')}</p>`}
      </section>
    </div>`,
  })
}

function usesTable(view: View, uses: readonly LibraryUse[], nameOf: (id: string) => string): Html {
  const say = view.say(libraries)
  return table({
    caption: say('usesTitle'),
    columns: [
      {
        label: say('columnLesson'),
        cell: (use: LibraryUse) =>
          rowLink({ href: `/author/${encodeURIComponent(use.lesson)}`, label: use.title || use.lesson }),
      },
      { label: say('columnAuthor'), cell: (use) => nameOf(use.author) },
      {
        label: say('columnUsed'),
        cell: (use) =>
          use.versions
            .map((number) => (number === 0 ? say('draft') : say('versionNumber', { number })))
            .join(', '),
      },
    ],
    rows: uses,
  })
}
