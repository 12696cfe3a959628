/** The pages, as one router: `app.use(createWeb(services))`, behind the API routes and `/h5p`. */
import cookieParser from 'cookie-parser'
import express, { type ErrorRequestHandler, Router } from 'express'
import { StorageUnavailable } from '../lrs/index.ts'
import { buildAssets } from './assets.ts'
import { authorArea } from './author/index.ts'
import { centreArea } from './centre/index.ts'
import { citizenArea } from './citizen/index.ts'
import { lmsArea } from './lms/index.ts'
import { operatorArea } from './operator/index.ts'
import { organisationArea } from './organisations/index.ts'
import { makeView, send, show, viewOf, withRight } from './page.ts'
import { partsArea } from './parts/index.ts'
import { outboxArea } from './parts/outbox.ts'
import { embedArea } from './public/embed.ts'
import {
  crossSitePage,
  failedPage,
  notFoundPage,
  unavailablePage,
  unreadablePage,
} from './public/error-pages.ts'
import { publicArea } from './public/index.ts'
import { sharedRoutes } from './public/shared.ts'
import { sameOrigin } from './same-origin.ts'
import { securityHeaders } from './security-headers.ts'
import type { WebServices } from './services.ts'
import { forgetEnded, sessions, withholdRoles } from './session.ts'
import { passportFor } from './sign-in.ts'

export { type Figures, type History, type Sizes, type Times, WORKS, type Work } from './figures.ts'
export type { Messages, WebServices } from './services.ts'

export function createWeb(services: WebServices): Router {
  const assets = buildAssets()
  const passport = passportFor(services.accounts)
  const web = Router()

  web.use('/assets', assets.router)
  web.use('/embed', embedArea(services, assets))
  web.use(securityHeaders(services.publicUrl, services.playerUrl))
  web.use(cookieParser(), sessions(services), passport.initialize(), passport.session())
  web.use(forgetEnded(services), withholdRoles(services))
  web.use(makeView(services, assets))
  web.use(sharedRoutes(services))
  web.use(sameOrigin(services.publicUrl, (req, res) => send(req, res, show(crossSitePage(viewOf(res)), 403))))
  web.use(express.urlencoded({ extended: false, limit: '100kb' }))

  web.use(publicArea(services, passport))
  web.use(citizenArea(services))
  web.use('/organisations', organisationArea(services))
  web.use('/centre', withRight('find-people'), centreArea(services))
  web.use('/author', withRight('write-lessons'), authorArea(services))
  web.use('/operator', withRight('operate'), operatorArea(services))
  web.use('/lms', withRight('operate'), lmsArea(services))
  if (services.development) web.use('/-/parts', partsArea())
  if (services.outbox) web.use('/-/outbox', outboxArea(services.outbox))

  web.use((req, res) => send(req, res, show(notFoundPage(viewOf(res)), 404)))
  web.use(failed(services))
  return web
}

/** Nobody expected it: the log learns everything, the reader what is safe and what to do. */
function failed(services: WebServices): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent || !res.locals.view) return next(error)
    const view = viewOf(res)
    const status = (error as { status?: unknown }).status
    // What Express itself refuses of a client: a path that cannot be read, a body that is too large or no form.
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const refused =
        req.method === 'GET' || req.method === 'HEAD' ? notFoundPage(view) : unreadablePage(view)
      return send(req, res, show(refused, status))
    }
    services.report(error, view.requestId)
    if (error instanceof StorageUnavailable) {
      res.setHeader('Retry-After', '60')
      return send(req, res, show(unavailablePage(view), 503))
    }
    send(req, res, show(failedPage(view), 500))
  }
}
