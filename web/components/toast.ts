import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { Toast, View } from '../view.ts'
import { act } from './button.ts'

/** What was just done, with the way to undo it. It stays until the next page: nobody has to be quick. */
export function toast(view: View, props: Toast): Html {
  return html`<div class="toast" role="status">
    <span>${props.message}</span>
    ${
      props.undo &&
      act(view, {
        label: view.say(common)('undo'),
        kind: 'quiet',
        action: props.undo.action,
        ...(props.undo.fields && { fields: props.undo.fields }),
      })
    }
  </div>`
}
