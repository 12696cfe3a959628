import { Router } from 'express'
import type { RecordLine, Share } from '../../profiles/index.ts'
import { badge } from '../components/badge.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { lineName } from '../components/record-line.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { shares } from '../i18n/messages/shares.ts'
import { citizenPage } from '../layout.ts'
import { go, page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const PAGE = 50

/** What a person shows of their record, to whom, and each time it was opened. */
export function shareRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/me/shares',
      signedIn,
      page(async (view, req) => {
        const after = queryOf(req, 'after')
        const found = await services.shares.of(viewerOf(view).id, { limit: PAGE, ...(after && { after }) })
        return show(listPage(view, { ...found, later: after !== '' }))
      }),
    )
    .get(
      '/me/shares/:share',
      signedIn,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const share = await services.shares.get(person, paramOf(req, 'share'))
        if (!share) return show(notFoundPage(view), 404)
        const after = queryOf(req, 'after')
        const [held, opened] = await Promise.all([
          services.shares.holds(person, share.id),
          services.shares.openings(person, share.id, { limit: PAGE, ...(after && { after }) }),
        ])
        const lines = held?.lines ?? []
        const hidden = await services.hidden.among(lines.filter((line) => line !== null))
        return show(sharePage(view, { share, lines, hidden, ...opened, later: after !== '' }))
      }),
    )
    .post(
      '/me/shares/:share/revoke',
      signedIn,
      page(async (view, req) => {
        const share = await services.shares.revoke(viewerOf(view).id, paramOf(req, 'share'))
        if (!share) return show(notFoundPage(view), 404)
        return go('/me/shares', { message: view.say(shares)('revoked') })
      }),
    )
}

const TONES = { open: 'good', over: 'neutral', revoked: 'neutral', stopped: 'neutral' } as const

function stateOf(view: View, share: Share): Html {
  const say = view.say(shares)
  return html`<span class="row">${badge(view, { label: say(`state-${share.state}`), tone: TONES[share.state] })}${
    share.state === 'open' &&
    html`<span class="muted small">${say('until', { date: view.format.date(share.until) })}</span>`
  }</span>`
}

function listPage(
  view: View,
  props: { shares: readonly Share[]; next: string | null; later: boolean },
): Html {
  const say = view.say(shares)
  const start = (kind: 'primary' | 'plain') =>
    buttonLink(view, { label: say('newTitle'), href: '/me/shares/new', icon: 'share', kind })
  const isEmpty = props.shares.length === 0 && !props.later
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, { title: say('title'), lead: say('lead') })}
      ${
        isEmpty
          ? emptyState({ title: say('empty'), body: say('emptyBody'), action: start('primary') })
          : html`<div class="row">${start('primary')}</div>
            ${table({
              caption: say('listTitle'),
              columns: [
                {
                  label: say('columnReader'),
                  cell: (each: Share) =>
                    rowLink({ href: `/me/shares/${encodeURIComponent(each.id)}`, label: each.reader }),
                },
                { label: say('columnPurpose'), cell: (each) => each.purpose },
                { label: say('columnState'), cell: (each) => stateOf(view, each) },
                { label: say('columnOpened'), cell: (each) => say('openedTimes', { count: each.openings }) },
              ],
              rows: props.shares,
            })}`
      }
      ${pager(view, {
        next: props.next && `/me/shares?after=${encodeURIComponent(props.next)}`,
        first: props.later ? '/me/shares' : null,
      })}
    </div>`,
  })
}

function sharePage(
  view: View,
  props: {
    share: Share
    lines: readonly (RecordLine | null)[]
    hidden: ReadonlySet<string>
    openings: readonly number[]
    next: string | null
    later: boolean
  },
): Html {
  const say = view.say(shares)
  const { share } = props
  const address = `/me/shares/${encodeURIComponent(share.id)}`
  return citizenPage(view, {
    title: share.reader,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: share.reader, back: { href: '/me/shares', label: say('title') } })}
        ${facts([
          [say('columnPurpose'), share.purpose],
          [say('columnState'), stateOf(view, share)],
          [say('created'), onDate(view, share.created)],
          [say('lasts'), view.format.dateTime(share.until)],
          [say('hasPassword'), say(share.hasPassword ? 'yes' : 'no')],
        ])}
        ${
          share.state === 'open' &&
          html`<p class="muted">${say('revokeLead')}</p>
            ${act(view, { label: say('revoke'), action: `${address}/revoke`, kind: 'danger' })}`
        }
      </section>
      <section class="stack">
        <h2>${say('openingsTitle')}</h2>
        <p class="muted">${say('openingsLead')}</p>
        ${
          props.openings.length === 0 && !props.later
            ? html`<p>${say('openingsNone')}</p>`
            : html`<ul>${props.openings.map((at) => html`<li><time datetime=${new Date(at).toISOString()}>${view.format.dateTime(at)}</time></li>`)}</ul>`
        }
        ${pager(view, {
          next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
          first: props.later ? address : null,
        })}
      </section>
      <section class="stack">
        <h2>${say('holds')}</h2>
        <p class="muted">${say('chosenOf', { count: share.lines.length, of: share.of })}</p>
        <ul>${props.lines.map((line) =>
          line
            ? html`<li><a href=${`/me/transcript/${encodeURIComponent(line.id)}`}>${lineName(view, line)}</a>${' '}<span class="muted small">${view.format.date(line.at)}${props.hidden.has(line.id) && ` · ${say('lineNowHidden')}`}</span></li>`
            : html`<li class="muted">${say('lineGone')}</li>`,
        )}</ul>
      </section>
    </div>`,
  })
}
