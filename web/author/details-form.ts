import { AUDIENCES, type Audience, type DraftChange, type Lesson, LICENCES } from '../../h5p/index.ts'
import { button } from '../components/button.ts'
import { checkboxes, type Option, select } from '../components/choice.ts'
import { errorOf, type FieldError, field } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicOptions } from '../i18n/topics.ts'
import type { View } from '../view.ts'
import { minutesField, minutesOf } from './details.ts'
import { addressOf, savesFirst } from './lesson-frame.ts'

/** The details as the form holds them. */
export interface Sent {
  title: string
  topics: string[]
  audience: string[]
  description: string
  language: string
  minutes: string
  licence: string
  authors: string
  source: string
}

export function sentOf({ draft: { details } }: Lesson): Sent {
  const { title, topics, audience, description, language, minutes, licence, authors, source = '' } = details
  return {
    title,
    topics,
    audience,
    description,
    language,
    minutes: minutes ? String(minutes) : '',
    licence: licence ? licenceValue(licence.code, licence.version) : '',
    authors: authors.map(({ name }) => name).join('\n'),
    source,
  }
}

/** What is sent, as a change of the draft. Roles of authors stay with their names. */
export function changeOf(sent: Sent, { draft: { details } }: Lesson): DraftChange {
  const [code = '', version] = sent.licence.split('|')
  const names = sent.authors
    .split('\n')
    .map((name) => name.trim())
    .filter(Boolean)
  return {
    title: sent.title,
    topics: sent.topics,
    audience: sent.audience as Audience[],
    description: sent.description,
    language: sent.language,
    minutes: minutesOf(sent.minutes),
    licence: code === '' ? null : { code, ...(version && { version }) },
    authors: names.map((name) => details.authors.find((each) => each.name === name) ?? { name }),
    source: sent.source || null,
  }
}

export function detailsForm(view: View, lesson: Lesson, sent: Sent, errors: readonly FieldError[]): Html {
  const say = view.say(author)
  const say2 = view.say(words)
  const given = (name: Exclude<keyof Sent, 'topics' | 'audience'>) => ({
    name,
    value: sent[name],
    error: errorOf(errors, name),
  })
  return html`<form class="form" method="post" action=${addressOf(lesson)} novalidate>
    ${field(view, { ...given('title'), label: say('titleField'), required: true, maxlength: 200 })}
    ${field(view, { ...given('description'), label: say('description'), help: say('descriptionHelp'), rows: 4, maxlength: 2000 })}
    ${checkboxes(view, {
      name: 'topics',
      label: say('topicField'),
      help: say2('topicsHelp'),
      options: topicOptions(view),
      values: sent.topics,
      error: errorOf(errors, 'topics'),
    })}
    ${checkboxes(view, {
      name: 'audience',
      label: say2('audienceField'),
      options: AUDIENCES.map((value) => ({ value, label: view.say(lessons)(`audience-${value}`) })),
      values: sent.audience,
      error: errorOf(errors, 'audience'),
    })}
    ${minutesField(view, sent.minutes, errors)}
    ${select(view, { ...given('language'), label: say('languageField'), required: true, options: languageOptions(lesson.draft.details.language) })}
    ${select(view, {
      ...given('licence'),
      label: say2('licenceField'),
      help: say2('licenceHelp'),
      unmarked: true,
      empty: say2('licenceChoose'),
      options: licenceOptions(view, sent.licence),
    })}
    ${field(view, { ...given('authors'), label: say2('authorsField'), help: say2('authorsHelp'), rows: 2, maxlength: 4000 })}
    ${field(view, { ...given('source'), label: say2('sourceField'), help: say2('sourceHelp'), inputmode: 'url', maxlength: 1000 })}
    <div class="row">${button(view, { label: say('save'), kind: savesFirst(lesson) ? 'primary' : 'plain' })}</div>
  </form>`
}

const licenceValue = (code: string, version?: string) => (version ? `${code}|${version}` : code)

/** The newest version of each licence; an older one where the lesson has it. */
function licenceOptions(view: View, now: string): Option[] {
  const say = view.say(words)
  const offered = Object.entries(LICENCES).map(([code, [newest]]) => ({
    value: licenceValue(code, newest),
    label: say(`licence-${code.replaceAll(' ', '-')}` as Parameters<typeof say>[0]),
  }))
  if (now === '' || offered.some(({ value }) => value === now)) return offered
  return [{ value: now, label: now.replace('|', ' ') }, ...offered]
}

/** Named in themselves, as a reader looks for them; the lesson's own tag is kept when it is another. */
function languageOptions(current: string): Option[] {
  const options = [
    { value: 'vi', label: 'Tiếng Việt' },
    { value: 'en', label: 'English' },
  ]
  return options.some(({ value }) => value === current)
    ? options
    : [...options, { value: current, label: current }]
}
