import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'
import { button } from './button.ts'
import { describedBy, type FieldProps, fieldNotes, optional } from './field.ts'

/**
 * A file: chosen or dropped. `web/client/upload.ts` sends the form around it with progress and a way to cancel;
 * without scripts the form is simply sent.
 */
export function fileField(view: View, props: FieldProps & { accept: string }): Html {
  const say = view.say(common)
  return html`<div class="field">
    <label for=${props.name}>${props.label}${optional(view, props)}</label>
    <div class="drop" data-drop>
      <input type="file" id=${props.name} name=${props.name} accept=${props.accept} required=${props.required}
        aria-describedby=${describedBy(props)} aria-invalid=${props.error ? 'true' : undefined} />
      <span class="help" data-drop-hint hidden>${say('dropHint')}</span>
    </div>
    ${fieldNotes(view, props)}
    <div class="progress" data-progress hidden
      data-sending=${say('sending')} data-checking=${say('checking')} data-left=${say('timeLeft', { time: '{time}' })}
      data-failed=${say('sendFailed')}>
      <div class="row between"><span data-progress-text role="status"></span><span class="muted" data-progress-left></span></div>
      <progress max="1" value="0" aria-label=${say('sendingProgress')}></progress>
      ${button(view, { label: say('cancelSending'), type: 'button', kind: 'quiet', icon: 'close' })}
    </div>
  </div>`
}
