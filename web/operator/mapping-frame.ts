import { createHash } from 'node:crypto'
import { type H, type Kind, type MappingTopic, type Rule, ruleName } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { H_SHAPE, hWord, kindWord, topicWord } from '../i18n/class.ts'
import { mapping } from '../i18n/messages/mapping.ts'
import { go } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

export const TABS = ['topic', 'kind', 'h', 'same', 'topics', 'versions'] as const
export type Tab = (typeof TABS)[number]

/** Names a rule in an address: IRIs are long. */
export const ruleId = (rule: Pick<Rule, 'tells' | 'by' | 'iri'>) =>
  createHash('sha256').update(ruleName(rule)).digest('base64url').slice(0, 16)

export const mappingAddress = (tab: Tab, more: Readonly<Record<string, string>> = {}) =>
  `/operator/mapping?${new URLSearchParams({ tab, ...more })}`

/** What a rule tells, in words. */
export function isWords(view: View, topics: readonly MappingTopic[], rule: Rule): Html {
  if (rule.tells === 'topic') return topicWord(view, topics, rule.is)
  if (rule.tells === 'kind') return kindWord(view, rule.is as Kind)
  if (rule.tells === 'same') return html`<code>${rule.is}</code>`
  return html`<span class="nowrap"><span aria-hidden="true">${H_SHAPE[rule.is as H]} </span>${hWord(view, rule.is as H)}</span>`
}

export interface Preview {
  looked: number
  changed: number
  total: number
}

/** What a change would do. */
export function previewWords(view: View, preview: Preview): Html {
  const say = view.say(mapping)
  const words = preview.looked < preview.total ? 'preview' : 'previewAll'
  return html`<p><strong>${say(words, { ...preview })}</strong></p><p class="muted">${say('previewThen')}</p>`
}

type Done = Awaited<ReturnType<WebServices['mapping']['change']>>

/** After a change: back to the table, with the way back, or with what kept it from happening. */
export function answer(view: View, done: Done, tab: Tab) {
  const say = view.say(mapping)
  if ('problems' in done) return go(mappingAddress(tab), { message: refusalWords(view, done) })
  return go(mappingAddress(tab), {
    message: say('saved', { version: done.version }),
    undo: {
      action: '/operator/mapping/restore',
      fields: { restore: String(done.version - 1), version: String(done.version) },
    },
  })
}

/** A refusal in the reader's words; its own English where there are none. */
export function refusalWords(view: View, { problems }: Extract<Done, { problems: unknown }>): string {
  const problem = problems[0]
  const words: Readonly<Record<string, string>> = mapping[view.language]
  return (problem && words[problem.id]) ?? problem?.message ?? ''
}
