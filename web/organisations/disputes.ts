import { Router } from 'express'
import type { Organisation } from '../../profiles/index.ts'
import { type Desk, deskHandlers } from '../disputes/desk.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { nameOf, organisationAddress, organisationPage } from './frame.ts'
import { organisationOf } from './organisation-of.ts'

const deskOf = (view: View, organisation: Organisation): Desk => ({
  queue: { organisation: organisation.id },
  address: `${organisationAddress(organisation)}/disputes`,
  back: { href: organisationAddress(organisation), label: nameOf(view, organisation) },
  page: (reader, props) => organisationPage(reader, organisation, props),
})

/** Where an organisation's officers answer what concerns it, or was passed on to it. */
export function organisationDisputeRoutes(services: WebServices): Router {
  const officers = organisationOf(services, 'answer-disputes')
  const { list, one, answer } = deskHandlers(services)
  return Router()
    .get(
      '/:organisation/disputes',
      officers((view, organisation, req) => list(view, deskOf(view, organisation), req)),
    )
    .get(
      '/:organisation/disputes/:dispute',
      officers((view, organisation, req) => one(view, deskOf(view, organisation), req)),
    )
    .post(
      '/:organisation/disputes/:dispute',
      officers((view, organisation, req) => answer(view, deskOf(view, organisation), req)),
    )
}
