import type { Level } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { record } from '../i18n/messages/record.ts'
import type { Icon } from '../icons.ts'
import type { View } from '../view.ts'
import { icon } from './icon.ts'

/** A state in one word. */
export function badge(
  view: View,
  props: { label: string; tone?: 'good' | 'waiting' | 'bad' | 'neutral'; icon?: Icon },
): Html {
  return html`<span class=${`badge ${props.tone ?? 'neutral'}`}>${props.icon && icon(view, props.icon)}${props.label}</span>`
}

/** How far a line of the record can be trusted, and who said it. */
export function sourceBadge(view: View, props: { level: Level; source?: string | undefined }): Html {
  const say = view.say(record)
  return html`<span class=${`badge ${props.level}`} title=${say(`level-${props.level}-long`)}>${icon(view, props.level)}${say(
    `level-${props.level}`,
  )}</span>${props.source && html` <span>${props.source}</span>`}`
}
