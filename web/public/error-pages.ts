import type { Right } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { type Html, html } from '../html.ts'
import { errors } from '../i18n/messages/errors.ts'
import { security } from '../i18n/messages/security.ts'
import { publicPage } from '../layout.ts'
import type { View } from '../view.ts'

function errorPage(view: View, title: string, body: Html, action?: Html): Html {
  return publicPage(view, {
    title,
    body: html`<div class="stack">
      <h1>${title}</h1>
      ${body}
      ${action ?? buttonLink(view, { label: view.say(errors)('toStart'), href: '/', kind: 'primary' })}
    </div>`,
  })
}

/** 404 */
export function notFoundPage(view: View): Html {
  const say = view.say(errors)
  return errorPage(view, say('notFoundTitle'), html`<p>${say('notFoundBody')}</p>`)
}

const RIGHT_WORDS = {
  operate: 'roleOperator',
  'write-lessons': 'roleAuthor',
  'edit-lessons': 'roleEditor',
  'manage-members': 'roleManager',
  'find-people': 'roleStaff',
  'confirm-learning': 'roleStaff',
  'issue-recovery-codes': 'roleStaff',
  'answer-disputes': 'roleOfficer',
} as const satisfies Record<Right, string>

/** 403: says which right lacks and whose it is to grant. */
export function forbiddenPage(view: View, right: Right): Html {
  const say = view.say(errors)
  const role = say(RIGHT_WORDS[right])
  return errorPage(
    view,
    say('forbiddenTitle'),
    html`<p>${say('forbiddenBody', { role, tenant: view.tenantName })}</p>`,
  )
}

/** 403: signed in by an account that was merged into this one, whose own sign-in alone may change it. */
export function otherSignInPage(view: View): Html {
  const say = view.say(security)
  return errorPage(view, say('otherSignInTitle'), html`<p>${say('otherSignInBody')}</p>`)
}

/** 403: a role that counts only after signing in with two steps. */
export function withheldPage(view: View): Html {
  const say = view.say(security)
  return errorPage(
    view,
    say('withheldTitle'),
    html`<p>${say('withheldBody', { tenant: view.tenantName })}</p>`,
    buttonLink(view, { label: say('withheldDo'), href: '/me/second-factor', kind: 'primary' }),
  )
}

/** 403: a thing of somebody else. */
export function notYoursPage(view: View): Html {
  const say = view.say(errors)
  return errorPage(view, say('ownTitle'), html`<p>${say('ownBody')}</p>`)
}

/** 403: a page of an organisation that the reader is not in. */
export function notMemberPage(view: View): Html {
  const say = view.say(errors)
  return errorPage(view, say('memberTitle'), html`<p>${say('memberBody')}</p>`)
}

/** 410: says since when, where that is known (ms). */
export function gonePage(view: View, since?: number): Html {
  const say = view.say(errors)
  const body = since === undefined ? say('goneBody') : say('goneSince', { date: view.format.date(since) })
  return errorPage(
    view,
    say('goneTitle'),
    html`<p>${body}</p>`,
    buttonLink(view, { label: say('toLessons'), href: '/lessons', kind: 'primary' }),
  )
}

/** 500: what is safe, what to do, and the code by which the log is found. */
export function failedPage(view: View): Html {
  const say = view.say(errors)
  return errorPage(
    view,
    say('failedTitle'),
    html`<p>${say('failedBody', { tenant: view.tenantName })}</p>
      <p class="muted">${say('failedCode')}: <code>${view.requestId}</code></p>`,
  )
}

/** 503: the store cannot answer now. */
export function unavailablePage(view: View): Html {
  const say = view.say(errors)
  return errorPage(
    view,
    say('unavailableTitle'),
    html`<p>${say('unavailableBody')}</p>
      <p class="muted">${say('failedCode')}: <code>${view.requestId}</code></p>`,
  )
}

/** 403: a form that no page of ours sent (same-origin.ts). */
export function crossSitePage(view: View): Html {
  const say = view.say(errors)
  return errorPage(view, say('crossTitle'), html`<p>${say('crossBody')}</p>`)
}

/** 4xx: what was sent is no form of ours, or larger than any of them. */
export function unreadablePage(view: View): Html {
  const say = view.say(errors)
  return errorPage(view, say('unreadableTitle'), html`<p>${say('unreadableBody')}</p>`)
}

/** 429 */
export function tooManyPage(view: View, waitMs: number): Html {
  const say = view.say(errors)
  return errorPage(
    view,
    say('tooManyTitle'),
    html`<p>${say('tooManyBody', { minutes: Math.max(1, Math.ceil(waitMs / 60_000)) })}</p>`,
    buttonLink(view, { label: say('tryAgain'), href: view.path }),
  )
}
