import { Router } from 'express'
import type { WebServices } from '../services.ts'
import { classRoutes } from './class.ts'
import { classListRoutes } from './classes.ts'
import { confirmRoutes } from './confirm.ts'
import { centreHomeRoutes } from './home.ts'
import { peopleRoutes } from './people.ts'
import { personRoutes } from './person.ts'
import { centreCodeRoutes } from './recovery-code.ts'
import { requestEvidenceRoutes } from './request-evidence.ts'
import { requestRoutes } from './requests.ts'

/** Mounted at /centre, behind the right to find people; each page asks for its right in its own organisation. */
export function centreArea(services: WebServices): Router {
  return Router().use(
    centreHomeRoutes(services),
    peopleRoutes(services),
    personRoutes(services),
    confirmRoutes(services),
    requestRoutes(services),
    requestEvidenceRoutes(services),
    classListRoutes(services),
    classRoutes(services),
    centreCodeRoutes(services),
  )
}
