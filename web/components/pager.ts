import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import type { View } from '../view.ts'
import { buttonLink } from './button.ts'

/** Goes on by cursor: `next` is where the list continues, `first` leads back to its start when this is a later page. */
export function pager(
  view: View,
  props: { next?: string | null; first?: string | null; label?: string },
): Html {
  if (!props.next && !props.first) return null
  const say = view.say(common)
  return html`<nav class="pager" aria-label=${props.label ?? say('pages')}>
    ${props.first && buttonLink(view, { label: say('firstPage'), href: props.first, icon: 'back' })}
    ${props.next && buttonLink(view, { label: say('nextPage'), href: props.next, icon: 'next' })}
  </nav>`
}
