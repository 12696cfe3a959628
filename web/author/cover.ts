import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { act, button } from '../components/button.ts'
import { errorOf, type FieldError, field } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { go, viewerOf } from '../page.ts'
import { coverPicture } from '../public/cover.ts'
import type { WebServices } from '../services.ts'
import { receiveUpload } from '../upload.ts'
import type { View } from '../view.ts'
import { detailsPage } from './change.ts'
import { detailErrors } from './details.ts'
import { addressOf, ownLesson } from './lesson-frame.ts'

const MAX_BYTES = 20_000_000

/** The picture that stands for a lesson. */
export function coverRoutes(services: WebServices): Router {
  const own = ownLesson(services)
  const store = services.host.lessons
  return Router()
    .post(
      '/:id/cover',
      own(async (view, lesson, req) => {
        const say = view.say(words)
        const upload = await receiveUpload(req, {
          dir: services.uploadDir,
          field: 'cover',
          maxBytes: MAX_BYTES,
        })
        const alt = upload.fields.get('alt')?.trim() ?? ''
        const refused = (status: number, errors: readonly FieldError[]) =>
          detailsPage(view, services, lesson, { errors, status, alt })
        try {
          if (upload.tooBig) {
            const message = say('coverTooBig', { limit: view.format.bytes(MAX_BYTES) })
            return await refused(413, [{ field: 'cover', message }])
          }
          if (upload.broken) return await refused(400, [{ field: 'cover', message: say('coverCut') }])
          const done = await store.setCover(lesson.id, { file: upload.file, alt }, viewerOf(view).id)
          if ('ok' in done) return await refused(done.status, detailErrors(view, done.problems, 'cover'))
          return go(addressOf(lesson), { message: view.say(author)('saved') })
        } finally {
          await upload.remove()
        }
      }),
    )
    .post(
      '/:id/cover/remove',
      own(async (view, lesson) => {
        const done = await store.setCover(lesson.id, null, viewerOf(view).id)
        if ('ok' in done)
          return detailsPage(view, services, lesson, {
            errors: detailErrors(view, done.problems, 'cover'),
            status: done.status,
          })
        return go(addressOf(lesson), { message: view.say(words)('coverRemoved') })
      }),
    )
}

export function coverSection(
  view: View,
  lesson: Lesson,
  { errors, alt }: { errors: readonly FieldError[]; alt?: string | undefined },
): Html {
  const say = view.say(words)
  const address = addressOf(lesson)
  const { cover } = lesson.draft.details
  return html`<section class="stack">
    <h2>${say('coverTitle')}</h2>
    ${cover && coverPicture(lesson, cover, 'small')}
    <form class="form" method="post" action=${`${address}/cover`} enctype="multipart/form-data" novalidate>
      ${fileField(view, {
        name: 'cover',
        label: say('coverFile'),
        accept: 'image/jpeg,image/png,image/webp',
        required: !cover,
        help: say('coverHelp', { limit: view.format.bytes(MAX_BYTES) }),
        error: errorOf(errors, 'cover'),
      })}
      ${field(view, {
        name: 'alt',
        label: say('coverAlt'),
        help: say('coverAltHelp'),
        value: alt ?? cover?.alt ?? '',
        required: true,
        maxlength: 300,
        error: errorOf(errors, 'alt'),
      })}
      <div class="row">${button(view, { label: say('coverDo'), icon: 'upload' })}</div>
    </form>
    ${cover && act(view, { label: say('coverRemove'), action: `${address}/cover/remove`, kind: 'quiet' })}
  </section>`
}
