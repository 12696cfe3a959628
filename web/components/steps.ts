import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'

/** The way through something, as a line with knots. `current` counts from 0; without it, all are alike. */
export function steps(
  view: View,
  props: { label: string; items: readonly string[]; current?: number },
): Html {
  const say = view.say(common)
  return html`<ol class="steps" aria-label=${props.label}>
    ${props.items.map((item, at) => {
      const state = at === props.current ? 'now' : at < (props.current ?? 0) ? 'done' : 'later'
      return html`<li class=${props.current === undefined ? undefined : state} aria-current=${at === props.current ? 'step' : undefined}>${item}${
        at < (props.current ?? 0) && html`<span class="visually-hidden"> (${say('stepDone')})</span>`
      }</li>`
    })}
  </ol>`
}
