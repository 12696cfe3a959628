import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'
import { icon } from './icon.ts'

/** What stands around every kind of field. Errors are given by the page, in words that say what to do. */
export interface FieldProps {
  /** Name in the form; also the element's id. */
  name: string
  label: string
  help?: Html | undefined
  error?: string | undefined
  required?: boolean
  /** Not marked as optional: in a filter row nothing is asked for. */
  unmarked?: boolean
}
export interface FieldError {
  /** Name of the field. */
  field: string
  message: string
}

/** The ids that tie help and error to the field. */
export function describedBy(props: FieldProps): string | undefined {
  const ids = [props.help && `${props.name}-help`, props.error && `${props.name}-error`].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

export function fieldFrame(view: View, props: FieldProps, control: Html): Html {
  return html`<div class="field">
    <label for=${props.name}>${props.label}${optional(view, props)}</label>
    ${control}${fieldNotes(view, props)}
  </div>`
}

export function optional(view: View, props: FieldProps): Html {
  return (
    !props.required &&
    !props.unmarked &&
    html` <span class="optional">(${view.say(common)('optional')})</span>`
  )
}

export function fieldNotes(view: View, props: FieldProps): Html {
  return html`${props.help && html`<div class="help" id=${`${props.name}-help`}>${props.help}</div>`}${
    props.error &&
    html`<div class="error" id=${`${props.name}-error`}>${icon(view, 'danger')}<span>${props.error}</span></div>`
  }`
}

/** One line of text, or several. */
export function field(
  view: View,
  props: FieldProps & {
    type?: 'text' | 'email' | 'tel' | 'password' | 'url' | 'search' | 'number' | 'date'
    value?: string | undefined
    autocomplete?: string
    inputmode?: 'text' | 'email' | 'numeric' | 'tel' | 'url'
    maxlength?: number
    rows?: number
    placeholder?: string
  },
): Html {
  const shared = {
    class: 'input',
    id: props.name,
    name: props.name,
    required: props.required,
    maxlength: props.maxlength,
    'aria-describedby': describedBy(props),
    'aria-invalid': props.error ? 'true' : undefined,
    autocomplete: props.autocomplete,
  }
  return fieldFrame(
    view,
    props,
    props.rows
      ? html`<textarea ...${shared} rows=${props.rows}>${props.value ?? ''}</textarea>`
      : html`<input ...${shared} type=${props.type ?? 'text'} value=${props.value} inputmode=${props.inputmode}
          placeholder=${props.placeholder} spellcheck=${props.type === 'password' ? 'false' : undefined} />`,
  )
}

/** A day; the browser's own calendar, in the reader's own order. `value` is `2026-11-24`. */
export function dateField(view: View, props: FieldProps & { value?: string | undefined }): Html {
  return field(view, { ...props, type: 'date' })
}

/** On top of a form that was sent back: every error, each leading to its field. */
export function errorSummary(view: View, errors: readonly FieldError[]): Html {
  if (errors.length === 0) return null
  return html`<div class="notice danger" role="alert" tabindex="-1" id="errors">
    ${icon(view, 'danger')}
    <div>
      <h2 class="lead">${view.say(common)('errors', { count: errors.length })}</h2>
      <ul>${errors.map(({ field: name, message }) => html`<li><a href=${`#${name}`}>${message}</a></li>`)}</ul>
    </div>
  </div>`
}

/** The message for one field, if it has one. */
export function errorOf(errors: readonly FieldError[], name: string): string | undefined {
  return errors.find((error) => error.field === name)?.message
}
