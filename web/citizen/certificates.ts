import { type Request, Router } from 'express'
import { activityOf, agreed, type Certificate, type CertificateInput } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import { certificates } from '../i18n/messages/certificates.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import { go, page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { certificateErrors, formPage, listPage, removePage } from './certificate-pages.ts'
import {
  addFile,
  chooseAgain,
  evidenceProblem,
  guardFiles,
  receiveForm,
  type SentForm,
} from './evidence-form.ts'
import { certificateAddress, ownCertificate } from './told-place.ts'

const PAGE = 50
const PATH = '/me/certificates'
const BLANK: CertificateInput = { name: '', issuer: '', day: '', number: '' }

/** Certificates on paper: a few lines copied from each, with its photo. */
export function certificateRoutes(services: WebServices): Router {
  const heldOf = (view: View, req: Request) =>
    ownCertificate(services, viewerOf(view).id, paramOf(req, 'certificate'))
  const filesOf = ({ person, id }: Certificate) => services.evidence.of(person, activityOf(id))

  async function changePage(
    view: View,
    held: Certificate,
    { sent = held, errors = [] }: { sent?: CertificateInput; errors?: readonly FieldError[] } = {},
  ) {
    return formPage(view, { sent, errors, held, files: await filesOf(held) })
  }

  const guard = guardFiles()
  return Router()
    .get(
      PATH,
      signedIn,
      page(async (view, req) => {
        const after = queryOf(req, 'after')
        const asked = { limit: PAGE, ...(after && { after }) }
        const found = await services.certificates.of(viewerOf(view).id, asked)
        return show(listPage(view, { ...found, later: after !== '' }))
      }),
    )
    .get(
      `${PATH}/new`,
      signedIn,
      page((view) => show(formPage(view, { sent: BLANK, errors: [], held: null, files: [] }))),
    )
    .post(
      `${PATH}/new`,
      signedIn,
      guard,
      page(async (view, req) => {
        const words = (sent: Pick<SentForm, 'text'>) =>
          certificateErrors(view, services.certificates.check(sentOf(sent)))
        const form = await receiveForm(services, view, req, { words })
        const sent = sentOf(form)
        const back = (status: number, errors: readonly FieldError[]) =>
          show(formPage(view, { sent, errors, held: null, files: [] }), status)
        if (form.errors.length > 0) return back(form.status, form.errors)
        const added = await services.certificates.add(viewerOf(view).id, sent)
        if ('problems' in added)
          return back(added.status, [
            ...certificateErrors(view, added.problems),
            ...(form.file ? [chooseAgain(view)] : []),
          ])
        const kept = form.file && (await services.evidence.add(added.person, activityOf(added.id), form.file))
        if (kept && 'problems' in kept) {
          const why = evidenceProblem(view, kept.problems[0]?.id ?? '')
          return go(certificateAddress(added.id), { message: view.say(evidence)('notKept', { why }) })
        }
        const to = agreed(viewerOf(view)) ? '/me/transcript' : '/me/certificates'
        return go(to, { message: view.say(certificates)('added') })
      }),
    )
    .get(
      `${PATH}/:certificate`,
      signedIn,
      page(async (view, req) => {
        const held = await heldOf(view, req)
        return held ? show(await changePage(view, held)) : show(notFoundPage(view), 404)
      }),
    )
    .post(
      `${PATH}/:certificate`,
      signedIn,
      page(async (view, req) => {
        const sent = sentOf(await receiveForm(services, view, req, { wordsOnly: true }))
        const held = await heldOf(view, req)
        const changed = held && (await services.certificates.change(held.person, held.id, sent))
        if (!changed) return show(notFoundPage(view), 404)
        if ('problems' in changed) {
          const errors = certificateErrors(view, changed.problems)
          return show(await changePage(view, held, { sent, errors }), changed.status)
        }
        return go(PATH, { message: view.say(certificates)('changed') })
      }),
    )
    .post(
      `${PATH}/:certificate/evidence`,
      signedIn,
      guard,
      page(async (view, req) => {
        const held = await heldOf(view, req)
        if (!held) return show(notFoundPage(view), 404)
        const added = await addFile(services, view, req, held, () => heldOf(view, req))
        if (added === null) return show(notFoundPage(view), 404)
        if ('errors' in added) return show(await changePage(view, held, added), added.status)
        return go(certificateAddress(held.id), { message: view.say(evidence)('added') })
      }),
    )
    .get(
      `${PATH}/:certificate/remove`,
      signedIn,
      page(async (view, req) => {
        const held = await heldOf(view, req)
        return held
          ? show(removePage(view, held, (await filesOf(held)).length))
          : show(notFoundPage(view), 404)
      }),
    )
    .post(
      `${PATH}/:certificate/remove`,
      signedIn,
      page(async (view, req) => {
        const held = await heldOf(view, req)
        const removed = held && (await services.certificates.remove(held.person, held.id))
        if (!removed) return show(notFoundPage(view), 404)
        return go(PATH, { message: view.say(certificates)('removed') })
      }),
    )
}

function sentOf({ text }: Pick<SentForm, 'text'>): CertificateInput {
  return { name: text('name'), issuer: text('issuer'), day: text('day'), number: text('number') }
}
