import { readFile } from 'node:fs/promises'
import { Router } from 'express'
import { MAX_LOGO_BYTES, type Organisation } from '../../profiles/index.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { organisationErrors } from '../i18n/organisation-problems.ts'
import { organisationOf } from '../organisations/organisation-of.ts'
import { go, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { receiveUpload } from '../upload.ts'
import type { View } from '../view.ts'
import { editPage, formAddress } from './organisation-form.ts'

export function organisationLogoRoutes(services: WebServices): Router {
  const { organisations: store } = services
  const one = organisationOf(services, 'operate')

  async function back(view: View, organisation: Organisation, status: number, message: string) {
    const parent = organisation.parent === null ? null : await store.get(organisation.parent)
    const { name, nameEn, kind } = organisation
    const sent = { name, nameEn: nameEn ?? '', kind, parent: parent?.name ?? '' }
    return show(editPage(view, organisation, { sent, errors: [{ field: 'logo', message }] }), status)
  }

  return Router()
    .post(
      '/organisations/:organisation/logo',
      one(async (view, organisation, req) => {
        const say = view.say(organisations)
        const upload = await receiveUpload(req, {
          dir: services.uploadDir,
          field: 'logo',
          maxBytes: MAX_LOGO_BYTES,
        })
        try {
          if (upload.tooBig) {
            const limit = view.format.bytes(MAX_LOGO_BYTES)
            return back(view, organisation, 413, say('logoLarge', { limit }))
          }
          if (upload.broken) return back(view, organisation, 400, say('logoCut'))
          if (!upload.file) return back(view, organisation, 400, say('logoMissing'))
          const content = await readFile(upload.file)
          const done = await store.setLogo(organisation.id, content, viewerOf(view).id)
          if ('ok' in done) {
            const [error] = organisationErrors(view, done.problems, 'logo')
            return back(view, organisation, done.status, error?.message ?? say('logoBad'))
          }
          return go(formAddress(organisation), { message: say('saved') })
        } finally {
          await upload.remove()
        }
      }),
    )
    .post(
      '/organisations/:organisation/logo/remove',
      one(async (view, organisation) => {
        await store.setLogo(organisation.id, null, viewerOf(view).id)
        return go(formAddress(organisation), { message: view.say(organisations)('saved') })
      }),
    )
}
