import { Router } from 'express'
import type { Organisation } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { topicOptions } from '../i18n/topics.ts'
import { go, page, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { receiveUpload } from '../upload.ts'
import type { View } from '../view.ts'
import { detailErrors, minutesField, minutesOf } from './details.ts'
import { authorPage } from './frame.ts'
import { organisationsToWriteFor } from './lesson-rights.ts'
import { chosenOrganisation, organisationField } from './organisation-field.ts'

interface Sent {
  organisation: string
  title: string
  topic: string
  minutes: string
}

export function uploadRoutes(services: WebServices): Router {
  const { maxPackageBytes } = services
  return Router()
    .get(
      '/upload',
      page(async (view) => {
        const choices = await organisationsToWriteFor(view, services)
        const only = choices.length === 1 ? (choices[0]?.id ?? '') : ''
        const sent = { organisation: only, title: '', topic: '', minutes: '' }
        return show(uploadPage(view, { maxPackageBytes, choices, sent, errors: [] }))
      }),
    )
    .post(
      '/upload',
      page(async (view, req) => {
        const say = view.say(author)
        const person = viewerOf(view)
        const upload = await receiveUpload(req, {
          dir: services.uploadDir,
          field: 'package',
          maxBytes: maxPackageBytes,
        })
        const choices = await organisationsToWriteFor(view, services)
        const sent = {
          organisation: upload.fields.get('organisation') ?? '',
          title: upload.fields.get('title')?.trim() ?? '',
          topic: upload.fields.get('topics') ?? '',
          minutes: upload.fields.get('minutes')?.trim() ?? '',
        }
        const back = (status: number, errors: readonly FieldError[]) =>
          show(uploadPage(view, { maxPackageBytes, choices, sent, errors }), status)
        const refused = (status: number, message: string) => back(status, [{ field: 'package', message }])
        try {
          if (upload.tooBig) {
            return refused(413, say('fileTooBig', { limit: view.format.bytes(maxPackageBytes) }))
          }
          if (upload.broken) return refused(400, say('fileCut'))
          if (!upload.file) return refused(400, say('fileMissing'))
          const chosen = chosenOrganisation(view, choices, sent.organisation)
          if ('field' in chosen) return back(400, [chosen])
          const lesson = await services.host.lessons.upload(
            upload.file,
            // Libraries are approved on their own page, whoever uploads them.
            { person: person.id, mayInstallLibraries: false },
            {
              ...(sent.title && { title: sent.title }),
              ...(sent.topic && { topics: [sent.topic] }),
              ...chosen,
              ...(sent.minutes && { minutes: minutesOf(sent.minutes) }),
            },
          )
          if ('ok' in lesson) {
            return back(lesson.status, detailErrors(view, lesson.problems, 'package'))
          }
          return go(`/author/${encodeURIComponent(lesson.id)}`, {
            message:
              lesson.status === 'waiting'
                ? view.say(libraries)('uploadedWaiting', { title: lesson.title })
                : say('uploaded', { title: lesson.title }),
          })
        } finally {
          await upload.remove()
        }
      }),
    )
}

function uploadPage(
  view: View,
  props: {
    maxPackageBytes: number
    choices: readonly Organisation[]
    sent: Sent
    errors: readonly FieldError[]
  },
): Html {
  const say = view.say(author)
  return authorPage(view, {
    title: say('uploadTitle'),
    scripts: ['upload'],
    body: html`<div class="stack">
      ${heading(view, {
        title: say('uploadTitle'),
        lead: say('uploadLead'),
        back: { href: '/author', label: say('placeLessons') },
      })}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action="/author/upload" enctype="multipart/form-data" novalidate>
        ${fileField(view, {
          name: 'package',
          label: say('file'),
          accept: '.h5p,.yaml,.yml,.zip',
          required: true,
          help: say('fileHelp', { limit: view.format.bytes(props.maxPackageBytes) }),
          error: errorOf(props.errors, 'package'),
        })}
        ${field(view, {
          name: 'title',
          label: say('titleField'),
          help: say('titleHelp'),
          value: props.sent.title,
          maxlength: 200,
          error: errorOf(props.errors, 'title'),
        })}
        ${select(view, {
          name: 'topics',
          label: say('topicField'),
          empty: say('topicChoose'),
          options: topicOptions(view),
          value: props.sent.topic,
          error: errorOf(props.errors, 'topics'),
        })}
        ${organisationField(view, props.choices, props.sent.organisation, props.errors)}
        ${minutesField(view, props.sent.minutes, props.errors)}
        <div class="row">${button(view, { label: say('uploadDo'), kind: 'primary', icon: 'upload' })}</div>
      </form>
    </div>`,
  })
}
