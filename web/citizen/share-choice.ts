import type { RecordLine } from '../../profiles/index.ts'
import { fieldNotes } from '../components/field.ts'
import { lineName, outcome } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'

/** Lines of the record to be marked, each with when and what came of it. */
export function lineChoice(
  view: View,
  props: {
    label: string
    help: string
    lines: readonly RecordLine[]
    chosen: readonly string[]
    error: string | undefined
  },
): Html {
  const notes = { name: 'line', label: props.label, help: props.help, error: props.error }
  return html`<fieldset class="field" aria-describedby="line-help">
    <legend>${props.label}</legend>
    ${fieldNotes(view, notes)}
    <div class="options">
      ${props.lines.map((line, at) => {
        const id = at === 0 ? 'line' : `line-${at}`
        const notes = [view.format.date(line.at), outcome(view, line)].filter(Boolean).join(' · ')
        return html`<div class="option">
          <input type="checkbox" id=${id} name="line" value=${line.id} checked=${props.chosen.includes(line.id)}
            aria-describedby=${`${id}-about`} />
          <label for=${id}>${lineName(view, line)}</label>
          <div class="help" id=${`${id}-about`}>${notes}</div>
        </div>`
      })}
    </div>
  </fieldset>`
}

/** The ids of the marked lines in a sent form, each once. */
export function choiceOf(body: unknown): string[] {
  const { line } = (body ?? {}) as { line?: unknown }
  return [...new Set([line].flat().filter((id): id is string => typeof id === 'string' && id !== ''))]
}
