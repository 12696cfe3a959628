import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { describedBy, type FieldProps, fieldFrame, fieldNotes, optional } from './field.ts'

export interface Option {
  value: string
  label: string
  help?: string
}

/** One of a few, all in sight. `intro` is read before one chooses. */
export function radios(
  view: View,
  props: FieldProps & { options: readonly Option[]; value?: string | undefined; intro?: Html },
): Html {
  const intro = props.intro ? `${props.name}-intro` : undefined
  const described = [intro, describedBy(props)].filter(Boolean).join(' ') || undefined
  return html`<fieldset class="field" aria-describedby=${described}>
    <legend>${props.label}${optional(view, props)}</legend>
    ${intro && html`<div class="intro" id=${intro}>${props.intro}</div>`}
    <div class="options">
      ${props.options.map((option, at) => {
        // The error summary leads to the first option by the field's own name.
        const id = at === 0 ? props.name : `${props.name}-${at}`
        return html`<div class="option">
          <input type="radio" id=${id} name=${props.name} value=${option.value} checked=${option.value === props.value} />
          <label for=${id}>${option.label}</label>
          ${option.help && html`<div class="help">${option.help}</div>`}
        </div>`
      })}
    </div>
    ${fieldNotes(view, props)}
  </fieldset>`
}

/** Several of a few, all in sight; sent as repeated values of one name. */
export function checkboxes(
  view: View,
  props: FieldProps & { options: readonly Option[]; values: readonly string[] },
): Html {
  return html`<fieldset class="field" aria-describedby=${describedBy(props)}>
    <legend>${props.label}</legend>
    <div class="options">
      ${props.options.map((option, at) => {
        const id = at === 0 ? props.name : `${props.name}-${at}`
        return html`<div class="option">
          <input type="checkbox" id=${id} name=${props.name} value=${option.value}
            checked=${props.values.includes(option.value)}
            aria-describedby=${option.help ? `${id}-note` : undefined} />
          <label for=${id}>${option.label}</label>
          ${option.help && html`<div class="help" id=${`${id}-note`}>${option.help}</div>`}
        </div>`
      })}
    </div>
    ${fieldNotes(view, props)}
  </fieldset>`
}

/** Yes or no. */
export function checkbox(view: View, props: Omit<FieldProps, 'required'> & { checked?: boolean }): Html {
  return html`<div class="field">
    <div class="option">
      <input type="checkbox" id=${props.name} name=${props.name} value="yes" checked=${props.checked}
        aria-describedby=${describedBy(props)} />
      <label for=${props.name}>${props.label}</label>
      ${fieldNotes(view, props)}
    </div>
  </div>`
}

/** One of many. */
export function select(
  view: View,
  props: FieldProps & { options: readonly Option[]; value?: string | undefined; empty?: string },
): Html {
  return fieldFrame(
    view,
    props,
    html`<select class="input" id=${props.name} name=${props.name} required=${props.required}
      aria-describedby=${describedBy(props)} aria-invalid=${props.error ? 'true' : undefined}>
      ${props.empty !== undefined && html`<option value="">${props.empty}</option>`}
      ${props.options.map(
        (option) =>
          html`<option value=${option.value} selected=${option.value === props.value}>${option.label}</option>`,
      )}
    </select>`,
  )
}
