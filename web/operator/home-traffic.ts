import { buttonLink } from '../components/button.ts'
import { chart, type Point } from '../components/chart.ts'
import { emptyState } from '../components/empty-state.ts'
import type { Figures } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { overview } from '../i18n/messages/overview.ts'
import type { View } from '../view.ts'
import { nameOf, type Overview, type Range } from './overview.ts'

const NAMED_SOURCES = 3

/** What comes in: how much and when, and from whom. */
export function trafficPanel(view: View, props: Overview): Html {
  const say = view.say(overview)
  const { range, steps, sum } = props
  const count = total(sum)
  const busiest = steps.reduce((most, one) => (total(one) > total(most) ? one : most), steps[0]!)
  return html`<section class="stack">
    <h2>${say('inTitle')}</h2>
    ${
      count === 0
        ? emptyState({
            level: 3,
            title: say('inEmpty'),
            body: say('inEmptyNext'),
            action: buttonLink(view, { label: say('connect'), href: '/lms/new', icon: 'plus' }),
          })
        : html`<p>${say('inWords', {
            count,
            most: total(busiest),
            when: say(`when-${range}`, { time: stepLabel(view, range, busiest.from) }),
          })}</p>
          <div class="panels wide">
            ${chart(view, {
              kind: 'columns',
              title: say(`inChart-${range}`),
              labels: [say(`column-${range}`), say('columnStatements')],
              points: steps.map((one) => ({
                label: stepLabel(view, range, one.from),
                value: total(one),
                shown: one.known ? view.format.number(total(one)) : say('notRunning'),
              })),
            })}
            ${chart(view, {
              kind: 'share',
              title: say('shareChart'),
              labels: [view.say(overview)('shareChart'), say('columnStatements')],
              points: bySource(view, props),
            })}
          </div>`
    }
  </section>`
}

const total = ({ statements }: Figures) => Object.values(statements).reduce((sum, count) => sum + count, 0)

/** `14:00`, or `24/11`. */
export function stepLabel(view: View, range: Range, at: number): string {
  const [date = '', time = ''] = view.format.dateTime(at).split(' ')
  return range === 'hours' ? time : date.slice(0, 5)
}

/** The largest sources, and all others as one. */
function bySource(view: View, props: Overview): Point[] {
  const say = view.say(overview)
  const sorted = Object.entries(props.sum.statements).sort(([, a], [, b]) => b - a)
  const named = sorted.filter(([id]) => nameOf(props, id) !== null).slice(0, NAMED_SOURCES)
  const rest = sorted.filter((one) => !named.includes(one)).reduce((sum, [, count]) => sum + count, 0)
  const points = named.map(([id, value]) => ({ label: nameOf(props, id) ?? id, value }))
  if (rest > 0) points.push({ label: say('otherSources'), value: rest })
  return points.map((point) => ({ ...point, shown: view.format.number(point.value) }))
}
