import { agreed } from '../../profiles/index.ts'
import { link } from '../components/link.ts'
import { type Html, html } from '../html.ts'
import { today } from '../i18n/messages/today.ts'
import { viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { LINKS_ADDRESS } from './links-asked.ts'
import { lasting } from './transcript-figures.ts'

/** What waits for a yes or no of the citizen; nothing where nothing waits. */
export async function waitingNews(view: View, { claims, links }: WebServices): Promise<Html> {
  const { id } = viewerOf(view)
  const [asked, suggested, waiting] = await Promise.all([
    claims.waiting(id),
    claims.suggestions(id),
    links.waiting(id),
  ])
  const sources = new Set(waiting.map(({ source }) => source)).size
  const say = view.say(today)
  const items = [
    asked.length > 0 && say('claims', { count: asked.length }),
    sources > 0 && say('waiting', { count: sources }),
    suggested.length > 0 && say('suggested', { count: suggested.length }),
  ].filter((each) => each !== false)
  if (items.length === 0) return null
  return html`<section class="stack">
    <h2>${say('forYou')}</h2>
    <ul>${items.map((label) => html`<li>${link({ href: LINKS_ADDRESS, label })}</li>`)}</ul>
  </section>`
}

/** The last seven days in one line; nothing for who keeps no record. */
export async function weekLine(view: View, { transcript }: WebServices): Promise<Html> {
  const viewer = viewerOf(view)
  if (!agreed(viewer)) return null
  const minutes = await transcript.week(viewer.id, Date.now())
  const say = view.say(today)
  if (minutes === null) return html`<p>${say('weekAnew')}</p>`
  return html`<p>${minutes > 0 ? say('week', { time: lasting(view, minutes) }) : say('weekNone')}</p>`
}
