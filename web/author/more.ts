import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { holdsEverywhere, holdsIn, type Organisation } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { dialog } from '../components/dialog.ts'
import { errorOf, type FieldError } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { nameOf } from '../organisations/frame.ts'
import { go, type Reply, show, textOf, viewerOf } from '../page.ts'
import { notYoursPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import { receiveUpload } from '../upload.ts'
import type { View } from '../view.ts'
import { detailErrors } from './details.ts'
import { authorPage } from './frame.ts'
import { addressOf, lessonPage, ownLesson } from './lesson-frame.ts'
import { organisationsToWriteFor } from './lesson-rights.ts'

const MAX_TITLE = 255

/** Other content, a copy, a package, another organisation, away. */
export function moreRoutes(services: WebServices): Router {
  const own = ownLesson(services)
  const store = services.host.lessons
  const { maxPackageBytes } = services

  async function shown(view: View, lesson: Lesson, errors: readonly FieldError[] = [], status = 200) {
    const body = moreBody(view, lesson, {
      errors,
      maxPackageBytes,
      choices: await placesFor(view, services, lesson),
    })
    return show(await lessonPage(view, services, lesson, { tab: 'more', errors, body }), status)
  }

  return Router()
    .get(
      '/:id/more',
      own((view, lesson) => shown(view, lesson)),
    )
    .post(
      '/:id/content',
      own(async (view, lesson, req): Promise<Reply> => {
        const say = view.say(author)
        const person = viewerOf(view)
        const upload = await receiveUpload(req, {
          dir: services.uploadDir,
          field: 'package',
          maxBytes: maxPackageBytes,
        })
        const refused = (status: number, message: string) =>
          shown(view, lesson, [{ field: 'package', message }], status)
        try {
          if (upload.tooBig)
            return await refused(413, say('fileTooBig', { limit: view.format.bytes(maxPackageBytes) }))
          if (upload.broken) return await refused(400, say('fileCut'))
          if (!upload.file) return await refused(400, say('fileMissing'))
          // Libraries are approved on their own page, whoever uploads them.
          const by = { person: person.id, mayInstallLibraries: false }
          const done = await store.replaceContent(lesson.id, upload.file, by)
          if ('ok' in done)
            return await shown(view, lesson, detailErrors(view, done.problems, 'package'), done.status)
          return go(addressOf(lesson), { message: view.say(words)('contentReplaced') })
        } finally {
          await upload.remove()
        }
      }),
    )
    .post(
      '/:id/duplicate',
      own(async (view, lesson) => {
        const title = view.say(words)('copyTitle', { title: lesson.draft.details.title }).slice(0, MAX_TITLE)
        const places = await organisationsToWriteFor(view, services)
        // It belongs where the first one does, where one writes for it.
        const place =
          places.find(({ id }) => id === lesson.organisation) ?? (mayWriteForNone(view) ? null : places[0])
        const made = await store.duplicate(lesson.id, {
          by: viewerOf(view).id,
          title,
          ...(place && { organisation: place.id }),
        })
        if ('ok' in made) return shown(view, lesson, detailErrors(view, made.problems), made.status)
        return go(addressOf(made), { message: view.say(words)('duplicated') })
      }),
    )
    .post(
      '/:id/organisation',
      own(async (view, lesson, req) => {
        const chosen = (await placesFor(view, services, lesson)).find(
          ({ id }) => id === textOf(req, 'organisation'),
        )
        if (!chosen) {
          const errors = [{ field: 'organisation', message: view.say(author)('organisationMissing') }]
          return shown(view, lesson, errors, 400)
        }
        const done = await store.move(lesson.id, chosen.id, viewerOf(view).id)
        if ('ok' in done) return shown(view, lesson, detailErrors(view, done.problems), done.status)
        return go('/author', {
          message: view.say(words)('moved', { organisation: nameOf(view, chosen) }),
        })
      }),
    )
    .get(
      '/:id/delete',
      own((view, lesson) =>
        mayDelete(view, lesson) ? show(deletePage(view, lesson)) : show(notYoursPage(view), 403),
      ),
    )
    .post(
      '/:id/delete',
      own(async (view, lesson) => {
        if (!mayDelete(view, lesson)) return show(notYoursPage(view), 403)
        await store.remove(lesson.id)
        const { title } = lesson.draft.details
        return go('/author', { message: view.say(author)('deletedToast', { title }) })
      }),
    )
}

/** What was published once is on records: it is put away, and only the operator deletes it after that. */
function mayDelete(view: View, { latest, status }: Lesson): boolean {
  return latest === 0 || (status === 'archived' && holdsEverywhere(viewerOf(view), 'operate'))
}

const mayWriteForNone = (view: View) => holdsEverywhere(viewerOf(view), 'write-lessons')

/**
 * To where the reader may give the lesson: organisations for which they write. Out of an organisation only its editors
 * give one: a lesson stays there when its author leaves.
 */
async function placesFor(view: View, services: WebServices, lesson: Lesson): Promise<Organisation[]> {
  const { organisation: id } = lesson
  const from = id === undefined ? null : await services.organisations.get(id)
  if (from && !holdsIn(viewerOf(view), from, 'edit-lessons')) return []
  return (await organisationsToWriteFor(view, services)).filter((each) => each.id !== id)
}

function moreBody(
  view: View,
  lesson: Lesson,
  props: { errors: readonly FieldError[]; maxPackageBytes: number; choices: readonly Organisation[] },
): Html {
  const say = view.say(author)
  const say2 = view.say(words)
  const address = addressOf(lesson)
  const { title } = lesson.draft.details
  return html`<section class="stack">
      <h2>${say2('contentTitle')}</h2>
      <form class="form" method="post" action=${`${address}/content`} enctype="multipart/form-data" novalidate>
        ${fileField(view, {
          name: 'package',
          label: say('file'),
          accept: '.h5p,.yaml,.yml,.zip',
          required: true,
          help: say2('contentHelp', { limit: view.format.bytes(props.maxPackageBytes) }),
          error: errorOf(props.errors, 'package'),
        })}
        <div class="row">${button(view, { label: say2('contentDo'), icon: 'upload' })}</div>
      </form>
    </section>
    <section class="stack">
      <h2>${say2('copyTitleSection')}</h2>
      <p class="muted">${say2('copyLead')}</p>
      <div class="row">
        ${lesson.status !== 'waiting' && act(view, { label: say2('duplicateDo'), action: `${address}/duplicate` })}
        ${buttonLink(view, { label: say2('exportDo'), href: `${address}/export`, download: true })}
      </div>
    </section>
    ${
      props.choices.length > 0 &&
      html`<section class="stack">
        <h2>${say2('moveTitle')}</h2>
        <form class="form" method="post" action=${`${address}/organisation`} novalidate>
          ${select(view, {
            name: 'organisation',
            label: say('organisationField'),
            help: say('organisationStays'),
            required: true,
            empty: say('organisationChoose'),
            options: props.choices.map((each) => ({ value: each.id, label: nameOf(view, each) })),
            error: errorOf(props.errors, 'organisation'),
          })}
          <div class="row">${button(view, { label: say('organisationDo') })}</div>
        </form>
      </section>`
    }
    <section class="stack">
      <h2>${say2('awayTitle')}</h2>
      <p class="muted">${say2(lesson.latest > 0 ? 'awayPublished' : 'awayDraft')}</p>
      <div class="row">
        ${lesson.status !== 'archived' && act(view, { label: say2('archiveDo'), action: `${address}/archive` })}
        ${
          mayDelete(view, lesson) &&
          buttonLink(view, {
            label: say('delete'),
            href: `${address}/delete`,
            kind: 'danger',
            icon: 'trash',
            dialog: 'delete',
          })
        }
      </div>
      ${
        mayDelete(view, lesson) &&
        dialog(view, {
          id: 'delete',
          title: say('deleteTitle', { title }),
          body: say('deleteBody'),
          action: act(view, { label: say('deleteDo'), action: `${address}/delete`, kind: 'danger' }),
        })
      }
    </section>`
}

function deletePage(view: View, lesson: Lesson): Html {
  const say = view.say(author)
  const title = say('deleteTitle', { title: lesson.draft.details.title })
  return authorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('deleteBody'), back: { href: `${addressOf(lesson)}/more`, label: lesson.draft.details.title } })}
      ${act(view, { label: say('deleteDo'), action: `${addressOf(lesson)}/delete`, kind: 'danger', icon: 'trash' })}
    </div>`,
  })
}
