import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'
import { button } from './button.ts'

/** Asks before something is lost. Opened by a link with `dialog: id`, whose own page asks the same without scripts. */
export function dialog(view: View, props: { id: string; title: string; body: Html; action: Html }): Html {
  return html`<dialog id=${props.id} aria-labelledby=${`${props.id}-title`}>
    <div class="stack">
      <h2 class="lead" id=${`${props.id}-title`}>${props.title}</h2>
      <p>${props.body}</p>
      <div class="row">
        ${props.action}
        <form method="dialog">${button(view, { label: view.say(common)('keep') })}</form>
      </div>
    </div>
  </dialog>`
}
