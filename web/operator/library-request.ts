import { type Request, Router } from 'express'
import type { LibraryDifference, LibraryRequest } from '../../h5p/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import { h5p } from '../i18n/messages/h5p.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { go, page, paramOf, type Reply, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import { tellRefused, tellReleased } from '../tell-of-libraries.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { LIBRARIES, requestAddress, versionOf } from './libraries.ts'
import { personAddress } from './people.ts'

const MAX_REASON = 500

/** Hands over the request that `:request` names. */
export function requestOf({ host }: Pick<WebServices, 'host'>) {
  return (handler: (view: View, request: LibraryRequest, req: Request) => Reply | Promise<Reply>) =>
    page(async (view, req) => {
      const request = await host.libraries.request(paramOf(req, 'request'))
      return request ? handler(view, request, req) : show(notFoundPage(view), 404)
    })
}

/** Libraries that wait for the administrator: what they would bring, and the decision. */
export function libraryRequestRoutes(services: WebServices): Router {
  const { host, accounts } = services
  const one = requestOf(services)
  return Router()
    .get(
      '/libraries/waiting/:request',
      one(async (view, request) => {
        const differences = request.state === 'open' ? await host.libraries.differences(request) : []
        const by = (await accounts.get(request.by))?.name ?? '–'
        return show(requestPage(view, { request, differences, by }))
      }),
    )
    .post(
      '/libraries/waiting/:request',
      one(async (view, request) => {
        const done = await host.libraries.approve(request.id, viewerOf(view).id)
        if ('problems' in done) return go(requestAddress(request.id), { message: refusalWords(view, done) })
        tellReleased(services, done.released)
        return go(LIBRARIES, {
          message: view.say(libraries)('approved', { count: done.released.length }),
        })
      }),
    )
    .get(
      '/libraries/waiting/:request/refuse',
      one((view, request) => show(refusePage(view, request, '', []))),
    )
    .post(
      '/libraries/waiting/:request/refuse',
      one(async (view, request, req) => {
        const say = view.say(libraries)
        const reason = textOf(req, 'reason').slice(0, MAX_REASON)
        if (!reason) {
          const errors = [{ field: 'reason', message: say('reasonMissing') }]
          return show(refusePage(view, request, reason, errors), 400)
        }
        const refused = await host.libraries.refuse(request.id, { by: viewerOf(view).id, reason })
        if (refused) return go(requestAddress(request.id), { message: refusalWords(view, refused) })
        tellRefused(services, { ...request, reason })
        return go(LIBRARIES, { message: say('refused') })
      }),
    )
}

function refusalWords(view: View, { problems }: { problems: readonly { id: string }[] }): string {
  return view.say(h5p)(
    problems[0]?.id === 'library-request-decided' ? 'library-request-decided' : 'library-request-gone',
  )
}

function requestPage(
  view: View,
  props: { request: LibraryRequest; differences: readonly LibraryDifference[]; by: string },
): Html {
  const say = view.say(libraries)
  const { request, differences } = props
  const title = say('requestTitle', { title: request.title })
  const open = request.state === 'open'
  const coming = differences.filter((each) => !each.settled).length
  return operatorPage(view, {
    title,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title, ...(open && { lead: say('requestLead') }), back: { href: LIBRARIES, label: say('title') } })}
        ${!open && decided(view, request)}
        ${facts([
          [say('columnBy'), link({ href: personAddress({ id: request.by }), label: props.by })],
          [say('columnAt'), when(view, request.at)],
          [
            say('requestOfLesson'),
            request.lesson === null
              ? say('requestOfNone')
              : link({ href: `/author/${encodeURIComponent(request.lesson)}`, label: request.title }),
          ],
        ])}
        ${
          open &&
          html`<div class="row">
            ${act(view, {
              label: coming === 0 ? say('approveAlone') : say('approve', { count: coming }),
              action: requestAddress(request.id),
              kind: 'primary',
              icon: 'check',
            })}
            ${buttonLink(view, { label: say('refuseOpen'), href: `${requestAddress(request.id)}/refuse` })}
          </div>`
        }
      </section>
      ${differences.map((each) => librarySection(view, request, each))}
    </div>`,
  })
}

function decided(view: View, request: LibraryRequest): Html {
  const say = view.say(libraries)
  const time = view.format.dateTime(request.decidedAt ?? request.at)
  return request.state === 'refused'
    ? notice(view, { tone: 'warning', body: say('alreadyRefused', { time, reason: request.reason ?? '' }) })
    : notice(view, { tone: 'success', body: say('alreadyDone', { time }) })
}

function librarySection(view: View, request: LibraryRequest, difference: LibraryDifference): Html {
  const say = view.say(libraries)
  const { machineName, majorVersion, minorVersion, installed } = difference
  const count = (change: string) => difference.files.filter((file) => file.change === change).length
  const counts = (
    [
      ['summaryAdded', count('added')],
      ['summaryChanged', count('changed')],
      ['summaryRemoved', count('removed')],
      ['summarySame', difference.same],
    ] as const
  ).filter(([, number]) => number > 0)
  return html`<section class="stack tight">
    <h2>${difference.title} ${versionOf(difference)}</h2>
    <p class="muted"><code>${machineName}</code> · ${
      installed === null
        ? say('fromNone')
        : say('fromPatch', { version: versionOf({ majorVersion, minorVersion, patchVersion: installed }) })
    } · ${view.format.bytes(difference.size)}</p>
    ${difference.settled && notice(view, { body: say('settled') })}
    <p>${counts.map(([key, number]) => say(key, { count: number })).join(' · ')}</p>
    <p>${link({
      href: `${requestAddress(request.id)}/${encodeURIComponent(difference.build)}`,
      label: say('showFiles', { name: difference.title }),
    })}</p>
  </section>`
}

function refusePage(
  view: View,
  request: LibraryRequest,
  reason: string,
  errors: readonly FieldError[],
): Html {
  const say = view.say(libraries)
  const title = say('refuseTitle', { title: request.title })
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('refuseLead'), back: { href: requestAddress(request.id), label: request.title } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${requestAddress(request.id)}/refuse`} novalidate>
        ${field(view, {
          name: 'reason',
          label: say('reason'),
          help: say('reasonHelp'),
          value: reason,
          required: true,
          rows: 3,
          maxlength: MAX_REASON,
          error: errorOf(errors, 'reason'),
        })}
        <div class="row">
          ${button(view, { label: say('refuseDo'), kind: 'danger' })}
          ${buttonLink(view, { label: view.say(common)('changeBack'), href: requestAddress(request.id), kind: 'quiet' })}
        </div>
      </form>
    </div>`,
  })
}
