import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'

/** How far something has come. `share` from 0 to 1; `now` says what is happening, `left` how long it still takes, in ms. */
export function progress(
  view: View,
  props: { label: string; share: number; now?: string; left?: number },
): Html {
  const share = Math.min(1, Math.max(0, props.share))
  return html`<div class="progress">
    <div class="row between">
      <span>${props.now ?? props.label}</span>
      <span class="muted">${view.format.percent(Math.round(share * 100) / 100)}${
        props.left !== undefined &&
        ` · ${view.say(common)('timeLeft', { time: view.format.duration(props.left) })}`
      }</span>
    </div>
    <progress aria-label=${props.label} max="1" value=${share}></progress>
  </div>`
}
