import { text } from 'node:stream/consumers'
import type { Figure } from '../bench.ts'
import { short } from '../report.ts'

/**
 * Draws the figures of `growth` as an SVG of their own, three small charts beside each other:
 * `npm run --silent bench -- --only growth --json | node bench/data/growth-chart.ts > docs/growth.svg`.
 * docs/benchmarks.md holds the same figures as a table.
 */
const PANELS = [
  { name: 'bytes', title: 'Bytes a statement' },
  { name: 'writes', title: 'Statements written a second' },
  { name: 'page-p99', title: 'Page of 25, p99 in ms' },
] as const
const PANEL = { width: 240, height: 216, top: 48, bottom: 46, side: 32 }

export function drawGrowth(figures: readonly Figure[]): string {
  const panels = PANELS.map(({ name, title }, at) => panel(title, pointsOf(figures, name), at * PANEL.width))
  const words = PANELS.map(
    ({ name, title }) => `${title}: ${pointsOf(figures, name).map(inWords).join(', ')}`,
  )
  const width = PANELS.length * PANEL.width
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${PANEL.height}" width="${width}" height="${PANEL.height}" role="img" aria-labelledby="title what" font-family="system-ui, sans-serif" font-size="12">
  <title id="title">Growth from ten thousand statements on</title>
  <desc id="what">${words.join('. ')}.</desc>
  <rect width="100%" height="100%" fill="#fff" />
${panels.join('\n')}
  <text x="${width / 2}" y="${PANEL.height - 8}" text-anchor="middle" fill="#4a4a4a">Statements in the store</text>
</svg>
`
}

interface Point {
  size: number
  value: number
}

function pointsOf(figures: readonly Figure[], name: string): Point[] {
  return figures.flatMap((figure) => {
    const [benchmark, size, what] = figure.name.split('/')
    return benchmark === 'growth' && what === name ? [{ size: Number(size), value: figure.value }] : []
  })
}

function panel(title: string, points: readonly Point[], left: number): string {
  const most = Math.max(...points.map(({ value }) => value))
  const step = (PANEL.width - 2 * PANEL.side) / Math.max(1, points.length - 1)
  const ground = PANEL.height - PANEL.bottom
  const places = points.map(({ value }, at) => [
    PANEL.side + at * step,
    ground - (value / most) * (ground - PANEL.top),
  ])
  const marks = points.map(({ size, value }, at) => {
    const [x, y] = places[at]!
    return `    <circle cx="${round(x!)}" cy="${round(y!)}" r="4" fill="#0b5a8a" />
    <text x="${round(x!)}" y="${round(y! - 9)}" text-anchor="middle" fill="#1b1b1b" stroke="#fff" stroke-width="4" paint-order="stroke">${inDigits(value)}</text>
    <text x="${round(x!)}" y="${ground + 18}" text-anchor="middle" fill="#4a4a4a">${power(size)}</text>`
  })
  return `  <g transform="translate(${left} 0)">
    <text x="${PANEL.side - 14}" y="18" font-weight="600" fill="#1b1b1b">${title}</text>
    <line x1="${PANEL.side - 14}" x2="${PANEL.width - PANEL.side + 14}" y1="${ground}" y2="${ground}" stroke="#8a8a8a" />
    <polyline fill="none" stroke="#0b5a8a" stroke-width="2" points="${places.map((xy) => xy.map((one) => round(one)).join(',')).join(' ')}" />
${marks.join('\n')}
  </g>`
}

const round = (value: number) => Number(value.toFixed(1))
const power = (size: number) =>
  `10${[...String(Math.round(Math.log10(size)))].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`
const inDigits = (value: number) => Number(short(value)).toLocaleString('en')
const inWords = ({ size, value }: Point) => `${inDigits(value)} at ${size.toLocaleString('en')}`

if (import.meta.main) {
  const lines = (await text(process.stdin)).split('\n').filter((line) => line.startsWith('{'))
  process.stdout.write(drawGrowth(lines.map((line) => JSON.parse(line))))
}
