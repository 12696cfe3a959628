import type { MappingJob, MappingTopic, MappingVersion, Rule, Told } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { progress } from '../components/progress.ts'
import { table } from '../components/table.ts'
import { tabs } from '../components/tabs.ts'
import { type Html, html } from '../html.ts'
import { mapping } from '../i18n/messages/mapping.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { isWords, mappingAddress, ruleId, TABS, type Tab } from './mapping-frame.ts'

const PAGE = 50

interface Props {
  tab: Tab
  tables: MappingVersion
  job: MappingJob | null
  versions: readonly MappingVersion[]
  /** Names of the people who made them. */
  names: ReadonlyMap<string, string>
  from: number
  query: string
}

export function mappingPage(view: View, props: Props): Html {
  const say = view.say(mapping)
  const { tab, tables } = props
  const isRules = tab !== 'topics' && tab !== 'versions'
  return operatorPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        action:
          tab === 'versions'
            ? null
            : buttonLink(view, {
                label: say(isRules ? 'addRule' : 'addTopic'),
                href: isRules ? `/operator/mapping/rule?tells=${tab}` : '/operator/mapping/topic',
                kind: 'primary',
                icon: 'plus',
              }),
      })}
      ${jobWords(view, props)}
      ${tabs({
        label: say('tabs'),
        items: TABS.map((each) => ({
          href: mappingAddress(each),
          label: say(`tab-${each}`),
          current: each === tab,
        })),
      })}
      ${
        tab === 'topics'
          ? topicTable(view, tables)
          : tab === 'versions'
            ? versionTable(view, props)
            : ruleSection(view, { ...props, tab })
      }
    </div>`,
  })
}

function jobWords(view: View, { tables, job, tab }: Props): Html {
  const say = view.say(mapping)
  if (job === null || job.finished !== null) {
    const date = view.format.dateTime(job?.finished ?? tables.at)
    return html`<p class="muted">${
      job === null
        ? say('version', { version: tables.version, date })
        : say('worked', { total: job.done, version: job.version, date })
    }</p>`
  }
  const now = say('working', { version: job.version, done: job.done, total: job.total })
  return html`<div class="stack tight">
    ${progress(view, { label: say('title'), share: job.done / Math.max(1, job.total), now })}
    <div class="row">${buttonLink(view, { label: say('reload'), href: mappingAddress(tab), kind: 'quiet', icon: 'reload' })}</div>
  </div>`
}

function ruleSection(view: View, { tab, tables, from, query }: Props & { tab: Told }): Html {
  const say = view.say(mapping)
  const words = query.toLowerCase()
  const rules = tables.rules.filter(
    (rule) =>
      rule.tells === tab &&
      (words === '' || `${rule.iri} ${rule.why} ${rule.is}`.toLowerCase().includes(words)),
  )
  const more = query === '' ? {} : { q: query }
  const find = html`<form class="filters" method="get" action="/operator/mapping">
    <input type="hidden" name="tab" value=${tab} />
    ${field(view, { name: 'q', label: say('find'), type: 'search', value: query, unmarked: true })}
    ${button(view, { label: say('findDo'), icon: 'search' })}
    ${query !== '' && buttonLink(view, { label: say('clear'), href: mappingAddress(tab), kind: 'quiet' })}
  </form>`
  if (rules.length === 0)
    return html`${find}${emptyState(
      query === ''
        ? { title: say('ruleNone'), body: say(tab === 'same' ? 'order-same' : 'ruleNoneBody') }
        : { title: say('ruleNotFound'), body: say('ruleNotFoundBody') },
    )}`
  return html`${find}
    <p class="muted">${say(`order-${tab}`)}</p>
    ${ruleTable(view, tables.topics, rules.slice(from, from + PAGE), say(`tab-${tab}`))}
    ${pager(view, {
      next: from + PAGE < rules.length ? mappingAddress(tab, { ...more, from: String(from + PAGE) }) : null,
      first: from > 0 ? mappingAddress(tab, more) : null,
    })}`
}

function ruleTable(
  view: View,
  topics: readonly MappingTopic[],
  rules: readonly Rule[],
  caption: string,
): Html {
  const say = view.say(mapping)
  return table({
    caption,
    columns: [
      { label: say('columnIri'), cell: (rule: Rule) => html`<code>${rule.iri}</code>` },
      { label: say('columnBy'), cell: (rule) => say(`by-${rule.by}`) },
      { label: say('columnIs'), cell: (rule) => isWords(view, topics, rule) },
      { label: say('columnWhy'), cell: ({ why }) => html`<span class="small">${why}</span>` },
      {
        label: say('columnDo'),
        cell: (rule) => html`<div class="row">
          ${buttonLink(view, { label: say('edit'), href: `/operator/mapping/rule?rule=${ruleId(rule)}`, kind: 'quiet' })}
          ${buttonLink(view, { label: say('remove'), href: `/operator/mapping/remove?rule=${ruleId(rule)}`, kind: 'quiet' })}
        </div>`,
      },
    ],
    rows: rules,
  })
}

function topicTable(view: View, { topics, rules }: MappingVersion): Html {
  const say = view.say(mapping)
  const uses = (id: string) => rules.filter(({ tells, is }) => tells === 'topic' && is === id).length
  const query = (id: string) => new URLSearchParams({ topic: id })
  return table({
    caption: say('tab-topics'),
    columns: [
      {
        label: say('columnTopic'),
        cell: (topic: MappingTopic) =>
          html`${topic[view.language]}${
            topic.sample && html`<br /><span class="muted small">${say('sample')}</span>`
          }`,
      },
      { label: say('columnIri'), cell: ({ id }) => html`<code>${id}</code>` },
      { label: say('columnRules'), cell: ({ id }) => view.format.number(uses(id)), end: true },
      {
        label: say('columnDo'),
        cell: ({ id }) => html`<div class="row">
          ${buttonLink(view, { label: say('edit'), href: `/operator/mapping/topic?${query(id)}`, kind: 'quiet' })}
          ${
            uses(id) === 0 &&
            buttonLink(view, {
              label: say('remove'),
              href: `/operator/mapping/remove?${query(id)}`,
              kind: 'quiet',
            })
          }
        </div>`,
      },
    ],
    rows: topics,
  })
}

function versionTable(view: View, { tables, versions, names }: Props): Html {
  const say = view.say(mapping)
  return table({
    caption: say('tab-versions'),
    columns: [
      { label: say('columnVersion'), cell: ({ version }: MappingVersion) => view.format.number(version) },
      { label: say('columnNote'), cell: ({ note }) => html`<code>${note}</code>` },
      {
        label: say('columnBy2'),
        cell: ({ by }) => (by === 'product' ? say('byProduct') : (names.get(by) ?? by)),
      },
      {
        label: say('columnAt'),
        cell: ({ at }) =>
          html`<time datetime=${new Date(at).toISOString()}>${view.format.dateTime(at)}</time>`,
      },
      {
        label: say('columnDo'),
        cell: ({ version }) =>
          version === tables.version
            ? say('now')
            : act(view, {
                label: say('restore'),
                action: '/operator/mapping/restore',
                fields: { restore: String(version), version: String(tables.version) },
              }),
      },
    ],
    rows: versions,
  })
}
