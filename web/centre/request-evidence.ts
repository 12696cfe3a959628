import { type RequestHandler, Router } from 'express'
import { holdsIn } from '../../profiles/index.ts'
import { paramOf, send, show, viewerOf, viewOf } from '../page.ts'
import { forbiddenPage, notFoundPage } from '../public/error-pages.ts'
import { sendEvidence } from '../send-evidence.ts'
import type { WebServices } from '../services.ts'
import { sessionKey } from '../session-store.ts'

/** Photos and files behind what somebody asks this organisation to confirm, while the request waits. */
export function requestEvidenceRoutes(services: WebServices): Router {
  const { organisations, confirmations, evidence, accesses } = services
  const see: RequestHandler = async (req, res) => {
    const view = viewOf(res)
    const person = viewerOf(view)
    const organisation = await organisations.get(paramOf(req, 'organisation'))
    if (!organisation || !holdsIn(person, organisation, 'confirm-learning'))
      return send(req, res, show(forbiddenPage(view, 'confirm-learning'), 403))
    const request = await confirmations.waiting(organisation.id, paramOf(req, 'statement'))
    const file = request && (await evidence.get(paramOf(req, 'file')))
    const subject = request?.subject
    if (!file || !subject || file.activity !== subject.activity.id || file.person !== subject.account)
      return send(req, res, show(notFoundPage(view), 404))
    const reader = { person: person.id, organisation: organisation.id, session: sessionKey(req.sessionID) }
    const looked = { person: subject.person, what: 'evidence', purpose: 'request' } as const
    const read = await accesses.read(reader, looked, () => evidence.open(file.id))
    if (!read.ok || !read.found) return send(req, res, show(notFoundPage(view), 404))
    await sendEvidence(res, read.found)
  }
  return Router().get('/:organisation/requests/:statement/evidence/:file', see)
}
