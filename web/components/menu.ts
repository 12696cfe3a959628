import { type Html, html } from '../html.ts'
import type { Icon } from '../icons.ts'
import type { View } from '../view.ts'
import { icon } from './icon.ts'

export type MenuItem = { label: string; icon?: Icon } & ({ href: string } | { action: string })

/** More that can be done (`name` says with what), behind one button. Opens without scripts; web/client/menu.ts closes it on Escape and outside. */
export function menu(view: View, props: { label: Html; name: string; items: readonly MenuItem[] }): Html {
  return html`<details class="menu" data-menu>
    <summary class="button">${props.label}<span class="visually-hidden">: ${props.name}</span></summary>
    <ul class="sheet">
      ${props.items.map((item) => {
        const inner = html`${item.icon && icon(view, item.icon)}${item.label}`
        return html`<li>${
          'href' in item
            ? html`<a class="item" href=${item.href}>${inner}</a>`
            : html`<form method="post" action=${item.action}><button class="item">${inner}</button></form>`
        }</li>`
      })}
    </ul>
  </details>`
}
