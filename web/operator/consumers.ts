import { Router } from 'express'
import type { ConsumerState } from '../../lrs/index.ts'
import type { Rebuilding } from '../../profiles/index.ts'
import { badge } from '../components/badge.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { progress } from '../components/progress.ts'
import { table } from '../components/table.ts'
import { type Html, html, render } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import { operator } from '../i18n/messages/operator.ts'
import { json, page, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'

export function consumerRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/consumers',
      page(async (view) => {
        const [consumers, rebuilding] = await Promise.all([services.consumers(), services.rebuilding()])
        return show(consumersPage(view, consumers, rebuilding))
      }),
    )
    .get(
      '/consumers/live',
      page(async (view) => {
        const [consumers, rebuilding] = await Promise.all([services.consumers(), services.rebuilding()])
        return json({
          consumers: render(consumerTable(view, consumers)),
          rebuilding: render(rebuildProgress(view, rebuilding)),
        })
      }),
    )
}

const NAMED = ['transcript', 'audit', 'accounts', 'corrections', 'lesson-reports'] as const

export function consumerName(view: View, name: string): string {
  const known = NAMED.find((each) => each === name)
  return known ? view.say(operator)(`consumer-${known}`) : name
}

export const stateOf = (consumer: ConsumerState): 'Fails' | 'Behind' | 'Follows' =>
  consumer.lastError !== null ? 'Fails' : consumer.position < consumer.end ? 'Behind' : 'Follows'

function consumersPage(view: View, consumers: readonly ConsumerState[], rebuilding: Rebuilding | null): Html {
  const say = view.say(operator)
  const sayLms = view.say(lms)
  return operatorPage(view, {
    title: say('consumersTitle'),
    scripts: ['live'],
    body: html`<div class="stack">
      ${heading(view, { title: say('consumersTitle'), lead: say('consumersLead') })}
      ${
        consumers.length === 0
          ? emptyState({ title: say('consumersEmptyTitle'), body: say('consumersEmptyBody') })
          : html`<section class="stack" data-live="/operator/consumers/live">
              <div class="row">
                ${buttonLink(view, { label: sayLms('reload'), href: '/operator/consumers', kind: 'quiet', icon: 'reload' })}
                <span class="muted small" data-live-paused hidden>${sayLms('livePaused')}</span>
              </div>
              <div data-live-part="rebuilding">${rebuildProgress(view, rebuilding)}</div>
              <div class="stack wide" data-live-part="consumers">${consumerTable(view, consumers)}</div>
            </section>`
      }
    </div>`,
  })
}

/** Nothing while records are not made anew. */
function rebuildProgress(view: View, rebuilding: Rebuilding | null): Html {
  if (!rebuilding) return html``
  const say = view.say(operator)
  const { share, since } = rebuilding
  return notice(view, {
    title: say('rebuildTitle'),
    body: html`${progress(view, { label: say('rebuildTitle'), now: say('rebuildSince', { time: ago(view, since) }), share })}
      <p>${say('rebuildBody')}</p>`,
  })
}

const LOOKS = {
  Fails: { tone: 'bad', icon: 'danger' },
  Behind: { tone: 'waiting', icon: 'clock' },
  Follows: { tone: 'good', icon: 'check' },
} as const

function consumerTable(view: View, consumers: readonly ConsumerState[]): Html {
  const say = view.say(operator)
  return table({
    caption: say('consumersTitle'),
    columns: [
      { label: say('columnConsumer'), cell: (each: ConsumerState) => consumerName(view, each.name) },
      {
        label: say('columnState'),
        cell: (each) => badge(view, { label: say(`state${stateOf(each)}`), ...LOOKS[stateOf(each)] }),
      },
      {
        label: say('columnPosition'),
        cell: ({ position, end }) => html`<span class="nowrap">${say('position', { position, end })}</span>`,
        end: true,
      },
      { label: say('columnLag'), cell: (each) => lagWords(view, each) },
      { label: say('columnError'), cell: (each) => errorWords(view, each) },
    ],
    rows: consumers,
  })
}

function ago(view: View, at: number): string {
  const minutes = Math.floor((Date.now() - at) / 60_000)
  return minutes < 60
    ? view.say(operator)('minutesAgo', { minutes: Math.max(0, minutes) })
    : view.format.dateTime(at)
}

function lagWords(view: View, { position, end, behindSince }: ConsumerState): string {
  const say = view.say(operator)
  const count = Math.max(0, end - position)
  if (count === 0) return say('lagNone')
  return behindSince === null
    ? say('lagPlain', { count })
    : say('lag', { count, time: ago(view, behindSince) })
}

function errorWords(view: View, { lastError }: ConsumerState): Html {
  const say = view.say(operator)
  if (lastError === null) return say('noError')
  return html`<span class="muted">${ago(view, lastError.at)}</span><br /><code>${lastError.message}</code><br />${say('retries')}`
}
