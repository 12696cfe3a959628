import type { Credential, RequestNote } from '../../lrs/index.ts'
import { badge } from '../components/badge.ts'
import { buttonLink } from '../components/button.ts'
import { notice } from '../components/notice.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import type { View } from '../view.ts'
import { clock, clockText } from './clock.ts'
import { type Connection, refused } from './connection.ts'

/** Requests shown of those that are remembered. */
const SHOWN = 10

const TONES = {
  ready: 'neutral',
  waiting: 'waiting',
  reached: 'waiting',
  connected: 'good',
  refused: 'bad',
} as const
const ICONS = {
  ready: 'key',
  waiting: 'clock',
  reached: 'source',
  connected: 'check',
  refused: 'close',
} as const

export function connectionBadge(view: View, state: Connection['state']): Html {
  return badge(view, { label: view.say(lms)(`state-${state}`), tone: TONES[state], icon: ICONS[state] })
}

/** The panel that web/client/live.ts keeps as it is now; `address` gives its parts as JSON. */
export function livePanel(
  view: View,
  props: { address: string; page: string; connection: Connection; credentials: readonly Credential[] },
): Html {
  const say = view.say(lms)
  return html`<section class="stack" data-live=${props.address} aria-labelledby="live">
    <div class="row between wide">
      <h2 id="live">${say('liveTitle')}</h2>
      <div class="row">
        <span class="muted small" data-live-paused hidden>${say('livePaused')}</span>
        ${buttonLink(view, { label: say('reload'), href: props.page, kind: 'quiet', icon: 'reload' })}
      </div>
    </div>
    <div class="stack wide" role="status" data-live-part="state">${connectionState(view, props.connection)}</div>
    <h3>${say('requestsTitle')}</h3>
    <div class="stack wide" data-live-part="requests">${requestList(view, props.connection.requests, props.credentials)}</div>
  </section>`
}

/** What is so, in words, and what to do. */
export function connectionState(view: View, connection: Connection): Html {
  const say = view.say(lms)
  const { state, first, hour, lastRefused } = connection
  if (state === 'ready') return notice(view, { body: say('readyBody') })
  if (state === 'waiting') return notice(view, { title: say('waitingTitle'), body: say('waitingBody') })
  if (state === 'reached') return notice(view, { title: say('reachedTitle'), body: say('reachedBody') })
  const connected =
    first !== null &&
    say(hour.more ? 'connectedMore' : 'connectedBody', {
      first: view.format.dateTime(first),
      count: hour.count,
    })
  if (state === 'refused' && lastRefused) {
    const title = say('refusedTitle', { time: clockText(view, lastRefused.at), status: lastRefused.status })
    return html`${notice(view, { tone: 'danger', title, body: refusal(view, lastRefused) })}
    ${connected && html`<p class="muted">${connected}</p>`}`
  }
  return html`${notice(view, { tone: 'success', title: say('connectedTitle'), body: connected })}
  ${
    lastRefused &&
    notice(view, {
      tone: 'warning',
      title: say('lastRefused', { time: clockText(view, lastRefused.at), status: lastRefused.status }),
      body: refusal(view, lastRefused),
    })
  }`
}

const EXPLAINED = [400, 401, 403, 404, 405, 409, 412, 413, 415, 429, 500, 503] as const

/** What to do about a refusal, and the server's own words, which are what the LMS's log shows too. */
function refusal(view: View, note: RequestNote): Html {
  const say = view.say(lms)
  const status = EXPLAINED.find((each) => each === note.status)
  return html`<p>${say(status ? `why-${status}` : 'why-other')}</p>
  ${
    note.problems.length > 0 &&
    html`<p class="small">${say('serverSaid')}</p>
      <ul class="small">${note.problems.map((message) => html`<li lang="en">${message}</li>`)}</ul>`
  }`
}

export function requestList(
  view: View,
  requests: readonly RequestNote[],
  credentials: readonly Credential[],
): Html {
  const say = view.say(lms)
  if (requests.length === 0) return html`<p class="muted">${say('requestsEmpty')} ${say('requestsLead')}</p>`
  const labels = new Map(credentials.map((each) => [each.key, each.label]))
  return html`${table({
    caption: say('requestsTitle'),
    columns: [
      { label: say('columnAt'), cell: (note: RequestNote) => clock(view, note.at) },
      { label: say('columnRequest'), cell: (note) => html`<code>${note.method} ${note.path}</code>` },
      { label: say('columnResult'), cell: (note) => resultBadge(view, note) },
      { label: say('columnStatements'), cell: (note) => view.format.number(note.statements), end: true },
      { label: say('columnKeyUsed'), cell: (note) => labels.get(note.credential) ?? note.credential },
      { label: say('columnAgent'), cell: (note) => note.userAgent || '–' },
    ],
    rows: requests.slice(0, SHOWN),
  })}<p class="muted small">${say('requestsLead')}</p>`
}

function resultBadge(view: View, note: RequestNote): Html {
  const say = view.say(lms)
  return refused(note)
    ? badge(view, { label: `${note.status} ${say('refused')}`, tone: 'bad', icon: 'close' })
    : badge(view, { label: `${note.status} ${say('accepted')}`, tone: 'good', icon: 'check' })
}
