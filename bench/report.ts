import type { Figure } from './bench.ts'

/** Figures in columns, for people. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${short(figure.value)} ${figure.unit}`,
    figure.floor === null ? '' : short(figure.floor),
    figure.ratio === null ? '' : figure.ratio.toFixed(2),
    figure.goal ?? '',
    figure.met === null ? '' : figure.met ? 'met' : 'NOT MET',
  ])
  const all = [['Figure', 'Value', 'Floor', 'Ratio', 'Goal', ''], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Three digits that count; whole numbers from a hundred on. */
export function short(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
