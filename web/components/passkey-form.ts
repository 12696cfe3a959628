import { type Html, html } from '../html.ts'
import { security } from '../i18n/messages/security.ts'
import type { View } from '../view.ts'
import { type ButtonLook, button } from './button.ts'
import { notice } from './notice.ts'

/**
 * A form that the device answers (web/client/passkey.ts): it is shown where scripts run and the browser knows passkeys;
 * elsewhere it says why not. `options` is the address that gives what is asked of the device.
 */
export function passkeyForm(
  view: View,
  props: { act: 'create' | 'get'; action: string; options: string; fields: Html; look: ButtonLook },
): Html {
  const say = view.say(security)
  return html`<form class="form" method="post" action=${props.action} data-passkey=${props.act} data-options=${props.options} hidden>
      <input type="hidden" name="response" />
      ${props.fields}
      <div data-passkey-failed hidden>
        ${notice(view, { tone: 'danger', body: say('passkeyFailed'), live: true })}
      </div>
      <div class="row">${button(view, props.look)}</div>
    </form>
    <p class="muted" data-passkey-unknown hidden>${say('passkeyUnknown')}</p>
    <noscript><p class="muted">${say('passkeyNoScript')}</p></noscript>`
}
