import type { Confirmation, ConfirmationRequest, RecordLine } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { link } from '../components/link.ts'
import { lineName } from '../components/record-line.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { confirmationState, requestState } from '../i18n/confirmation-words.ts'
import { confirmations as words } from '../i18n/messages/confirmations.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { askAddress, CONFIRMATIONS, placeName, statementsOf } from './ask-confirmation.ts'

const WEEK = 7 * 86_400_000
const SHOWN = 3

interface News {
  at: number
  organisation: string
  key: 'newsConfirmed' | 'newsWithdrawn' | 'newsVoided' | 'newsDeclined'
  what: Confirmation['subject']
  reason: string
}

/** What centres said of one's own entries in the last week, for Hôm nay; nothing where they said nothing. */
export async function confirmationNews(
  view: View,
  { confirmations, organisations }: WebServices,
  person: string,
): Promise<Html> {
  const [given, asked] = await Promise.all([
    confirmations.of({ person }, { limit: 2 * SHOWN }),
    confirmations.requestsOf(person, { limit: 2 * SHOWN }),
  ])
  const since = Date.now() - WEEK
  const news = [...given.confirmations.flatMap(newsOf), ...asked.requests.flatMap(declineOf)]
    .filter(({ at }) => at >= since)
    .sort((a, b) => b.at - a.at)
    .slice(0, SHOWN)
  if (news.length === 0) return null
  const names = await organisations.getMany([...new Set(news.map(({ organisation }) => organisation))])
  const say = view.say(words)
  return html`<section class="stack">
    <h2>${say('newsTitle')}</h2>
    <ul>${news.map(({ key, at, what, reason, organisation }) => {
      const values = { where: placeName(view, names.get(organisation)), what: lineName(view, what), reason }
      return html`<li>${say(key, values)} <span class="muted small">${when(view, at)}</span></li>`
    })}</ul>
    <p>${link({ href: CONFIRMATIONS, label: say('newsAll') })}</p>
  </section>`
}

function newsOf({ state, at, ended, organisation, subject: what }: Confirmation): News[] {
  if (state === 'standing') return [{ key: 'newsConfirmed', at, organisation, what, reason: '' }]
  if (state !== 'withdrawn' || !ended) return []
  const key = ended.by === null ? 'newsVoided' : 'newsWithdrawn'
  return [{ key, at: ended.at, organisation, what, reason: ended.reason }]
}

function declineOf({ state, answered, organisation, subject: what }: ConfirmationRequest): News[] {
  if (state !== 'declined' || !answered) return []
  return [{ key: 'newsDeclined', at: answered.at, organisation, what, reason: answered.reason }]
}

/** What was said of one line, and asking for more; nothing for a line that is not the person's own word. */
export async function lineConfirmations(
  view: View,
  { confirmations, organisations }: WebServices,
  line: RecordLine,
): Promise<Html> {
  const statements = statementsOf(line)
  const [said, statement] = await Promise.all([
    confirmations.about(statements),
    confirmations.confirmable(statements),
  ])
  const open = said.requests.filter(({ state }) => state === 'open' || state === 'declined')
  if (statement === null && said.confirmations.length === 0) return null
  const ids = [...said.confirmations, ...open].map(({ organisation }) => organisation)
  const names = await organisations.getMany([...new Set(ids)])
  const where = (organisation: string) => placeName(view, names.get(organisation))
  const say = view.say(words)
  return html`<section class="stack">
    <h2>${say('aboutTitle')}</h2>
    ${
      ids.length > 0 &&
      html`<ul>
        ${said.confirmations.map((each) => html`<li>${where(each.organisation)}: ${confirmationState(view, each)}</li>`)}
        ${open.map((each) => html`<li>${where(each.organisation)}: ${requestState(view, each)}</li>`)}
      </ul>`
    }
    ${
      statement !== null &&
      html`<div class="row">${buttonLink(view, { label: say('ask'), href: askAddress(line.id), icon: 'xac-nhan' })}</div>`
    }
  </section>`
}
