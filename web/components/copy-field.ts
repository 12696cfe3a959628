import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'
import { button } from './button.ts'

/** A value to be taken elsewhere. Without scripts it can be selected; web/client/copy.ts makes the button work. */
export function copyField(
  view: View,
  props: { id: string; label: string; value: string; help?: string },
): Html {
  const say = view.say(common)
  return html`<div class="field">
    <label for=${props.id}>${props.label}</label>
    <div class="copy" data-copy data-copied=${say('copied')}>
      <input class="input" id=${props.id} value=${props.value} readonly spellcheck="false"
        aria-describedby=${props.help ? `${props.id}-help` : undefined} />
      ${button(view, { label: say('copy'), type: 'button', icon: 'copy' })}
    </div>
    ${props.help && html`<div class="help" id=${`${props.id}-help`}>${props.help}</div>`}
  </div>`
}
