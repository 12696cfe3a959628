import { type Request, Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { facts } from '../components/card.ts'
import type { FieldError } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { nameOf } from '../organisations/frame.ts'
import { go, type Reply, show, textOf, textsOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { coverSection } from './cover.ts'
import { detailErrors } from './details.ts'
import { changeOf, detailsForm, type Sent, sentOf } from './details-form.ts'
import { addressOf, lessonPage, ownLesson } from './lesson-frame.ts'

/** What is said of a lesson. */
export function changeRoutes(services: WebServices): Router {
  const own = ownLesson(services)
  return Router()
    .get(
      '/:id',
      own((view, lesson) => detailsPage(view, services, lesson, {})),
    )
    .post(
      '/:id',
      own(async (view, lesson, req) => {
        const sent = sentBy(req, lesson)
        const back = (errors: readonly FieldError[], status: number) =>
          detailsPage(view, services, lesson, { sent, errors, status })
        if (!sent.title) return back([{ field: 'title', message: view.say(author)('titleMissing') }], 400)
        const changed = await services.host.lessons.describe(lesson.id, changeOf(sent, lesson))
        if ('ok' in changed) return back(detailErrors(view, changed.problems), changed.status)
        return go(addressOf(lesson), { message: view.say(author)('saved') })
      }),
    )
}

/** The page of the details; errors may come from publishing, which they keep from it. */
export async function detailsPage(
  view: View,
  services: WebServices,
  lesson: Lesson,
  props: { sent?: Sent; errors?: readonly FieldError[]; status?: number; note?: string; alt?: string },
): Promise<Reply> {
  const { errors = [], status = 200, note = '' } = props
  const { organisation: id } = lesson
  const organisation = id === undefined ? null : await services.organisations.get(id)
  const say = view.say(author)
  const rows: [string, Html][] = [
    [say('content'), html`<code>${lesson.draft.library}</code>`],
    [say('columnCreated'), view.format.dateTime(lesson.created)],
  ]
  if (organisation) rows.push([say('organisationField'), nameOf(view, organisation)])
  const body = html`<section class="stack">
    <h2>${view.say(words)('tabDetails')}</h2>
    ${detailsForm(view, lesson, props.sent ?? sentOf(lesson), errors)}
    ${facts(rows)}
  </section>
  ${coverSection(view, lesson, { errors, alt: props.alt })}`
  return show(await lessonPage(view, services, lesson, { tab: 'details', errors, note, body }), status)
}

function sentBy(req: Request, lesson: Lesson): Sent {
  return {
    title: textOf(req, 'title'),
    topics: textsOf(req, 'topics'),
    audience: textsOf(req, 'audience'),
    description: textOf(req, 'description'),
    language: textOf(req, 'language') || lesson.draft.details.language,
    minutes: textOf(req, 'minutes'),
    licence: textOf(req, 'licence'),
    authors: textOf(req, 'authors'),
    source: textOf(req, 'source'),
  }
}
