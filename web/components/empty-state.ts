import { type Html, html } from '../html.ts'

/** Why nothing is here, and what to do next. */
export function emptyState(props: { title: string; body: Html; action?: Html; level?: 2 | 3 }): Html {
  return html`<div class="empty">
    ${props.level === 3 ? html`<h3>${props.title}</h3>` : html`<h2 class="lead">${props.title}</h2>`}
    <p>${props.body}</p>
    ${props.action}
  </div>`
}
