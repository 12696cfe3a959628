import type { Request, RequestHandler } from 'express'
import session from 'express-session'
import { type Device, deviceOf } from './device.ts'
import type { HalfSignedIn } from './enter.ts'
import type { Challenge } from './passkey-challenge.ts'
import type { Newcomer, SentAway } from './provider.ts'
import type { WebServices } from './services.ts'
import { SESSION_MS, sessionStore } from './session-store.ts'
import type { Held } from './sign-in.ts'
import type { Toast } from './view.ts'

/** What a browser's session keeps of lessons that were played before anybody signed in. */
export interface Anonymous {
  /** Opens the attempts; a secret of this session. */
  key: string
  /** The attempt played last: it alone is asked for. */
  attempt?: string
  title?: string
  /** ms. */
  at?: number
}

declare module 'express-session' {
  interface SessionData {
    /** Who is signed in; passport keeps it. */
    passport?: { user?: Held }
    /** Signed in on a device that others use: the session is short and ends with the browser. */
    shared?: boolean
    toast?: Toast
    /** When the store last wrote it, ms. Absent: it was never written. */
    written?: number
    /** When its person signed in, ms. */
    begun?: number
    /** When its person last proved to be who they are, ms. */
    proven?: number
    /** With what: a password alone, or two things, or a passkey that asked for a finger, a face or a PIN. */
    factors?: 1 | 2
    device?: Device
    sentAway?: SentAway
    newcomer?: Newcomer
    /** Of lessons that were played here before anybody signed in. */
    anonymous?: Anonymous
    /** What a passkey is to answer. */
    challenge?: Challenge
    /** The password was right; the second step is to come. */
    secondStep?: HalfSignedIn
  }
}

export interface Beginning {
  shared?: boolean
  factors?: 1 | 2
  /** When its person signed in, where the session only goes on under another id. */
  begun?: number
}

/** What a session that goes on under another id takes along. */
export const goingOn = ({ session: { shared, factors, begun } }: Request): Beginning => ({
  shared: shared === true,
  ...(factors && { factors }),
  ...(begun && { begun }),
})

/**
 * Signs this person in. Passport gives the session a new id here, so an id planted before is worth nothing.
 */
export async function beginSession(
  req: Request,
  person: Express.User,
  { shared = false, factors = 1, begun = Date.now() }: Beginning = {},
): Promise<void> {
  const { anonymous } = req.session
  await new Promise<void>((done, failed) => {
    req.logIn(person, (error) => (error ? failed(error) : done()))
  })
  Object.assign(req.session, {
    begun,
    proven: Date.now(),
    factors,
    device: deviceOf(req.get('user-agent')),
    ...(shared ? { shared } : anonymous && { anonymous }),
  })
  // A cookie without a date ends with the browser; the store ends it after 15 idle minutes.
  if (shared) req.session.cookie.expires = null
  await saved(req)
}

/** A session under a new id, with nothing in it but what was played before anybody signed in. */
export async function freshSession(req: Request): Promise<void> {
  const { anonymous } = req.session
  await new Promise<void>((done, failed) => {
    req.session.regenerate((error) => (error ? failed(error) : done()))
  })
  if (anonymous) req.session.anonymous = anonymous
}

/** The answer may begin: the next request finds the session as it is now. */
export function saved(req: Request): Promise<void> {
  return new Promise((done, failed) => req.session.save((error) => (error ? failed(error) : done())))
}

/** Under https a name that no other host, not even one below, can set a cookie for. */
const nameOf = (https: boolean) => (https ? '__Host-session' : 'session')
const isHttps = ({ publicUrl }: Pick<WebServices, 'publicUrl'>) => publicUrl.startsWith('https:')

/** Nothing is set for a visitor who only reads: a session starts with signing in or with a word for the next page. */
export function sessions(services: WebServices): RequestHandler {
  const https = isHttps(services)
  const handler = session({
    name: nameOf(https),
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

/** Set by web/client/unsent.ts and by the player while something waits in the browser's own store until it can be sent. */
const UNSENT = ['unsent', 'unsent-results']

/**
 * Has the browser forget what it kept of this site, and what it would show on the way back; not what its owner wrote
 * there and nobody has yet.
 */
export function forgetPages(
  req: Pick<Request, 'cookies'>,
  res: { setHeader(name: string, value: string): unknown },
): void {
  const waits = UNSENT.some((name) => typeof req.cookies?.[name] === 'string')
  res.setHeader('Clear-Site-Data', waits ? '"cache"' : '"cache", "storage"')
}

/**
 * For a browser whose session ended while it was away, by time, from another device or by a new password: it forgets
 * what it kept, once. Behind passport, which takes the person out of a session that began with an old password.
 */
export function forgetEnded(services: WebServices): RequestHandler {
  const https = isHttps(services)
  const name = nameOf(https)
  return (req, res, next) => {
    const sent: unknown = req.cookies?.[name]
    // Only for pages: what a script asks for meanwhile may be overtaken by a sign-in, and would end it.
    if (typeof sent !== 'string' || req.user || (req.get('sec-fetch-mode') ?? 'navigate') !== 'navigate')
      return next()
    const gone = !sent.startsWith(`s:${req.sessionID}.`)
    if (!gone && req.session.begun === undefined) return next()
    res.clearCookie(name, { path: '/', secure: https })
    forgetPages(req, res)
    if (gone) return next()
    req.session.regenerate(next)
  }
}

/** Takes from operators who signed in with one step what only two give; read anew with every request. */
export function withholdRoles({ secondStepForOperators }: WebServices): RequestHandler {
  return (req, _res, next) => {
    const { user } = req
    if (secondStepForOperators && user?.roles.includes('operator') && req.session.factors !== 2) {
      req.user = { ...user, roles: user.roles.filter((role) => role !== 'operator'), withheld: ['operator'] }
    }
    next()
  }
}
