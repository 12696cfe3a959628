import { chart } from '../components/chart.ts'
import type { Sizes } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { overview } from '../i18n/messages/overview.ts'
import type { View } from '../view.ts'
import { growthOf, usedBy } from './growth.ts'
import { stepLabel } from './home-traffic.ts'
import type { Overview } from './overview.ts'

const MANY_MONTHS = 60

/** What is kept, how it grows, what is free, and the last backup. */
export function diskPanel(view: View, { days, backup }: Overview): Html {
  const say = view.say(overview)
  const { bytes } = view.format
  const sizes = days.findLast((day) => day.sizes !== null)?.sizes ?? null
  const saved =
    backup === null ? say('backupNone') : say('backupLast', { time: view.format.dateTime(backup) })
  if (sizes === null)
    return html`<section class="stack">
      <h2>${say('diskTitle')}</h2>
      <p class="muted">${say('diskEmpty')}</p>
      <p>${saved}</p>
    </section>`
  return html`<section class="stack">
    <h2>${say('diskTitle')}</h2>
    <p>${say('diskWords', { used: bytes(usedBy(sizes)), free: bytes(sizes.free), disk: bytes(sizes.disk) })}
      ${' '}${growthWords(view, days)}</p>
    <p>${saved}</p>
    <div class="panels wide">
      ${chart(view, {
        kind: 'columns',
        title: say('diskChart'),
        labels: [say('column-days'), say('columnBytes')],
        points: days.map((day) => ({
          label: stepLabel(view, 'days', day.from),
          value: day.sizes ? usedBy(day.sizes) : 0,
          shown: day.sizes ? bytes(usedBy(day.sizes)) : say('notRunning'),
        })),
      })}
      ${chart(view, {
        kind: 'share',
        title: say('diskShare'),
        labels: [say('diskShare'), say('columnBytes')],
        points: parts(view, sizes),
      })}
    </div>
  </section>`
}

function growthWords(view: View, days: Overview['days']): string {
  const say = view.say(overview)
  const { perDay, months } = growthOf(days)
  if (perDay === null) return say('diskEarly')
  if (months === null || perDay < 1_000) return say('diskSteady')
  const rate = view.format.bytes(perDay)
  return months > MANY_MONTHS
    ? say('diskYears', { rate })
    : say('diskRate', { rate, months: Math.floor(months) })
}

function parts(view: View, { database, log, blobs, free, disk }: Sizes) {
  const say = view.say(overview)
  const kept = blobs ?? 0
  const other = Math.max(0, disk - free - database - log - kept)
  const all = [
    ['database', database + log],
    ['blobs', kept],
    ['other', other],
    ['free', free],
  ] as const
  return all.map(([part, value]) => ({ label: say(`part-${part}`), value, shown: view.format.bytes(value) }))
}
