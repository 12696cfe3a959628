import type { LibraryRequest } from '../../h5p/index.ts'
import { holdsEverywhere } from '../../profiles/index.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import type { View } from '../view.ts'

/** What a lesson's page tells of the libraries that its draft waits, or waited, for. */
export function libraryNotice(view: View, request: LibraryRequest | null): Html {
  const say = view.say(libraries)
  switch (request?.state) {
    case 'open':
      return notice(view, {
        tone: 'warning',
        title: say('waitingNotice'),
        body: html`<p>${say('waitingBody', { count: request.libraries.length })}</p>
          ${
            view.viewer &&
            holdsEverywhere(view.viewer, 'operate') &&
            html`<p>${link({ href: `/operator/libraries/waiting/${encodeURIComponent(request.id)}`, label: say('waitingOperator') })}</p>`
          }`,
      })
    case 'refused':
      return notice(view, {
        tone: 'danger',
        title: say('refusedNotice'),
        body: say('refusedBody', { reason: request.reason ?? '' }),
      })
    case 'done':
      return notice(view, {
        tone: 'success',
        body: say('releasedNotice', { time: view.format.dateTime(request.decidedAt ?? request.at) }),
      })
    default:
      return null
  }
}
