import { pipeline } from 'node:stream/promises'
import { type RequestHandler, Router } from 'express'
import type { Lesson, Version } from '../../h5p/index.ts'
import { badge } from '../components/badge.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { go, page, paramOf, queryOf, send, show, viewOf } from '../page.ts'
import { notFoundPage, notYoursPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { authorPage } from './frame.ts'
import { addressOf, lessonPage, ownLesson } from './lesson-frame.ts'
import { mayChangeLesson } from './lesson-rights.ts'

const PAGE = 25
const PRODUCT = 'product'

/** What was published of a lesson, and the packages of it. */
export function versionRoutes(services: WebServices): Router {
  const own = ownLesson(services)
  const store = services.host.lessons
  const numberOf = (text: string) => (/^[1-9]\d{0,5}$/.test(text) ? Number(text) : 0)
  const nameOf = async (view: View, by: string) =>
    by === PRODUCT ? 'Suốt Đời' : ((await services.accounts.get(by))?.name ?? view.say(words)('personGone'))

  return Router()
    .get(
      '/:id/versions',
      own(async (view, lesson, req) => {
        const after = queryOf(req, 'after')
        const found = await store.versions(lesson.id, { limit: PAGE, ...(after && { after }) })
        const by = [...new Set(found.versions.map((each) => each.by))]
        const names = new Map(await Promise.all(by.map(async (id) => [id, await nameOf(view, id)] as const)))
        const body = listBody(view, lesson, { ...found, names, later: after !== '' })
        return show(await lessonPage(view, services, lesson, { tab: 'versions', errors: [], body }))
      }),
    )
    .get(
      '/:id/versions/:number',
      own(async (view, lesson, req) => {
        const version = await store.version(lesson.id, numberOf(paramOf(req, 'number')))
        if (!version) return show(notFoundPage(view), 404)
        return show(versionPage(view, lesson, version, await nameOf(view, version.by)))
      }),
    )
    .post(
      '/:id/versions/:number/restore',
      own(async (view, lesson, req) => {
        const number = numberOf(paramOf(req, 'number'))
        const done = await store.restoreVersion(lesson.id, number)
        if ('ok' in done) return show(notFoundPage(view), done.status)
        return go(addressOf(lesson), { message: view.say(words)('versionRestored', { version: number }) })
      }),
    )
    .get('/:id/export', exportOf(services))
}

/** The package as a download; `version` names one, else it is the draft's. */
function exportOf(services: WebServices): RequestHandler {
  return async (req, res, next) => {
    const view = viewOf(res)
    const lesson = await services.host.lessons.get(paramOf(req, 'id'))
    if (!lesson) return send(req, res, show(notFoundPage(view), 404))
    if (!(await mayChangeLesson(view, services, lesson))) return send(req, res, show(notYoursPage(view), 403))
    const number = queryOf(req, 'version')
    if (!/^\d{0,6}$/.test(number)) return page(() => show(notFoundPage(view), 404))(req, res, next)
    const made = await services.host.lessons.export(lesson.id, Number(number))
    if ('ok' in made) return send(req, res, show(notFoundPage(view), made.status))
    res.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${made.name}"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    await pipeline(made.content, res).catch((error: unknown) => {
      // Who left in the middle does not miss the rest.
      if (!res.closed) throw error
    })
  }
}

function listBody(
  view: View,
  lesson: Lesson,
  props: {
    versions: readonly Version[]
    next: string | null
    names: ReadonlyMap<string, string>
    later: boolean
  },
): Html {
  const say = view.say(words)
  const address = `${addressOf(lesson)}/versions`
  return html`<section class="stack">
    <h2>${say('tabVersions')}</h2>
    ${
      props.versions.length === 0 && !props.later
        ? emptyState({ title: say('versionsEmpty'), body: say('versionsEmptyBody') })
        : table({
            caption: say('tabVersions'),
            columns: [
              {
                label: say('columnVersion'),
                cell: (
                  version: Version,
                ) => html`${rowLink({ href: `${address}/${version.number}`, label: say('versionNumber', { version: version.number }) })}${' '}
                  ${version.number === lesson.current && badge(view, { label: say('versionNow'), tone: 'good' })}`,
              },
              { label: say('columnWhen'), cell: (version) => when(view, version.published) },
              { label: say('columnBy'), cell: (version) => props.names.get(version.by) ?? '' },
              { label: say('columnNote'), cell: (version) => version.note ?? '' },
            ],
            rows: props.versions,
          })
    }
    ${pager(view, {
      next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
      first: props.later ? address : null,
    })}
  </section>`
}

function versionPage(view: View, lesson: Lesson, version: Version, by: string): Html {
  const say = view.say(words)
  const address = addressOf(lesson)
  const { details, number } = version
  const rows: [string, Html][] = [
    [say('columnWhen'), view.format.dateTime(version.published)],
    [say('columnBy'), by],
    [say('ruleField'), say(`rule-${version.completion.by}`)],
    [say('modeField'), say(`mode-${version.mode.kind}`)],
    [view.say(author)('content'), html`<code>${version.library}</code>`],
  ]
  if (version.note) rows.unshift([say('columnNote'), version.note])
  const isDraft = !lesson.changed && number === lesson.latest
  return authorPage(view, {
    title: details.title,
    body: html`<div class="stack">
      ${heading(view, {
        title: html`${say('versionNumber', { version: number })}: ${details.title}`,
        back: { href: `${address}/versions`, label: say('tabVersions') },
      })}
      ${details.description && html`<p>${details.description}</p>`}
      ${facts(rows)}
      ${!isDraft && lesson.changed && notice(view, { tone: 'warning', body: say('restoreLoses') })}
      <div class="row">
        ${!isDraft && act(view, { label: say('versionRestore'), action: `${address}/versions/${number}/restore`, kind: 'primary' })}
        ${buttonLink(view, { label: say('exportDo'), href: `${address}/export?version=${number}`, download: true })}
      </div>
    </div>`,
  })
}
