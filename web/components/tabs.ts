import { type Html, html } from '../html.ts'

/** Views of one thing, each with an address of its own. */
export function tabs(props: {
  label: string
  items: readonly { href: string; label: string; current?: boolean }[]
}): Html {
  return html`<nav class="tabs wide" aria-label=${props.label}>
    ${props.items.map(
      (item) =>
        html`<a href=${item.href} aria-current=${item.current ? 'page' : undefined}>${item.label}</a>`,
    )}
  </nav>`
}
