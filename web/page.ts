import { randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { type HeldRoles, holds, type Person, type Right, type Role } from '../profiles/index.ts'
import type { Assets } from './assets.ts'
import { type Html, render } from './html.ts'
import { formatOf } from './i18n/format.ts'
import { isLanguage, LANGUAGE_COOKIE, languageOf } from './i18n/language.ts'
import { speak } from './i18n/messages.ts'
import { ownerTag } from './owner-tag.ts'
import { forbiddenPage, withheldPage } from './public/error-pages.ts'
import type { WebServices } from './services.ts'
import type { Toast, View } from './view.ts'

declare global {
  namespace Express {
    interface User {
      id: string
      name: string
      roles: Role[]
      language: 'vi' | 'en'
      created: number
      memberships?: HeldRoles[]
      passwordChanges?: number
      consents?: NonNullable<Person['consents']>
      /** Roles that are theirs and count only after signing in with two steps. */
      withheld?: Role[]
    }
    interface Locals {
      view: View
    }
  }
}

/** What a page handler answers with. */
export type Reply =
  | { kind: 'page'; status: number; html: Html; keep: boolean }
  /** After a change: the browser then GETs the page, so that reloading repeats nothing. */
  | { kind: 'go'; to: string; toast?: Toast }
  | { kind: 'json'; status: number; body: unknown }

export const show = (html: Html, status = 200): Reply => ({ kind: 'page', status, html, keep: true })
/** A page that holds a secret, or takes one: no browser keeps it, also not for the way back. */
export const showOnce = (html: Html, status = 200): Reply => ({ kind: 'page', status, html, keep: false })
export const go = (to: string, toast?: Toast): Reply => ({ kind: 'go', to, ...(toast && { toast }) })
export const json = (body: unknown, status = 200): Reply => ({ kind: 'json', status, body })

/** Makes a page of a plain function. Throwing leads to the error page. */
export function page(handler: (view: View, req: Request) => Reply | Promise<Reply>): RequestHandler {
  return async (req, res) => {
    send(req, res, await handler(viewOf(res), req))
  }
}

export function viewOf(res: Response): View {
  return res.locals.view as View
}

export function send(req: Request, res: Response, reply: Reply): void {
  // Pages speak of the one who reads them: no cache may hand them to another, and after signing out, at a centre's
  // device say, the way back shows none of them.
  const keep = !req.user && (reply.kind !== 'page' || reply.keep)
  res.setHeader('Cache-Control', keep ? 'private, no-cache' : 'no-store')
  if (reply.kind === 'json') {
    res.status(reply.status).json(reply.body)
  } else if (reply.kind === 'go') {
    const follow = () => {
      // A form sent by web/client/upload.ts follows by itself.
      if (req.get('accept') === 'application/json') res.json({ to: reply.to })
      else res.redirect(303, reply.to)
    }
    if (reply.toast) {
      req.session.toast = reply.toast
      saveFirst(req, follow)
    } else follow()
  } else {
    const { view } = res.locals as { view: View }
    const answer = () => void res.status(reply.status).type('html').send(render(reply.html))
    if (view.toast && req.session) {
      delete req.session.toast
      saveFirst(req, answer)
    } else answer()
  }
}

/**
 * Saves the session before the answer begins: a browser goes on when it has the headers, and its next request would read
 * the session as it was, or be overtaken by this one's. A toast that cannot be saved keeps nobody from the page.
 */
function saveFirst(req: Request, answer: () => void): void {
  req.session.save(() => answer())
}

/** Knows the reader and the request, for every page behind it. */
export function makeView(services: WebServices, assets: Assets): RequestHandler {
  return async (req, res, next) => {
    const viewer = req.user ?? null
    const topics = await services.mapping.topics()
    const chosen = req.query.lang
    if (isLanguage(chosen)) {
      res.cookie(LANGUAGE_COOKIE, chosen, {
        maxAge: 365 * 86_400_000,
        sameSite: 'lax',
        httpOnly: true,
        secure: services.publicUrl.startsWith('https:'),
      })
    }
    const language = languageOf(chosen, req.cookies?.[LANGUAGE_COOKIE], viewer?.language, req.headers)
    res.setHeader('Content-Language', language)
    res.vary('Accept-Language')
    const requestId = res.getHeader('X-Request-Id')
    const shared = viewer !== null && req.session?.shared === true
    res.locals.view = {
      language,
      format: formatOf(language),
      say: (messages) => speak(language, messages),
      viewer,
      topics,
      url: req.originalUrl,
      path: req.path,
      tenantName: services.tenantName,
      publicUrl: services.publicUrl,
      assets,
      saveData: req.get('save-data') === 'on',
      requestId: typeof requestId === 'string' ? requestId : randomUUID(),
      toast: req.session?.toast ?? null,
      owner: viewer === null || shared ? null : ownerTag(services.sessionSecret, viewer.id),
      shared,
      development: services.development,
    } satisfies View
    next()
  }
}

/** Only for people who are signed in; others sign in and come back. */
export const signedIn: RequestHandler = (req, res, next) => {
  if (req.user) return next()
  const back = req.method === 'GET' ? `?next=${encodeURIComponent(req.originalUrl)}` : ''
  send(req, res, go(`/sign-in${back}`))
}

/** Only for people who hold this right (profiles/organisations/rights.ts); the page of refusal says whose it is to grant. */
export function withRight(right: Right): RequestHandler {
  return (req, res, next) => {
    if (!req.user) return signedIn(req, res, next)
    const { user } = req
    if (holds(user, right)) return next()
    const withheld = user.withheld && holds({ ...user, roles: [...user.roles, ...user.withheld] }, right)
    const refused = withheld ? withheldPage(viewOf(res)) : forbiddenPage(viewOf(res), right)
    send(req, res, show(refused, 403))
  }
}

/** The signed-in reader, behind `signedIn` or `withRight`. */
export function viewerOf(view: View): NonNullable<View['viewer']> {
  if (!view.viewer) throw new Error('this page stands behind signedIn')
  return view.viewer
}

/** A way back that stays on this site: a path of ours, else `otherwise`. */
export function localPath(value: unknown, otherwise: string): string {
  if (typeof value !== 'string' || !value.startsWith('/')) return otherwise
  // `//host`, `/\host` and `/..//host` lead elsewhere; the URL parser is the browser's.
  const url = URL.parse(value, 'http://here.invalid')
  if (url?.origin !== 'http://here.invalid' || url.pathname.startsWith('//')) return otherwise
  return url.pathname + url.search
}

/** A text field of a sent form, trimmed; '' when it is missing or was repeated. */
export function textOf(req: Request, name: string): string {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** Every value that was sent under one name, as checkboxes are. */
export function textsOf(req: Request, name: string): string[] {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name]
  const values = Array.isArray(value) ? value : [value]
  return values
    .filter((each) => typeof each === 'string')
    .map((each) => each.trim())
    .filter(Boolean)
}

/** A secret of a sent form, as typed: a space at its end belongs to a password. */
export function secretOf(req: Request, name: string): string {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** A parameter of the address; '' when it is missing or was repeated. */
export function queryOf(req: Request, name: string): string {
  const value = req.query[name]
  return typeof value === 'string' ? value : ''
}

/** A part of the path. */
export function paramOf(req: Request, name: string): string {
  const value = req.params[name]
  return typeof value === 'string' ? value : ''
}
