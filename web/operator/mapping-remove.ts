import { type MappingTopic, type MappingVersion, type Rule, ruleName } from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import { mapping } from '../i18n/messages/mapping.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { isWords, mappingAddress, type Preview, previewWords } from './mapping-frame.ts'

/** Says what will happen before it does. */
export function removePage(
  view: View,
  props: {
    tables: MappingVersion
    rule: Rule | undefined
    topic: MappingTopic | undefined
    preview: Preview | undefined
  },
): Html {
  const say = view.say(mapping)
  const { tables, rule, topic } = props
  const back = mappingAddress(rule?.tells ?? 'topics')
  const title = say(rule ? 'removeTitle' : 'removeTopicTitle')
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: back, label: say('title') } })}
      ${
        rule
          ? facts([
              [say('columnBy'), say(`by-${rule.by}`)],
              [say('columnIri'), html`<code>${rule.iri}</code>`],
              [say('columnIs'), isWords(view, tables.topics, rule)],
            ])
          : facts([
              [say('columnTopic'), topic?.[view.language] ?? ''],
              [say('columnIri'), html`<code>${topic?.id}</code>`],
            ])
      }
      ${props.preview && previewWords(view, props.preview)}
      <form class="row" method="post" action="/operator/mapping/remove">
        <input type="hidden" name="version" value=${tables.version} />
        ${rule && html`<input type="hidden" name="rule" value=${ruleName(rule)} />`}
        ${topic && !rule && html`<input type="hidden" name="topic" value=${topic.id} />`}
        ${button(view, { label: say('doRemove'), kind: 'danger' })}
        ${buttonLink(view, { label: view.say(common)('changeBack'), href: back, kind: 'quiet' })}
      </form>
    </div>`,
  })
}
