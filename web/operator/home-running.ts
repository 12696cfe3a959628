import { chart } from '../components/chart.ts'
import { link } from '../components/link.ts'
import { table } from '../components/table.ts'
import { WORKS, type Work } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { overview } from '../i18n/messages/overview.ts'
import { mostlyBecause } from '../i18n/refusals.ts'
import type { View } from '../view.ts'
import { consumerName, stateOf } from './consumers.ts'
import { nameOf, type Overview } from './overview.ts'

type Pace = 'fast' | 'fair' | 'slow'
/** Up to here, ms, 99 times in 100, a kind of work is fast; up to there it is fair. Machines wait, and people. */
const PACES: Readonly<Record<Work, readonly [fast: number, fair: number]>> = {
  write: [200, 1_000],
  read: [200, 1_000],
  list: [200, 1_000],
  people: [500, 2_000],
}
const paceOf = (work: Work, ms: number): Pace =>
  ms <= PACES[work][0] ? 'fast' : ms <= PACES[work][1] ? 'fair' : 'slow'

export function timeWords(view: View, ms: number): string {
  const say = view.say(overview)
  if (ms < 1_000) return say('milliseconds', { ms: ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms) })
  return say('seconds', { s: Math.round(ms / 100) / 10 })
}

/** What is slow, each kind of work for itself. */
export function speedPanel(view: View, { sum }: Overview): Html {
  const say = view.say(overview)
  const works = WORKS.flatMap((work) => {
    const { p50, p99 } = sum.work[work]
    return p50 === null || p99 === null ? [] : [{ work, p50, p99, pace: paceOf(work, p99) }]
  })
  const worst = (['slow', 'fair', 'fast'] as const).find((pace) => works.some((one) => one.pace === pace))
  const named = works.filter((one) => one.pace === worst).map((one) => say(`work-${one.work}`))
  return html`<section class="stack">
    <h2>${say('slowTitle')}</h2>
    ${
      worst === undefined
        ? html`<p class="muted">${say('slowEmpty')}</p>`
        : html`<p>${say(`slowWords-${worst}`, { name: named.join(', ') })}</p>
          <div class="panels wide">
            ${chart(view, {
              kind: 'bars',
              title: say('slowChart'),
              labels: [say('columnWork'), say('columnTime')],
              points: works.map(({ work, p99, pace }) => ({
                label: say('workPace', { work: say(`work-${work}`), pace: say(`pace-${pace}`) }),
                value: p99,
                shown: timeWords(view, p99),
              })),
            })}
            <div class="stack muted">
              <p>${say('halfWords', {
                list: works
                  .map(({ work, p50 }) => `${say(`work-${work}`)} ${timeWords(view, p50)}`)
                  .join('; '),
              })}</p>
              ${sum.commits.p99 !== null && html`<p>${say('commitWords', { time: timeWords(view, sum.commits.p99) })}</p>`}
            </div>
          </div>`
    }
  </section>`
}

/** Sources that are named one by one. */
const NAMED = 8

/** What fails: on this server, at sources, in consumers. */
export function failurePanel(view: View, props: Overview): Html {
  const say = view.say(overview)
  const { sum, consumers } = props
  const stuck = consumers.filter((each) => stateOf(each) === 'Fails')
  const refused = Object.entries(sum.refused)
    .map(([id, { count, problems }]) => ({ id, count, problems }))
    .sort((a, b) => b.count - a.count)
  if (stuck.length === 0 && refused.length === 0 && sum.failures === 0)
    return html`<section class="stack"><h2>${say('failTitle')}</h2><p>${say('failNone')}</p></section>`
  return html`<section class="stack">
    <h2>${say('failTitle')}</h2>
    <p>${say('failures', { count: sum.failures })}</p>
    ${stuck.map(
      (each) =>
        html`<p>${say('consumerStuck', {
          name: consumerName(view, each.name),
          count: Math.max(0, each.end - each.position),
        })} ${link({ href: '/operator/consumers', label: say('see') })}</p>`,
    )}
    ${refused.length > 0 && refusals(view, props, refused)}
  </section>`
}

type Refused = { id: string; count: number; problems: Readonly<Record<string, number>> }

function refusals(view: View, props: Overview, refused: readonly Refused[]): Html {
  const say = view.say(overview)
  const named = (id: string) => nameOf(props, id) ?? say('otherSources')
  return html`<p>${say('refusedWords', {
    sources: refused.length,
    count: refused.reduce((sum, { count }) => sum + count, 0),
  })}</p>
    ${table({
      caption: say('refusedCaption'),
      columns: [
        {
          label: say('columnSource'),
          cell: ({ id }: Refused) =>
            id === ''
              ? named(id)
              : link({ href: `/lms/sources/${encodeURIComponent(id)}`, label: named(id) }),
        },
        { label: say('columnReason'), cell: ({ problems }) => mostlyBecause(view, problems) ?? '–' },
        { label: say('columnCount'), cell: ({ count }) => view.format.number(count), end: true },
      ],
      rows: refused.slice(0, NAMED),
    })}`
}
