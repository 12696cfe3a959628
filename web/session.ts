import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import type { WebServices } from './services.ts'
import { SESSION_MS, sessionStore } from './session-store.ts'
import type { Toast } from './view.ts'

declare module 'express-session' {
  interface SessionData {
    /** Signed in on a device that others use: the session is short and ends with the browser. */
    shared?: boolean
    toast?: Toast
    /** When the store last wrote it, ms. */
    written?: number
  }
}

/**
 * Signs this person in. Passport gives the session a new id here, so an id planted before is worth nothing.
 */
export function beginSession(
  req: Request,
  person: Express.User,
  { shared = false }: { shared?: boolean } = {},
): Promise<void> {
  return new Promise((done, failed) => {
    req.logIn(person, (error) => {
      if (error) return failed(error)
      if (!shared) return done()
      req.session.shared = true
      // A cookie without a date ends with the browser; the store ends it after 20 idle minutes.
      req.session.cookie.expires = null
      req.session.save((unsaved) => (unsaved ? failed(unsaved) : done()))
    })
  })
}

/** Nothing is set for a visitor who only reads: a session starts with signing in or with a word for the next page. */
export function sessions(services: WebServices): RequestHandler {
  const https = services.publicUrl.startsWith('https:')
  const handler = session({
    name: 'session',
    secret: services.sessionSecret,
    store: sessionStore(services.collections),
    resave: false,
    saveUninitialized: false,
    proxy: https,
    cookie: {
      httpOnly: true,
      sameSite: 'lax',
      secure: https,
      maxAge: SESSION_MS,
      path: '/',
    },
  })
  return (req, res, next) => {
    // Behind a proxy that ends TLS the connection here is plain: PUBLIC_URL says what the browser sees.
    if (https) req.headers['x-forwarded-proto'] ??= 'https'
    handler(req, res, next)
  }
}
