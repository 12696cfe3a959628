import { Router } from 'express'
import type { WebServices } from '../services.ts'
import { auditRoutes } from './audit.ts'
import { consumerRoutes } from './consumers.ts'
import { contestedRoutes } from './contested.ts'
import { handOverRoutes } from './hand-over.ts'
import { homeRoutes } from './home.ts'
import { libraryListRoutes } from './libraries.ts'
import { libraryRoutes } from './library.ts'
import { libraryFileRoutes } from './library-files.ts'
import { libraryInstallRoutes } from './library-install.ts'
import { libraryRequestRoutes } from './library-request.ts'
import { linkRoutes } from './link.ts'
import { mappingRoutes } from './mapping.ts'
import { mergeRoutes } from './merge.ts'
import { organisationRoutes } from './organisations.ts'
import { peopleRoutes } from './people.ts'
import { personRoutes } from './person.ts'
import { roleRoutes } from './role.ts'
import { staffCodeRoutes } from './staff-code.ts'
import { statementRoutes } from './statement.ts'
import { statementListRoutes } from './statements.ts'

/** Mounted at /operator, for the operator. */
export function operatorArea(services: WebServices): Router {
  return Router().use(
    homeRoutes(services),
    statementListRoutes(services),
    statementRoutes(services),
    consumerRoutes(services),
    organisationRoutes(services),
    peopleRoutes(services),
    personRoutes(services),
    roleRoutes(services),
    staffCodeRoutes(services),
    handOverRoutes(services),
    linkRoutes(services),
    mappingRoutes(services),
    mergeRoutes(services),
    contestedRoutes(services),
    libraryListRoutes(services),
    libraryInstallRoutes(services),
    libraryRequestRoutes(services),
    libraryFileRoutes(services),
    libraryRoutes(services),
    auditRoutes(services),
  )
}
