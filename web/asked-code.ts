import type { Request } from 'express'
import type { AskedCode } from '../profiles/index.ts'
import { buttonLink } from './components/button.ts'
import { errorOf, type FieldError, field } from './components/field.ts'
import { notice } from './components/notice.ts'
import { type Html, html } from './html.ts'
import { identifiers } from './i18n/messages/identifiers.ts'
import { showIdentifier } from './i18n/show-identifier.ts'
import type { View } from './view.ts'

/** A code that this browser waits for: all that the page that takes it says. It holds no secret. */
export interface Awaited extends Pick<AskedCode, 'to' | 'digits' | 'again' | 'until'> {
  outcome: 'sent' | 'quiet' | 'failed'
  /** Where to go on when it is proven. */
  next?: string
}

declare module 'express-session' {
  interface SessionData {
    proving?: Awaited
    recovering?: Awaited
  }
}

/** Nobody but this browser knows its session’s id, and the store keeps a hash of it alone. */
export const ticketOf = (req: Request): string => req.sessionID

/** Keeps it for the page that follows, which may be asked for before this answer ends. */
export function awaitCode(
  req: Request,
  of: 'proving' | 'recovering',
  { to, digits, again, until, code }: AskedCode,
  { sent = true, next }: { sent?: boolean; next?: string | undefined } = {},
): Promise<void> {
  const outcome = code === null ? 'quiet' : sent ? 'sent' : 'failed'
  req.session[of] = { to, digits, again, until, outcome, ...(next && { next }) }
  return new Promise((done, failed) => req.session.save((error) => (error ? failed(error) : done())))
}

/** What this browser waits for; what is over is forgotten, for the next one at a shared device. */
export function awaitedOf(req: Request, of: 'proving' | 'recovering'): Awaited | undefined {
  const awaited = req.session[of]
  return awaited && Date.now() < Math.max(awaited.until, awaited.again) ? awaited : undefined
}

/** What became of the message, where that is not plain success. */
export function codeNotice(view: View, awaited: Awaited): Html {
  const say = view.say(identifiers)
  const time = timeOf(view, awaited.again)
  if (awaited.outcome === 'failed') return notice(view, { tone: 'danger', body: say('failedBody', { time }) })
  if (awaited.outcome === 'sent') return null
  const body = say(awaited.digits === 12 ? 'quietCommon' : 'quietMinute', { time })
  return notice(view, { tone: 'warning', title: say('quietTitle'), body })
}

export function codeField(
  view: View,
  awaited: Awaited,
  errors: readonly FieldError[],
  value?: string | undefined,
): Html {
  const say = view.say(identifiers)
  const words = { digits: awaited.digits, time: timeOf(view, awaited.until) }
  return field(view, {
    name: 'code',
    label: say('codeField'),
    help: say(awaited.digits === 12 ? 'codeHelpCommon' : 'codeHelp', words),
    error: errorOf(errors, 'code'),
    value,
    required: true,
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: 20,
  })
}

/** How another code is got. */
export function codeAgain(
  view: View,
  awaited: Awaited,
  act: Html,
  back: { href: string; label: string },
): Html {
  const time = timeOf(view, awaited.again)
  return html`<p class="muted">${view.say(identifiers)('codeAgainAfter', { time })}</p>
    <div class="row">${act}${buttonLink(view, { label: back.label, href: back.href, kind: 'quiet' })}</div>`
}

export const shown = ({ to }: Pick<Awaited, 'to'>) => showIdentifier(to.value)

/** 20:15, or with its date where that is another day. */
function timeOf(view: View, at: number): string {
  const full = view.format.dateTime(at)
  const [date, time = full] = full.split(' ')
  return view.format.date(Date.now()) === date ? time : full
}
