import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { backLink } from './link.ts'

/** The top of a page: way back, title, one sentence, and at most one primary action. */
export function heading(
  view: View,
  props: { title: Html; lead?: Html; back?: { href: string; label: string }; action?: Html },
): Html {
  return html`<header class="stack tight wide">
    ${props.back && backLink(view, props.back)}
    <div class="row between wide">
      <h1>${props.title}</h1>
      ${props.action}
    </div>
    ${props.lead && html`<p class="muted">${props.lead}</p>`}
  </header>`
}
