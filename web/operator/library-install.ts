import { Router } from 'express'
import { detailErrors } from '../author/details.ts'
import { button } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { go, page, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { receiveUpload } from '../upload.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { LIBRARIES, requestAddress } from './libraries.ts'

/** Libraries that the administrator brings in a file; they too are looked at before they are approved. */
export function libraryInstallRoutes(services: WebServices): Router {
  const { host, maxPackageBytes } = services
  return Router()
    .get(
      '/libraries/install',
      page((view) => show(installPage(view, maxPackageBytes, []))),
    )
    .post(
      '/libraries/install',
      page(async (view, req) => {
        const say = view.say(libraries)
        const back = (status: number, ...errors: FieldError[]) =>
          show(installPage(view, maxPackageBytes, errors), status)
        const refused = (status: number, message: string) => back(status, { field: 'package', message })
        const upload = await receiveUpload(req, {
          dir: services.uploadDir,
          field: 'package',
          maxBytes: maxPackageBytes,
        })
        try {
          if (upload.tooBig)
            return refused(413, say('fileTooBig', { limit: view.format.bytes(maxPackageBytes) }))
          if (upload.broken) return refused(400, say('fileCut'))
          if (!upload.file) return refused(400, say('fileMissing'))
          const title = upload.fileName || say('columnLibrary')
          const proposed = await host.libraries.propose(upload.file, { by: viewerOf(view).id, title })
          if ('problems' in proposed)
            return back(proposed.status, ...detailErrors(view, proposed.problems, 'package'))
          return go(requestAddress(proposed.id))
        } finally {
          await upload.remove()
        }
      }),
    )
}

function installPage(view: View, maxPackageBytes: number, errors: readonly FieldError[]): Html {
  const say = view.say(libraries)
  return operatorPage(view, {
    title: say('installTitle'),
    scripts: ['upload'],
    body: html`<div class="stack">
      ${heading(view, { title: say('installTitle'), lead: say('installLead'), back: { href: LIBRARIES, label: say('title') } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${LIBRARIES}/install`} enctype="multipart/form-data" novalidate>
        ${fileField(view, {
          name: 'package',
          label: say('file'),
          accept: '.h5p',
          required: true,
          help: say('fileHelp', { limit: view.format.bytes(maxPackageBytes) }),
          error: errorOf(errors, 'package'),
        })}
        <div class="row">${button(view, { label: say('installDo'), kind: 'primary', icon: 'upload' })}</div>
      </form>
    </div>`,
  })
}
