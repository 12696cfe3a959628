import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'
import { details } from './details.ts'
import { table } from './table.ts'

export interface Point {
  label: string
  value: number
  /** The value with its unit, as it is shown. */
  shown: string
}

/** Units of a drawing: near the pixels of a phone, so that its words stay readable there. */
const WIDTH = 400

/** A drawing from the server. The title says what it shows; the same figures stand in the table below it. */
export function chart(
  view: View,
  props: {
    /** `columns` stand: many steps of time, of which a few are named. */
    kind: 'bars' | 'columns' | 'line' | 'share'
    title: string
    labels: [name: string, value: string]
    points: readonly Point[]
  },
): Html {
  const draw = { bars, columns, line, share }[props.kind]
  return html`<figure class="chart">
    <figcaption><strong>${props.title}</strong></figcaption>
    ${draw(props.points)}
    ${details({
      summary: view.say(common)('showFigures'),
      body: table({
        caption: props.title,
        columns: [
          { label: props.labels[0], cell: (point: Point) => point.label },
          { label: props.labels[1], cell: (point: Point) => point.shown, end: true },
        ],
        rows: props.points,
      }),
    })}
  </figure>`
}

const greatest = (points: readonly Point[]) => Math.max(1e-9, ...points.map(({ value }) => value))

/** Bars lie, so that long names have room. */
function bars(points: readonly Point[]): Html {
  const row = 48
  const most = greatest(points)
  return html`<svg viewBox=${`0 0 ${WIDTH} ${points.length * row}`} aria-hidden="true">
    ${points.map(
      ({ label, value, shown }, at) => html`<g transform=${`translate(0 ${at * row})`}>
        <text x="0" y="16">${fitting(label, shown)}</text>
        <text class="value" x=${WIDTH} y="16" text-anchor="end">${shown}</text>
        <rect class="shape" x="0" y="24" height="10" rx="5" width=${Math.max(value > 0 ? 10 : 0, (value / most) * WIDTH)} />
      </g>`,
    )}
  </svg>`
}

/** Width of a letter on average, a wide one of Vietnamese included. */
const LETTER = 7

/** As much of a name as leaves room for its value; the table has the whole. */
function fitting(label: string, shown: string): string {
  const room = Math.floor(WIDTH / LETTER) - [...shown].length - 3
  const letters = [...label]
  return letters.length <= room
    ? label
    : `${letters
        .slice(0, room - 1)
        .join('')
        .trimEnd()}…`
}

function line(points: readonly Point[]): Html {
  const height = 180
  const most = greatest(points)
  const step = WIDTH / Math.max(1, points.length)
  const place = points.map(
    ({ value }, at) => [step * (at + 0.5), height - 8 - (value / most) * (height - 36)] as const,
  )
  return html`<svg viewBox=${`0 0 ${WIDTH} ${height + 24}`} aria-hidden="true">
    <line class="axis" x1="0" x2=${WIDTH} y1=${height} y2=${height} />
    <polyline class="curve" points=${place.map((xy) => xy.join(',')).join(' ')} />
    ${points.map(
      ({ label, shown }, at) => html`<g>
        <circle class="shape" cx=${place[at]![0]} cy=${place[at]![1]} r="5" />
        <text class="value" x=${place[at]![0]} y=${place[at]![1] - 12} text-anchor="middle">${shown}</text>
        <text x=${place[at]![0]} y=${height + 18} text-anchor="middle">${label}</text>
      </g>`,
    )}
  </svg>`
}

/** Names below a drawing of columns, so that they do not touch on a phone. */
const NAMED_COLUMNS = 5

function columns(points: readonly Point[]): Html {
  const height = 150
  const most = greatest(points)
  const step = WIDTH / Math.max(1, points.length)
  const every = Math.ceil(points.length / NAMED_COLUMNS)
  const top = points.findIndex(({ value }) => value === most)
  return html`<svg viewBox=${`0 0 ${WIDTH} ${height + 26}`} aria-hidden="true">
    <line class="axis" x1="0" x2=${WIDTH} y1=${height} y2=${height} />
    ${points.map(({ value, label, shown }, at) => {
      const tall = Math.max(value > 0 ? 2 : 0, (value / most) * (height - 28))
      const middle = step * (at + 0.5)
      // Words at the ends lean inwards.
      const anchor = middle < 40 ? 'start' : middle > WIDTH - 40 ? 'end' : 'middle'
      const x = anchor === 'start' ? step * at : anchor === 'end' ? step * (at + 1) : middle
      return html`<g>
        <rect class="shape" x=${step * at + step * 0.15} y=${height - tall} width=${step * 0.7} height=${tall} rx="2" />
        ${at === top && html`<text class="value" x=${x} y=${height - tall - 8} text-anchor=${anchor}>${shown}</text>`}
        ${at % every === 0 && html`<text x=${x} y=${height + 20} text-anchor=${anchor}>${label}</text>`}
      </g>`
    })}
  </svg>`
}

const SHAPES = ['●', '◆', '▲', '■']

/** Parts of a whole, at most four, each with a shape of its own beside its colour. */
function share(points: readonly Point[]): Html {
  const whole = points.reduce((sum, { value }) => sum + value, 0) || 1
  let x = 0
  return html`<svg viewBox=${`0 0 ${WIDTH} 18`} aria-hidden="true">
      ${points.map(({ value }, at) => {
        const width = (value / whole) * WIDTH
        const part = html`<rect class=${at === 0 ? 'shape' : `s${at}`} x=${x} y="0" height="18" width=${Math.max(0, width - 3)} rx="3" />`
        x += width
        return part
      })}
    </svg>
    <ul class="row small">
      ${points.map(({ label, shown }, at) => html`<li><span class="muted" aria-hidden="true">${SHAPES[at]} </span>${label}: <strong>${shown}</strong></li>`)}
    </ul>`
}
