import { type Html, html } from '../html.ts'

/** One thing among others; the whole card opens it. `level` is that of its heading. */
export function card(props: {
  title: Html
  href?: string
  meta?: Html
  body?: Html
  level?: 2 | 3
  /** An `img`; it stands above. */
  picture?: Html
}): Html {
  const title = props.href ? html`<a class="cover" href=${props.href}>${props.title}</a>` : props.title
  return html`<article class="card">
    ${props.picture && html`<div class="card-picture">${props.picture}</div>`}
    ${props.level === 2 ? html`<h2 class="lead">${title}</h2>` : html`<h3>${title}</h3>`}
    ${props.meta && html`<div class="record-meta">${props.meta}</div>`}
    ${props.body && (typeof props.body === 'string' ? html`<p>${props.body}</p>` : props.body)}
  </article>`
}

export function cards(items: readonly Html[]): Html {
  return html`<ul class="cards wide">${items.map((item) => html`<li>${item}</li>`)}</ul>`
}

/** Names and values, in two columns where there is room. */
export function facts(rows: readonly (readonly [name: string, value: Html])[]): Html {
  return html`<dl class="facts">
    ${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`
}
