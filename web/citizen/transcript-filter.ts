import type { Request } from 'express'
import type { Source } from '../../lrs/index.ts'
import {
  FOUR_H,
  KINDS,
  type LineFilter,
  type MappingTopic,
  type Organisation,
  type Year,
} from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { type Option, select } from '../components/choice.ts'
import { details } from '../components/details.ts'
import { field } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { H_SHAPE, hWord, kindWord } from '../i18n/class.ts'
import { record } from '../i18n/messages/record.ts'
import { queryOf } from '../page.ts'
import type { View } from '../view.ts'

const NAMES = ['q', 'topic', 'kind', 'h', 'source', 'org', 'year', 'month'] as const
/** What was asked for, as written in the address. */
export type Asked = Record<(typeof NAMES)[number], string>
/** In an address: what no table names. */
const NONE = 'none'

export function askedOf(req: Request): Asked {
  return Object.fromEntries(NAMES.map((name) => [name, queryOf(req, name).trim().slice(0, 300)])) as Asked
}

/** The year alone is no filter: it is which figures are shown. */
export const asksNothing = (asked: Asked) => NAMES.every((name) => name === 'year' || !asked[name])

/** The record's address with what is asked for, changed by `more`. */
export function recordAddress(asked: Partial<Asked>, more: Partial<Asked> & { after?: string } = {}): string {
  const query = new URLSearchParams(Object.entries({ ...asked, ...more }).filter(([, value]) => value))
  return query.size > 0 ? `/me/transcript?${query}` : '/me/transcript'
}

/** What of it makes sense; the rest is as if it were not asked. An organisation tells what its sources tell. */
export function filterOf(asked: Asked, sources: readonly Source[]): LineFilter {
  const year = /^\d{4}$/.test(asked.year) ? Number(asked.year) : undefined
  const month = /^([1-9]|1[0-2])$/.test(asked.month) ? Number(asked.month) : undefined
  const one = <T extends string>(value: string, all: readonly T[]) =>
    value === NONE ? null : all.find((each) => each === value)
  const [kind, h] = [one(asked.kind, KINDS), one(asked.h, FOUR_H)]
  return {
    ...(asked.topic && { topic: asked.topic === NONE ? null : asked.topic }),
    ...(kind !== undefined && { kind }),
    ...(h !== undefined && { h }),
    ...(asked.source && { source: asked.source }),
    ...(asked.org && {
      sources: sources.filter(({ organisation }) => organisation === asked.org).map(({ id }) => id),
    }),
    ...(year !== undefined && { year, ...(month !== undefined && { month }) }),
    ...(asked.q && { words: asked.q }),
  }
}

/** A form that works without scripts; its fields combine. */
export function filterForm(
  view: View,
  props: {
    asked: Asked
    topics: readonly MappingTopic[]
    sources: readonly Source[]
    /** Those that have sources. */
    organisations: readonly Pick<Organisation, 'id' | 'name'>[]
    years: readonly Year[]
  },
): Html {
  const say = view.say(record)
  const { asked } = props
  const none = { value: NONE, label: say('unclassified') }
  const one = (name: keyof Asked, label: string, empty: string, options: readonly Option[]) =>
    select(view, { name, label, empty, options, value: asked[name], unmarked: true })
  const form = html`<form class="filters" method="get" action="/me/transcript">
    ${field(view, { name: 'q', label: say('filterWords'), help: say('filterWordsHelp'), type: 'search', value: asked.q, maxlength: 100, unmarked: true })}
    ${one('topic', say('filterTopic'), say('filterTopicAny'), [
      ...props.topics.map((topic) => ({ value: topic.id, label: topic[view.language] })),
      none,
    ])}
    ${one('kind', say('filterKind'), say('filterAny'), [
      ...KINDS.map((kind) => ({ value: kind, label: kindWord(view, kind) })),
      none,
    ])}
    ${one('h', say('filterH'), say('filterAny'), [
      ...FOUR_H.map((h) => ({ value: h, label: `${H_SHAPE[h]} ${hWord(view, h)}` })),
      none,
    ])}
    ${one(
      'source',
      say('filterSource'),
      say('filterSourceAny'),
      props.sources.map(({ id, name }) => ({ value: id, label: name })),
    )}
    ${
      props.organisations.length > 0 &&
      one(
        'org',
        say('filterOrganisation'),
        say('filterOrganisationAny'),
        props.organisations.map(({ id, name }) => ({ value: id, label: name })),
      )
    }
    ${one(
      'year',
      say('filterYear'),
      say('filterYearAny'),
      props.years.map(({ year }) => ({ value: String(year), label: String(year) })),
    )}
    ${one(
      'month',
      say('filterMonth'),
      say('filterMonthAny'),
      Array.from({ length: 12 }, (_, at) => ({
        value: String(at + 1),
        label: say('month', { month: at + 1 }),
      })),
    )}
    ${button(view, { label: say('filterDo'), icon: 'search' })}
    ${!asksNothing(asked) && buttonLink(view, { label: say('filterClear'), href: recordAddress({ year: asked.year }), kind: 'quiet' })}
  </form>`
  return details({ summary: say('filter'), body: form, open: !asksNothing(asked) })
}
