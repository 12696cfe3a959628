import { type Request, type RequestHandler, Router } from 'express'
import { button } from './components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from './components/field.ts'
import { heading } from './components/heading.ts'
import { link } from './components/link.ts'
import { type Html, html } from './html.ts'
import { account } from './i18n/messages/account.ts'
import { security } from './i18n/messages/security.ts'
import { explainAccountProblem } from './i18n/problems.ts'
import { citizenPage } from './layout.ts'
import { go, localPath, page, queryOf, send, show, signedIn, textOf, viewerOf, viewOf } from './page.ts'
import type { Provider } from './provider.ts'
import { otherSignInPage, tooManyPage } from './public/error-pages.ts'
import { guardForm } from './rate-limit.ts'
import type { WebServices } from './services.ts'
import type { View } from './view.ts'

/** For so long a person counts as just proven. */
const LASTS = 10 * 60_000
const PAGE = '/me/confirm'

/**
 * Before the ways in are changed: whoever sits at a device that somebody left signed in is asked for the password first.
 * Stands behind `signedIn`.
 */
export const justProven: RequestHandler = (req, res, next) => {
  if (!bySelf(req)) return send(req, res, show(otherSignInPage(viewOf(res)), 403))
  if (isJustProven(req)) return next()
  // A form that came too late is filled in again, on its page.
  const back = req.method === 'GET' ? req.originalUrl : (localPathOfReferer(req.get('referer')) ?? '/me')
  send(req, res, go(confirmAddress(back)))
}

export const isJustProven = ({ session }: Request): boolean => Date.now() - (session.proven ?? 0) < LASTS
export const confirmAddress = (next: string) => `${PAGE}?next=${encodeURIComponent(next)}`

/** For what may be done at any time, by one's own sign-in. Stands behind `signedIn`. */
export const ownSignIn: RequestHandler = (req, res, next) =>
  bySelf(req) ? next() : send(req, res, show(otherSignInPage(viewOf(res)), 403))

/** Who comes by a merge sees the record; the ways into it are changed by its own sign-in alone. */
export const bySelf = ({ user, session }: Request): boolean => session.passport?.user?.id === user?.id

function localPathOfReferer(referer: string | undefined): string | null {
  const url = referer ? URL.parse(referer) : null
  return url && localPath(url.pathname, '/me')
}

export function confirmRoutes(services: WebServices): Router {
  const guard = guardForm([{ tries: 10, of: (req) => `proof of ${req.user?.id}` }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  /** Who has no password here is confirmed by the provider that they sign in by. */
  async function waysOf(view: View): Promise<Provider[]> {
    const ties = await services.providerTies.of(viewerOf(view).id)
    return services.providers.filter(({ id }) => ties.some(({ provider }) => provider === id))
  }
  /** Whoever signs in by two steps changes the ways in by both, a passkey that stands for both among them. */
  async function askedOf(view: View): Promise<{ ways: Provider[]; twoSteps: boolean }> {
    const [ways, factor] = await Promise.all([waysOf(view), services.secondFactors.of(viewerOf(view))])
    return { ways, twoSteps: factor !== null }
  }
  return Router()
    .get(
      PAGE,
      signedIn,
      page(async (view, req) => {
        const next = localPath(queryOf(req, 'next'), '/me')
        return show(confirmPage(view, { ...(await askedOf(view)), next, errors: [] }))
      }),
    )
    .post(
      PAGE,
      signedIn,
      ...guard,
      page(async (view, req) => {
        const next = localPath(textOf(req, 'next'), '/me')
        const password: unknown = req.body?.password
        const asked = await askedOf(view)
        const refused = (message: string, status: number, field = 'password') =>
          show(confirmPage(view, { ...asked, next, errors: [{ field, message }] }), status)
        if (typeof password !== 'string' || password === '')
          return refused(view.say(account)('currentMissing'), 400)
        if (!(await services.accounts.knowsPassword(viewerOf(view).id, password)))
          return refused(view.say(account)('passwordWrong'), 403)
        if (asked.twoSteps) {
          const code = textOf(req, 'code')
          if (code === '') return refused(view.say(security)('codeMissing'), 400, 'code')
          const used = await services.secondFactors.use(viewerOf(view), code)
          const [problem] = used === true ? [] : used.problems
          if (problem) return refused(explainAccountProblem(view, problem), 403, 'code')
        }
        req.session.proven = Date.now()
        return go(next)
      }),
    )
}

function confirmPage(
  view: View,
  props: { next: string; errors: readonly FieldError[]; ways: readonly Provider[]; twoSteps: boolean },
): Html {
  const say = view.say(security)
  return citizenPage(view, {
    title: say('confirmTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('confirmTitle'),
        lead: say('confirmLead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action=${PAGE} novalidate>
        <input type="hidden" name="next" value=${props.next} />
        ${field(view, {
          name: 'password',
          label: view.say(account)('currentPassword'),
          type: 'password',
          error: errorOf(props.errors, 'password'),
          required: true,
          autocomplete: 'current-password',
        })}
        ${
          props.twoSteps &&
          field(view, {
            name: 'code',
            label: say('code'),
            help: say('codeHelp'),
            error: errorOf(props.errors, 'code'),
            required: true,
            autocomplete: 'one-time-code',
            maxlength: 40,
          })
        }
        <div class="row">${button(view, { label: say('confirmDo'), kind: 'primary' })}</div>
      </form>
      ${
        props.ways.length > 0 &&
        html`<p>${say('confirmWith')} ${props.ways.map(({ id, name }) =>
          link({
            href: `/sign-in/with/${id}?device=own&next=${encodeURIComponent(props.next)}`,
            label: name,
          }),
        )}</p>`
      }
    </div>`,
  })
}
