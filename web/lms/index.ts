import { Router } from 'express'
import type { WebServices } from '../services.ts'
import { claimActivityRoutes } from './claim-activity.ts'
import { credentialRoutes } from './credential.ts'
import { sourceDisputeRoutes } from './disputes.ts'
import { issueRoutes } from './issue.ts'
import { listRoutes } from './list.ts'
import { sourceRoutes } from './source.ts'
import { createRoutes, editRoutes } from './source-form.ts'
import { sourceOf } from './source-of.ts'

/** Mounted at /lms, for the operator: sources, their credentials, and how to connect them. */
export function lmsArea(services: WebServices): Router {
  return Router().use(
    listRoutes(services),
    createRoutes(services),
    editRoutes(services, sourceOf(services)),
    sourceRoutes(services),
    claimActivityRoutes(services),
    sourceDisputeRoutes(services),
    issueRoutes(services),
    credentialRoutes(services),
  )
}
