import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { icon } from './icon.ts'

export function link(props: { href: string; label: Html }): Html {
  return html`<a href=${props.href}>${props.label}</a>`
}

/** The way back, above the heading. */
export function backLink(view: View, props: { href: string; label: string }): Html {
  return html`<a class="crumb" href=${props.href}>${icon(view, 'back')}${props.label}</a>`
}
