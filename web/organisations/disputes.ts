import { Router } from 'express'
import { holdsEverywhere, type Organisation } from '../../profiles/index.ts'
import { type Desk, deskHandlers } from '../disputes/desk.ts'
import { viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { sessionKey } from '../session-store.ts'
import type { View } from '../view.ts'
import { nameOf, organisationAddress, organisationPage } from './frame.ts'
import { organisationOf } from './organisation-of.ts'

const deskOf = ({ accesses }: WebServices, view: View, organisation: Organisation): Desk => ({
  queue: { organisation: organisation.id },
  address: `${organisationAddress(organisation)}/disputes`,
  back: { href: organisationAddress(organisation), label: nameOf(view, organisation) },
  async note(reader, req, person) {
    const { id } = viewerOf(reader)
    if (holdsEverywhere(viewerOf(reader), 'operate'))
      return accesses.noteOperator(id, { person, what: 'line' })
    const officer = { person: id, organisation: organisation.id, session: sessionKey(req.sessionID) }
    return accesses.read(officer, { person, what: 'line', purpose: 'request' }, async () => {})
  },
  page: (reader, props) => organisationPage(reader, organisation, props),
})

/** Where an organisation's officers answer what concerns it, or was passed on to it. */
export function organisationDisputeRoutes(services: WebServices): Router {
  const officers = organisationOf(services, 'answer-disputes')
  const { list, one, answer } = deskHandlers(services)
  return Router()
    .get(
      '/:organisation/disputes',
      officers((view, organisation, req) => list(view, deskOf(services, view, organisation), req)),
    )
    .get(
      '/:organisation/disputes/:dispute',
      officers((view, organisation, req) => one(view, deskOf(services, view, organisation), req)),
    )
    .post(
      '/:organisation/disputes/:dispute',
      officers((view, organisation, req) => answer(view, deskOf(services, view, organisation), req)),
    )
}
