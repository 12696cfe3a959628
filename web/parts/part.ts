import { type Html, html } from '../html.ts'

/** One part with a heading and its states. */
export function part(name: string, ...states: Html[]): Html {
  return html`<section class="stack"><h2>${name}</h2>${states}</section>`
}
