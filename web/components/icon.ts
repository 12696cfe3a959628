import { type Html, html } from '../html.ts'
import type { Icon } from '../icons.ts'
import type { View } from '../view.ts'

/** A drawing beside a word, hidden from screen readers: the word says it. */
export function icon(view: View, name: Icon): Html {
  return html`<svg class="icon" aria-hidden="true"><use href=${`${view.assets.url('icons.svg')}#${name}`} /></svg>`
}

/** The mark: a line with three knots. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 14 30" aria-hidden="true" fill="currentColor">
    <rect x="6" y="0" width="2" height="30" />
    <circle cx="7" cy="6" r="3" />
    <circle cx="7" cy="15" r="5" />
    <circle cx="7" cy="24" r="3" />
  </svg>`
}
