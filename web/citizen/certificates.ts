import { Router } from 'express'
import { activityOf, agreed, type CertificateInput } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import { certificates } from '../i18n/messages/certificates.ts'
import { evidence } from '../i18n/messages/evidence.ts'
import { go, page, paramOf, queryOf, show, signedIn, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { certificateErrors, formPage, listPage, removePage } from './certificate-pages.ts'
import { chooseAgain, evidenceProblem, guardFiles, receiveForm, type SentForm } from './evidence-form.ts'
import { certificateAddress, ownCertificate } from './told-place.ts'
import { toldRoutes } from './told-routes.ts'

const PAGE = 50
const PATH = '/me/certificates'
const BLANK: CertificateInput = { name: '', issuer: '', day: '', number: '' }

/** Certificates on paper: a few lines copied from each, with its photo. */
export function certificateRoutes(services: WebServices): Router {
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
    .use(
      toldRoutes(services, guard, {
        list: PATH,
        path: `${PATH}/:certificate`,
        heldOf: (view, req) => ownCertificate(services, viewerOf(view).id, paramOf(req, 'certificate')),
        change: ({ person, id }, sent: CertificateInput) => services.certificates.change(person, id, sent),
        remove: ({ person, id }) => services.certificates.remove(person, id),
        sentOf,
        errorsOf: certificateErrors,
        changePage: (view, held, { sent = held, ...props }) => formPage(view, { ...props, sent, held }),
        removePage,
        addressOf: certificateAddress,
        say: (view, what) => view.say(certificates)(what),
      }),
    )
}

function sentOf({ text }: Pick<SentForm, 'text'>): CertificateInput {
  return { name: text('name'), issuer: text('issuer'), day: text('day'), number: text('number') }
}
