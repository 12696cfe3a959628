import { Router } from 'express'
import type { WebServices } from '../services.ts'
import { changeRoutes } from './change.ts'
import { coverRoutes } from './cover.ts'
import { listRoutes } from './list.ts'
import { moreRoutes } from './more.ts'
import { publishRoutes } from './publish.ts'
import { reportRoutes } from './report.ts'
import { ruleRoutes } from './rule.ts'
import { shareLessonRoutes } from './share.ts'
import { uploadRoutes } from './upload.ts'
import { versionRoutes } from './versions.ts'

/** Mounted at /author, for authors and the operator. */
export function authorArea(services: WebServices): Router {
  return Router().use(
    listRoutes(services),
    uploadRoutes(services),
    reportRoutes(services),
    shareLessonRoutes(services),
    publishRoutes(services),
    ruleRoutes(services),
    versionRoutes(services),
    coverRoutes(services),
    moreRoutes(services),
    changeRoutes(services),
  )
}
