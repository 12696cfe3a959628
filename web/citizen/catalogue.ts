import { Router } from 'express'
import { AUDIENCES, type Lesson, type Wanted } from '../../h5p/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { cards } from '../components/card.ts'
import { select } from '../components/choice.ts'
import { details } from '../components/details.ts'
import { emptyState } from '../components/empty-state.ts'
import { field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { unsentPanel } from '../components/unsent.ts'
import { type Html, html } from '../html.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicOptions } from '../i18n/topics.ts'
import { citizenPage } from '../layout.ts'
import { page, queryOf, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { lessonCard } from './lesson-card.ts'

const PAGE = 20
const MAX_QUERY = 100
const MOST_UNFINISHED = 5
/** Minutes of each. */
const LENGTHS = { short: { to: 10 }, middle: { from: 11, to: 30 }, long: { from: 31 } } as const
type Length = keyof typeof LENGTHS
/** In which there are lessons; others are found without choosing. */
const LANGUAGES = ['vi', 'en'] as const
const FILTERS = ['topic', 'audience', 'length', 'language'] as const
type Filter = (typeof FILTERS)[number]

/** What is asked for, as the address says it; '' where nothing is. */
type Asked = Record<Filter | 'q', string>

export function catalogueRoutes({ host }: WebServices): Router {
  return Router().get(
    '/lessons',
    page(async (view, req) => {
      const asked = {
        q: queryOf(req, 'q').trim().slice(0, MAX_QUERY),
        topic: queryOf(req, 'topic'),
        audience: oneOf(AUDIENCES, queryOf(req, 'audience')),
        length: oneOf(Object.keys(LENGTHS) as Length[], queryOf(req, 'length')),
        language: oneOf(LANGUAGES, queryOf(req, 'language')),
      }
      const after = queryOf(req, 'after')
      const { q, topic, audience, length, language } = asked
      const wanted: Wanted = {
        ...(q && { query: q }),
        ...(topic && { topic }),
        ...(audience && { audience }),
        ...(length && { minutes: LENGTHS[length] }),
        ...(language && { language }),
      }
      const found = await host.lessons.published({ limit: PAGE, ...wanted, ...(after && { after }) })
      const isStart = !after && Object.values(asked).every((value) => !value)
      const begun =
        view.viewer && isStart ? await host.unfinished(view.viewer.id, { limit: MOST_UNFINISHED }) : []
      return show(
        cataloguePage(view, { ...found, asked, begun, later: after !== '', queue: host.queueScript }),
      )
    }),
  )
}

function oneOf<T extends string>(allowed: readonly T[], value: string): T | '' {
  return allowed.find((each) => each === value) ?? ''
}

function cataloguePage(
  view: View,
  props: {
    lessons: readonly Lesson[]
    next: string | null
    asked: Asked
    begun: readonly Lesson[]
    later: boolean
    queue: string
  },
): Html {
  const say = view.say(lessons)
  const { asked, begun, later } = props
  const found =
    props.lessons.length > 0
      ? cards(props.lessons.map((lesson) => lessonCard(view, lesson, begun.length > 0 ? 3 : 2)))
      : nothingFound(view, asked, props.next !== null)
  return citizenPage(view, {
    title: say('listTitle'),
    ...(view.owner && { scripts: ['unsent'] }),
    body: html`<div class="stack">
      ${heading(view, { title: say('listTitle'), lead: say('listLead') })}
      ${view.owner && unsentPanel(view, props.queue)}
      ${
        begun.length > 0 &&
        html`<section class="stack">
          <h2>${say('begunTitle')}</h2>
          ${cards(begun.map((lesson) => lessonCard(view, lesson, 3)))}
          <h2>${say('allTitle')}</h2>
        </section>`
      }
      ${searchForm(view, asked)}
      ${found}
      ${pager(view, { next: props.next && address(asked, props.next), first: later ? address(asked) : null })}
    </div>`,
  })
}

function searchForm(view: View, asked: Asked): Html {
  const say = view.say(lessons)
  const choose = (name: Filter, label: string, empty: string, options: { value: string; label: string }[]) =>
    select(view, { name, label, empty, options, value: asked[name], unmarked: true })
  return html`<form class="filters wide" method="get" action="/lessons" role="search">
    ${field(view, {
      name: 'q',
      label: say('searchField'),
      help: say('searchHelp'),
      type: 'search',
      value: asked.q,
      maxlength: MAX_QUERY,
      unmarked: true,
    })}
    ${button(view, { label: say('searchDo'), icon: 'search' })}
    ${details({
      summary: say('filters'),
      open: FILTERS.some((name) => asked[name]),
      body: html`<div class="filters">${choose('topic', say('topicField'), say('topicAll'), topicOptions(view))}
    ${choose(
      'audience',
      say('audienceField'),
      say('audienceAll'),
      AUDIENCES.filter((each) => each !== 'everyone').map((value) => ({
        value,
        label: say(`audience-${value}`),
      })),
    )}
    ${choose(
      'length',
      say('lengthField'),
      say('lengthAll'),
      (Object.keys(LENGTHS) as Length[]).map((value) => ({ value, label: say(`length-${value}`) })),
    )}
    ${choose(
      'language',
      say('languageField'),
      say('languageAll'),
      LANGUAGES.map((value) => ({ value, label: say(`language-${value}`) })),
    )}</div>`,
    })}
  </form>`
}

function address(asked: Partial<Asked>, after?: string): string {
  const said = Object.entries({ ...asked, after }).filter((each): each is [string, string] =>
    Boolean(each[1]),
  )
  return said.length > 0 ? `/lessons?${new URLSearchParams(said)}` : '/lessons'
}

/** Why the list is empty, and what to do next. */
function nothingFound(view: View, asked: Asked, more: boolean): Html {
  const say = view.say(lessons)
  const all = buttonLink(view, { label: say('allLessons'), href: '/lessons' })
  const { q: query } = asked
  if (more) return emptyState({ title: say('noneYet'), body: say('noneYetBody') })
  const filtered = FILTERS.filter((name) => asked[name])
  if (query && filtered.length > 0)
    return emptyState({
      title: say('searchEmpty', { query }),
      body: say('searchEmptyFilters'),
      action: buttonLink(view, { label: say('searchAll'), href: address({ q: query }) }),
    })
  if (query)
    return emptyState({ title: say('searchEmpty', { query }), body: say('searchEmptyBody'), action: all })
  if (filtered.length === 1 && asked.topic)
    return emptyState({ title: say('topicEmpty'), body: say('topicEmptyBody'), action: all })
  if (filtered.length > 0)
    return emptyState({ title: say('filtersEmpty'), body: say('filtersEmptyBody'), action: all })
  return emptyState({ title: say('listEmpty'), body: say('listEmptyBody') })
}
