import { type Html, html } from '../html.ts'
import type { Icon } from '../icons.ts'
import type { View } from '../view.ts'
import { icon } from './icon.ts'

export interface ButtonLook {
  /** A verb: what happens. */
  label: string
  /** `primary` once a page. `quiet` looks like a link and still acts. */
  kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  icon?: Icon
}

const classes = (kind: ButtonLook['kind']) => `button${kind && kind !== 'plain' ? ` ${kind}` : ''}`

/** Sends the form it stands in (or the form named by id). */
export function button(
  view: View,
  props: ButtonLook & {
    name?: string
    value?: string
    form?: string
    disabled?: boolean
    type?: 'submit' | 'button'
  },
): Html {
  return html`<button
    class=${classes(props.kind)}
    type=${props.type ?? 'submit'}
    name=${props.name}
    value=${props.value}
    form=${props.form}
    disabled=${props.disabled}
  >${props.icon && icon(view, props.icon)}${props.label}</button>`
}

/** Looks like a button, goes to a page. With `dialog`, opens that dialog where scripts run. */
export function buttonLink(
  view: View,
  props: ButtonLook & { href: string; dialog?: string; download?: boolean },
): Html {
  return html`<a class=${classes(props.kind)} href=${props.href} data-dialog=${props.dialog} download=${props.download}
    >${props.icon && icon(view, props.icon)}${props.label}</a>`
}

/** A form that is one button: an act on one thing, with what it needs to know. */
export function act(
  view: View,
  props: ButtonLook & { action: string; fields?: Readonly<Record<string, string>> },
): Html {
  return html`<form method="post" action=${props.action}>
    ${Object.entries(props.fields ?? {}).map(([name, value]) => html`<input type="hidden" name=${name} value=${value} />`)}
    ${button(view, props)}
  </form>`
}
