import htm from 'htm'
import { h, type VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'

/** What a component may return or take as content. Text is escaped when it is rendered, always. */
export type Html = VNode | string | number | null | undefined | false | readonly Html[]

/**
 * HTML as a tagged template: `` html`<p>${name}</p>` ``. Every value put in is text or an attribute and is escaped;
 * there is no way to put markup in as a string. Components are plain functions called in place, so their properties
 * are checked by the compiler: `` html`<div>${button({ label })}</div>` ``.
 */
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode = (
  htm as unknown as { bind(create: typeof h): (strings: TemplateStringsArray, ...values: unknown[]) => VNode }
).bind(h)

/** A tree as HTML text, with the doctype when its root is `<html>`. */
export function render(tree: Html): string {
  const text = renderToString(h('x-root', null, tree as VNode)).slice('<x-root>'.length, -'</x-root>'.length)
  return text.startsWith('<html') ? `<!doctype html>${text}` : text
}
