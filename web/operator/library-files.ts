import { Router } from 'express'
import type { DiffLine, FileDifference, LibraryDifference, LibraryRequest } from '../../h5p/index.ts'
import { badge } from '../components/badge.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { paramOf, queryOf, show } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { requestAddress, versionOf } from './libraries.ts'
import { requestOf } from './library-request.ts'

/** A proposed library beside the installed one, file by file, and one file line by line. */
export function libraryFileRoutes(services: WebServices): Router {
  const { host } = services
  return Router().get(
    '/libraries/waiting/:request/:build',
    requestOf(services)(async (view, request, req) => {
      const build = paramOf(req, 'build')
      const difference = (await host.libraries.differences(request)).find((each) => each.build === build)
      if (!difference) return show(notFoundPage(view), 404)
      const file = difference.files.find((each) => each.path === queryOf(req, 'file')) ?? null
      const lines = file && (await host.libraries.lines(request, build, file.path))
      return show(filesPage(view, { request, difference, file, lines }))
    }),
  )
}

function filesPage(
  view: View,
  props: {
    request: LibraryRequest
    difference: LibraryDifference
    file: FileDifference | null
    lines: (DiffLine | null)[] | null
  },
): Html {
  const say = view.say(libraries)
  const { request, difference, file } = props
  const title = `${difference.title} ${versionOf(difference)}`
  const address = `${requestAddress(request.id)}/${encodeURIComponent(difference.build)}`
  return operatorPage(view, {
    title,
    body: html`<div class="stack loose">
      ${heading(view, { title, lead: say('filesHelp'), back: { href: requestAddress(request.id), label: request.title } })}
      ${file && fileSection(view, file, props.lines)}
      ${table({
        caption: say('files'),
        columns: [
          {
            label: say('columnFile'),
            cell: (each: FileDifference) =>
              each.readable
                ? link({
                    href: `${address}?file=${encodeURIComponent(each.path)}#file`,
                    label: html`<code>${each.path}</code>`,
                  })
                : html`<code>${each.path}</code>`,
          },
          { label: say('columnChange'), cell: (each) => changeBadge(view, each.change) },
          { label: say('columnBefore'), cell: (each) => size(view, each.before), end: true },
          { label: say('columnAfter'), cell: (each) => size(view, each.after), end: true },
        ],
        rows: difference.files,
      })}
    </div>`,
  })
}

function fileSection(view: View, file: FileDifference, lines: (DiffLine | null)[] | null): Html {
  const say = view.say(libraries)
  const name = say(file.change === 'added' ? 'fileNew' : 'fileTitle', { file: file.path })
  return html`<section class="stack tight" id="file">
    <h2>${name}</h2>
    ${
      lines === null
        ? html`<p class="muted">${say('fileHidden')}</p>`
        : html`<pre class="diff" tabindex="0" role="region" aria-label=${name}>${lines.map((line) =>
            line === null ? html`<span class="muted">… ${say('linesLeftOut')}${'\n'}</span>` : lineOf(line),
          )}</pre>`
    }
  </section>`
}

/** Sign and element say the same as the colour. */
function lineOf({ kind, text }: DiffLine): Html {
  if (kind === 'added') return html`<ins>${`+ ${text}\n`}</ins>`
  if (kind === 'removed') return html`<del>${`− ${text}\n`}</del>`
  return html`<span>${`  ${text}\n`}</span>`
}

function changeBadge(view: View, change: FileDifference['change']): Html {
  const tone = { added: 'good', changed: 'waiting', removed: 'bad' } as const
  return badge(view, { label: view.say(libraries)(change), tone: tone[change] })
}

const size = (view: View, bytes: number | null) => (bytes === null ? '–' : view.format.bytes(bytes))
