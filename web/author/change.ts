import { type Request, Router } from 'express'
import type { Lesson, LessonDetails, LibraryRequest, PackageProblem } from '../../h5p/index.ts'
import type { Organisation } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { select } from '../components/choice.ts'
import { dialog } from '../components/dialog.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { report } from '../i18n/messages/report.ts'
import { topicOptions } from '../i18n/topics.ts'
import { nameOf } from '../organisations/frame.ts'
import { go, page, paramOf, type Reply, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage, notYoursPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { detailErrors, minutesField, minutesOf } from './details.ts'
import { authorPage } from './frame.ts'
import { mayChangeLesson, organisationsToWriteFor } from './lesson-rights.ts'
import { libraryNotice } from './library-notice.ts'
import { stateBadge } from './list.ts'
import { reportAddress } from './report-page.ts'

const addressOf = (lesson: Lesson) => `/author/${encodeURIComponent(lesson.id)}`

export function changeRoutes(services: WebServices): Router {
  const store = services.host.lessons

  /** Hands over a lesson that the reader may change. */
  const own = (handler: (view: View, lesson: Lesson, req: Request) => Reply | Promise<Reply>) =>
    page(async (view, req) => {
      const lesson = await store.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      if (!(await mayChangeLesson(view, services, lesson))) return show(notYoursPage(view), 403)
      return handler(view, lesson, req)
    })

  async function shown(
    view: View,
    lesson: Lesson,
    sent: Sent,
    errors: readonly FieldError[],
    status = 200,
  ): Promise<Reply> {
    const { organisation: id } = lesson
    const [organisation, choices, request] = await Promise.all([
      id === undefined ? null : services.organisations.get(id),
      id === undefined ? organisationsToWriteFor(view, services) : [],
      services.host.libraries.request(lesson.draft.content),
    ])
    return show(lessonPage(view, { lesson, sent, errors, organisation, choices, request }), status)
  }
  const refused = (view: View, lesson: Lesson, refusal: { status: number; problems: PackageProblem[] }) =>
    shown(view, lesson, sentOf(lesson), detailErrors(view, refusal.problems), refusal.status)

  return Router()
    .get(
      '/:id',
      own((view, lesson) => shown(view, lesson, sentOf(lesson), [])),
    )
    .post(
      '/:id',
      own(async (view, lesson, req) => {
        const sent = {
          title: textOf(req, 'title'),
          topic: textOf(req, 'topic'),
          description: textOf(req, 'description'),
          language: textOf(req, 'language') || lesson.language,
          minutes: textOf(req, 'minutes'),
        }
        if (!sent.title) {
          const errors = [{ field: 'title', message: view.say(author)('titleMissing') }]
          return shown(view, lesson, sent, errors, 400)
        }
        const { topic, ...said } = sent
        const changed = await store.describe(lesson.id, {
          ...said,
          topics: topic ? [topic] : [],
          minutes: minutesOf(sent.minutes),
        })
        if ('ok' in changed) {
          const errors = detailErrors(view, changed.problems)
          return shown(view, lesson, sent, errors, changed.status)
        }
        return go(addressOf(lesson), { message: view.say(author)('saved') })
      }),
    )
    .post(
      '/:id/organisation',
      own(async (view, lesson, req) => {
        // It stays with the organisation that it was written for.
        if (lesson.organisation !== undefined) return go(addressOf(lesson))
        const choices = await organisationsToWriteFor(view, services)
        const chosen = choices.find(({ id }) => id === textOf(req, 'organisation'))
        if (!chosen) {
          const errors = [{ field: 'organisation', message: view.say(author)('organisationMissing') }]
          return shown(view, lesson, sentOf(lesson), errors, 400)
        }
        const changed = await store.move(lesson.id, chosen.id, viewerOf(view).id)
        if ('ok' in changed) return refused(view, lesson, changed)
        return go(addressOf(lesson), { message: view.say(author)('saved') })
      }),
    )
    .post(
      '/:id/publish',
      own(async (view, lesson) => {
        const done = await store.publish(lesson.id, { by: viewerOf(view).id })
        if ('ok' in done) return refused(view, lesson, done)
        return go(addressOf(lesson), {
          message: view.say(author)('publishedToast', { title: lesson.title }),
          undo: { action: `${addressOf(lesson)}/unpublish` },
        })
      }),
    )
    .post(
      '/:id/unpublish',
      own(async (view, lesson) => {
        const done = await store.unpublish(lesson.id)
        if ('ok' in done) return refused(view, lesson, done)
        return go(addressOf(lesson), {
          message: view.say(author)('unpublishedToast', { title: lesson.title }),
          undo: { action: `${addressOf(lesson)}/put-back` },
        })
      }),
    )
    .post(
      '/:id/put-back',
      own(async (view, lesson) => {
        const done = await store.putBack(lesson.id)
        if ('ok' in done) return refused(view, lesson, done)
        return go(addressOf(lesson), {
          message: view.say(author)('publishedToast', { title: lesson.title }),
          undo: { action: `${addressOf(lesson)}/unpublish` },
        })
      }),
    )
    .get(
      '/:id/delete',
      own((view, lesson) => show(deletePage(view, lesson))),
    )
    .post(
      '/:id/delete',
      own(async (view, lesson) => {
        await store.remove(lesson.id)
        return go('/author', { message: view.say(author)('deletedToast', { title: lesson.title }) })
      }),
    )
}

/** The details as the form holds them. */
type Sent = Record<'title' | 'topic' | 'description' | 'language' | 'minutes', string>

const sentOf = ({ draft: { details } }: Lesson): Sent => sentDetails(details)
const sentDetails = ({ title, topics, description, language, minutes }: LessonDetails): Sent => ({
  title,
  topic: topics[0] ?? '',
  description,
  language,
  minutes: minutes ? String(minutes) : '',
})

function lessonPage(
  view: View,
  props: {
    lesson: Lesson
    sent: Sent
    errors: readonly FieldError[]
    organisation: Organisation | null
    choices: readonly Organisation[]
    request: LibraryRequest | null
  },
): Html {
  const say = view.say(author)
  const { lesson, sent, errors, request } = props
  const waits = request !== null && request.state !== 'done'
  const address = addressOf(lesson)
  const draft = lesson.status !== 'published'
  return authorPage(view, {
    title: lesson.title,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: lesson.title, back: { href: '/author', label: say('placeLessons') } })}
        <div class="row">
          ${stateBadge(view, lesson)}
          <span class="muted">${
            draft
              ? lesson.withdrawn
                ? say('withdrawnState', { date: view.format.date(lesson.withdrawn) })
                : say('draftState')
              : say('publishedState', { date: view.format.date(lesson.published ?? 0) })
          }</span>
        </div>
        ${(waits || draft) && libraryNotice(view, request)}
        <div class="row">
          ${
            draft && !waits
              ? act(view, { label: say('publish'), action: `${address}/publish`, kind: 'primary' })
              : !draft && act(view, { label: say('unpublish'), action: `${address}/unpublish` })
          }
          ${
            draft
              ? !waits &&
                buttonLink(view, {
                  label: say('preview'),
                  href: `/lessons/${encodeURIComponent(lesson.id)}/play`,
                  icon: 'play',
                })
              : buttonLink(view, {
                  label: say('openPage'),
                  href: `/lessons/${encodeURIComponent(lesson.id)}`,
                })
          }
          ${
            lesson.latest > 0 &&
            buttonLink(view, {
              label: view.say(report)('open'),
              href: reportAddress(lesson.id, null),
            })
          }
        </div>
      </section>
      <section class="stack">
        <h2>${say('editTitle')}</h2>
        ${errorSummary(view, errors)}
        <form class="form" method="post" action=${address} novalidate>
          ${field(view, {
            name: 'title',
            label: say('titleField'),
            value: sent.title,
            required: true,
            maxlength: 200,
            error: errorOf(errors, 'title'),
          })}
          ${select(view, {
            name: 'topic',
            label: say('topicField'),
            empty: say('topicChoose'),
            options: topicOptions(view),
            value: sent.topic,
            error: errorOf(errors, 'topic'),
          })}
          ${field(view, {
            name: 'description',
            label: say('description'),
            help: say('descriptionHelp'),
            value: sent.description,
            rows: 4,
            maxlength: 2000,
            error: errorOf(errors, 'description'),
          })}
          ${minutesField(view, sent.minutes, errors)}
          ${select(view, {
            name: 'language',
            label: say('languageField'),
            required: true,
            options: languageOptions(lesson.language),
            value: sent.language,
            error: errorOf(errors, 'language'),
          })}
          <div class="row">${button(view, { label: say('save'), kind: draft ? 'plain' : 'primary' })}</div>
        </form>
      </section>
      <section class="stack">
        ${facts([
          [say('content'), html`<code>${lesson.library}</code>`],
          [say('columnCreated'), view.format.dateTime(lesson.created)],
          ...(props.organisation
            ? [[say('organisationField'), nameOf(view, props.organisation)] as const]
            : []),
        ])}
        ${
          props.choices.length > 0 &&
          html`<form class="form" method="post" action=${`${address}/organisation`} novalidate>
            ${select(view, {
              name: 'organisation',
              label: say('organisationField'),
              help: say('organisationStays'),
              required: true,
              empty: say('organisationChoose'),
              options: props.choices.map((each) => ({ value: each.id, label: nameOf(view, each) })),
              error: errorOf(errors, 'organisation'),
            })}
            <div class="row">${button(view, { label: say('organisationDo') })}</div>
          </form>`
        }
        ${buttonLink(view, { label: say('delete'), href: `${address}/delete`, kind: 'danger', icon: 'trash', dialog: 'delete' })}
        ${dialog(view, {
          id: 'delete',
          title: say('deleteTitle', { title: lesson.title }),
          body: say('deleteBody'),
          action: act(view, { label: say('deleteDo'), action: `${address}/delete`, kind: 'danger' }),
        })}
      </section>
    </div>`,
  })
}

/** Named in themselves, as a reader looks for them; the lesson's own tag is kept when it is another. */
function languageOptions(current: string) {
  const options = [
    { value: 'vi', label: 'Tiếng Việt' },
    { value: 'en', label: 'English' },
  ]
  return options.some(({ value }) => value === current)
    ? options
    : [...options, { value: current, label: current }]
}

function deletePage(view: View, lesson: Lesson): Html {
  const say = view.say(author)
  const title = say('deleteTitle', { title: lesson.title })
  return authorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('deleteBody'), back: { href: addressOf(lesson), label: lesson.title } })}
      ${act(view, { label: say('deleteDo'), action: `${addressOf(lesson)}/delete`, kind: 'danger', icon: 'trash' })}
    </div>`,
  })
}
