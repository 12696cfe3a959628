import { type Html, html } from '../html.ts'
import type { View } from '../view.ts'

/** A time as people say it, with the full date in the title. */
export function when(view: View, at: number, now?: number): Html {
  return html`<time datetime=${new Date(at).toISOString()} title=${view.format.dateTime(at)}>${view.format.relative(at, now)}</time>`
}

/** A date written out. */
export function onDate(view: View, at: number): Html {
  return html`<time datetime=${new Date(at).toISOString()} title=${view.format.dateTime(at)}>${view.format.date(at)}</time>`
}
