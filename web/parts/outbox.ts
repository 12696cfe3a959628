import { Router } from 'express'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { when } from '../components/when.ts'
import { html } from '../html.ts'
import { citizenPage } from '../layout.ts'
import { page, showOnce } from '../page.ts'
import type { WebServices } from '../services.ts'

/** Messages that would have been sent, newest first. Development only; its words are no product text. */
export function outboxArea(outbox: NonNullable<WebServices['outbox']>): Router {
  return Router().get(
    '/',
    page((view) =>
      showOnce(
        citizenPage(view, {
          title: 'Outbox',
          body: html`<div class="stack">
            ${heading(view, { title: 'Outbox', lead: 'Kept in memory, sent to nobody.' })}
            ${
              outbox.length === 0
                ? emptyState({ title: 'Nothing yet', body: 'Ask for a code and look again.' })
                : html`<ul class="cards wide">${outbox.map(
                    (each) => html`<li><article class="card">
                      <h2 class="lead">${each.subject ?? each.channel}</h2>
                      <div class="record-meta">${each.to} · ${when(view, each.at)}</div>
                      <pre class="letter">${each.text}</pre>
                    </article></li>`,
                  )}</ul>`
            }
          </div>`,
        }),
      ),
    ),
  )
}
