import { type Html, html } from '../html.ts'

/** More for who wants it. */
export function details(props: { summary: string; body: Html; open?: boolean }): Html {
  return html`<details class="details" open=${props.open}><summary>${props.summary}</summary>${props.body}</details>`
}

/** Text of machines: JSON, addresses. It scrolls on its own and can be reached by keyboard. */
export function code(props: { label: string; text: string }): Html {
  return html`<pre tabindex="0" role="region" aria-label=${props.label}><code>${props.text}</code></pre>`
}
