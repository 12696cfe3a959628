import { Router } from 'express'
import { signedIn } from '../page.ts'
import type { WebServices } from '../services.ts'
import { organisationDisputeRoutes } from './disputes.ts'
import { handOverRoutes } from './hand-over.ts'
import { invitationRoutes } from './invitations.ts'
import { organisationLessonRoutes } from './lessons.ts'
import { logoRoutes } from './logo.ts'
import { memberRoutes } from './member.ts'
import { memberListRoutes } from './members.ts'
import { overviewRoutes } from './overview.ts'

/** Mounted at /organisations: for the members of each, and more for who manages it. A logo is everybody's. */
export function organisationArea(services: WebServices): Router {
  return Router().use(
    logoRoutes(services),
    signedIn,
    overviewRoutes(services),
    memberListRoutes(services),
    memberRoutes(services),
    invitationRoutes(services),
    organisationLessonRoutes(services),
    organisationDisputeRoutes(services),
    handOverRoutes(services),
  )
}
