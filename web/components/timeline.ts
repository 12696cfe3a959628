import type { RecordLine } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { civil } from '../i18n/format.ts'
import { record } from '../i18n/messages/record.ts'
import type { View } from '../view.ts'
import { recordLine } from './record-line.ts'

/**
 * The line of a life: newest first, every year a knot, every record hanging from the line.
 * `fromToday` starts it at today; a later page of the same list goes on without.
 */
export function timeline(
  view: View,
  props: {
    lines: readonly RecordLine[]
    sourceName(of: Pick<RecordLine, 'source'>): string | undefined
    fromToday: boolean
    /** What is to be known of a line beside itself. */
    marks?(line: RecordLine): readonly string[]
    /** More of it, in few words. */
    notes?(line: RecordLine): readonly string[]
    /** Level of the years' headings; 2 unless the line stands in a section. */
    level?: 2 | 3
  },
): Html {
  const level = props.level ?? 2
  let year = 0
  let month = ''
  const items: Html[] = []
  for (const line of props.lines) {
    const at = civil(line.at)
    if (at.year !== year) {
      year = at.year
      items.push(html`<${`h${level}`} class="life-line life-year">${year}<//>`)
    }
    const name = view.format.month(line.at)
    if (name !== month) {
      month = name
      items.push(html`<${`h${level + 1}`} class="life-line life-month">${name}<//>`)
    }
    items.push(
      html`<article class="record">${recordLine(view, line, props.sourceName(line), props.sourceName, props.marks?.(line), props.notes?.(line))}</article>`,
    )
  }
  return html`<div class="life wide">
    ${props.fromToday && html`<p class="life-line life-now">${view.say(record)('today')}</p>`}${items}
  </div>`
}
