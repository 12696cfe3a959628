import encodeQR from 'qr'
import { type Html, html } from '../html.ts'

/** White around the code, in its own modules: readers ask for four. */
const QUIET = 4

/** A QR code as SVG, black on white in every scheme: readers need it so. What it says stands beside it as text too. */
export function qr(props: { text: string; label: string }): Html {
  const rows = encodeQR(props.text, 'raw', { ecc: 'medium', border: QUIET })
  const path = rows.flatMap((row, y) => runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`))
  const size = rows.length
  return html`<svg class="qr" role="img" aria-label=${props.label} viewBox=${`0 0 ${size} ${size}`} shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff" />
    <path fill="#000" d=${path.join('')} />
  </svg>`
}

/** Where dark modules begin in a row, and how many follow each other. */
function runs(row: readonly boolean[]): [start: number, length: number][] {
  const all: [number, number][] = []
  row.forEach((dark, x) => {
    const last = all.at(-1)
    if (!dark) return
    if (last && last[0] + last[1] === x) last[1]++
    else all.push([x, 1])
  })
  return all
}
