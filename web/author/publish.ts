import { Router } from 'express'
import type { Lesson, PackageProblem } from '../../h5p/index.ts'
import { playPage } from '../citizen/play.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { go, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { Toast, View } from '../view.ts'
import { detailsPage } from './change.ts'
import { detailErrors } from './details.ts'
import { addressOf, ownLesson } from './lesson-frame.ts'
import { refusedRule } from './rule.ts'

/** What makes a lesson be learned by others, or no more. */
export function publishRoutes(services: WebServices): Router {
  const own = ownLesson(services)
  const store = services.host.lessons

  const refused = (
    view: View,
    lesson: Lesson,
    refusal: { status: number; problems: PackageProblem[] },
    note = '',
  ) =>
    refusal.problems[0]?.path === 'mode'
      ? refusedRule(view, services, lesson, refusal)
      : detailsPage(view, services, lesson, {
          errors: detailErrors(view, refusal.problems),
          status: refusal.status,
          note,
        })

  /** A step that can be taken back by another. */
  const step = (
    does: (id: string) => ReturnType<typeof store.unpublish>,
    toast: (view: View, lesson: Lesson) => Toast,
  ) =>
    own(async (view, lesson) => {
      const done = await does(lesson.id)
      if ('ok' in done) return refused(view, lesson, done)
      return go(addressOf(lesson), toast(view, lesson))
    })
  const undoneBy = (lesson: Lesson, path: string) => ({ action: `${addressOf(lesson)}/${path}` })
  const title = (lesson: Lesson) => ({ title: lesson.draft.details.title })

  return Router()
    .get(
      '/:id/preview',
      own(async (view, lesson) => {
        const play = await services.host.play(lesson.id, viewerOf(view).id, { mayPreview: true, draft: true })
        if ('ok' in play) return show(notFoundPage(view), play.status)
        return show(playPage(view, { lesson, play, host: services.host }))
      }),
    )
    .post(
      '/:id/publish',
      own(async (view, lesson, req) => {
        const note = textOf(req, 'note')
        const done = await store.publish(lesson.id, { by: viewerOf(view).id, note })
        if ('ok' in done) return refused(view, lesson, done, note)
        const first = done.latest === 1
        const message = first
          ? view.say(author)('publishedToast', { title: done.title })
          : view.say(words)('publishedNextToast', { title: done.title, version: done.latest })
        return go(addressOf(lesson), { message, ...(first && { undo: undoneBy(lesson, 'unpublish') }) })
      }),
    )
    .post(
      '/:id/publish-anew',
      own(async (view, lesson) => {
        const done = await store.publishAnew(lesson.id, { by: viewerOf(view).id })
        if ('ok' in done) return refused(view, lesson, done)
        const message = view.say(words)('publishedNextToast', { title: done.title, version: done.latest })
        return go(addressOf(lesson), { message })
      }),
    )
    .post(
      '/:id/unpublish',
      step(store.unpublish, (view, lesson) => ({
        message: view.say(author)('unpublishedToast', title(lesson)),
        undo: undoneBy(lesson, 'put-back'),
      })),
    )
    .post(
      '/:id/put-back',
      step(store.putBack, (view, lesson) => ({
        message: view.say(author)('publishedToast', title(lesson)),
        undo: undoneBy(lesson, 'unpublish'),
      })),
    )
    .post(
      '/:id/archive',
      step(store.archive, (view, lesson) => ({
        message: view.say(words)('archivedToast', title(lesson)),
        undo: undoneBy(lesson, 'restore'),
      })),
    )
    .post(
      '/:id/restore',
      step(store.restore, (view, lesson) => ({ message: view.say(words)('restoredToast', title(lesson)) })),
    )
}
