import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { security } from '../i18n/messages/security.ts'
import { SHARED_SESSION_MS } from '../session-store.ts'
import type { View } from '../view.ts'
import { act, button } from './button.ts'

export const SHARED_MINUTES = SHARED_SESSION_MS / 60_000
/** Where a page goes when its session has ended by time. */
const ENDED = '/sign-in?ended=shared'

/** On every page of a session on a shared device: that it is one, and the way out. */
export function sharedBar(view: View): Html {
  if (!view.shared) return null
  return html`<aside class="shared-bar" aria-label=${view.say(account)('shared')}>
    <span>${view.say(security)('sharedBar', { minutes: SHARED_MINUTES })}</span>
    ${act(view, { label: view.say(account)('signOutDo'), action: '/sign-out', kind: 'quiet' })}
  </aside>`
}

/** Shown by web/client/shared.ts two minutes before the end. */
export function sharedWarning(view: View): Html {
  if (!view.shared) return null
  const say = view.say(security)
  return html`<div class="toast" role="alert" data-shared=${SHARED_SESSION_MS} data-shared-ended=${ENDED} hidden>
    <span>${say('sharedSoon')}</span>
    ${button(view, { label: say('sharedStay'), type: 'button' })}
  </div>`
}

/** Where no script runs the browser itself leaves the page when the session is over. */
export function leaveAtEnd(view: View): Html {
  if (!view.shared) return null
  return html`<noscript><meta http-equiv="refresh" content=${`${SHARED_SESSION_MS / 1000};url=${ENDED}`} /></noscript>`
}
