import { DEFAULT_SCOPES, SCOPES, type Scope } from '../../lrs/index.ts'
import type { Option } from '../components/choice.ts'
import { type Html, html } from '../html.ts'
import { lms } from '../i18n/messages/lms.ts'
import type { View } from '../view.ts'

/** Those that reach beyond the source itself. */
export const WIDER_SCOPES = SCOPES.filter((scope) => !DEFAULT_SCOPES.includes(scope))

export function scopeOptions(view: View, scopes: readonly Scope[]): Option[] {
  const say = view.say(lms)
  return scopes.map((scope) => ({
    value: scope,
    label: say(`scope-${scope}`),
    help: `${say(`scope-${scope}-help`)} (${scope})`,
  }))
}

/** In a few words: the usual ones, fewer, or beyond the source. */
export function scopesInShort(view: View, scopes: readonly Scope[]): string {
  const say = view.say(lms)
  if (scopes.some((scope) => WIDER_SCOPES.includes(scope))) return say('scopesWider')
  return scopes.length === DEFAULT_SCOPES.length
    ? say('scopesDefault')
    : say('scopesFewer', { count: scopes.length })
}

export function scopeList(view: View, scopes: readonly Scope[]): Html {
  const say = view.say(lms)
  return html`<ul class="plain">${scopes.map((scope) => html`<li>${say(`scope-${scope}`)} <code class="muted">${scope}</code></li>`)}</ul>`
}

/** The scopes among what a form sent, in their order. */
export function scopesIn(sent: unknown): Scope[] {
  const values = [sent].flat()
  return SCOPES.filter((scope) => values.includes(scope))
}
