import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { icon } from './icon.ts'

export type Tone = 'info' | 'success' | 'warning' | 'danger'

/** Something the reader should know here. The icon and the words say the tone, the colour repeats it. */
export function notice(
  view: View,
  props: { tone?: Tone; title?: string; body?: Html; live?: boolean },
): Html {
  const tone = props.tone ?? 'info'
  return html`<div class=${`notice ${tone}`} role=${props.live ? (tone === 'danger' ? 'alert' : 'status') : undefined}>
    ${icon(view, tone)}
    <div class="stack tight">${props.title && html`<p><strong>${props.title}</strong></p>`}${
      typeof props.body === 'string' ? html`<p>${props.body}</p>` : props.body
    }</div>
  </div>`
}
