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
    <p>${usedWords(view, sizes)} ${growthWords(view, days)}</p>
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
      ${
        sizes.free !== null &&
        chart(view, {
          kind: 'share',
          title: say('diskShare'),
          labels: [say('diskShare'), say('columnBytes')],
          points: parts(view, sizes),
        })
      }
    </div>
  </section>`
}

function usedWords(view: View, sizes: Sizes): string {
  const say = view.say(overview)
  const { bytes } = view.format
  const used = bytes(usedBy(sizes))
  if (sizes.free === null) return say('diskElsewhere', { used })
  return say('diskWords', { used, free: bytes(sizes.free), disk: bytes(sizes.disk ?? 0) })
}

function growthWords(view: View, days: Overview['days']): string {
  const say = view.say(overview)
  const { perDay, months } = growthOf(days)
  const isKnown = days.some(({ sizes }) => sizes !== null && sizes.free !== null)
  if (!isKnown)
    return perDay === null ? '' : say('diskGrows', { rate: view.format.bytes(Math.max(0, perDay)) })
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
  const other = Math.max(0, (disk ?? 0) - (free ?? 0) - database - log - kept)
  const all = [
    ['database', database + log],
    ['blobs', kept],
    ['other', other],
    ['free', free ?? 0],
  ] as const
  return all.map(([part, value]) => ({ label: say(`part-${part}`), value, shown: view.format.bytes(value) }))
}
