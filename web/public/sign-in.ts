import { type Request, Router } from 'express'
import { button } from '../components/button.ts'
import { checkbox } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { SHARED_MINUTES } from '../components/shared-device.ts'
import { enter } from '../enter.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { recovery } from '../i18n/messages/recovery.ts'
import { security } from '../i18n/messages/security.ts'
import { knownDevices } from '../known-device.ts'
import { publicPage } from '../layout.ts'
import { go, localPath, page, queryOf, send, show, showOnce, textOf, viewOf } from '../page.ts'
import type { Provider } from '../provider.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { forgetPages } from '../session.ts'
import type { passportFor } from '../sign-in.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'
import { passkeySignIn } from './passkey-sign-in.ts'
import { providerLinks } from './provider-sign-in.ts'

const identifierOf = (req: Request) => textOf(req, 'identifier').toLowerCase()

export function signInRoutes(services: WebServices, passport: ReturnType<typeof passportFor>): Router {
  const { providers } = services
  const routes = Router()
  const known = knownDevices(services)
  /** Whose tries are counted together: those of a device that is known for the account stand for themselves. */
  const placeOf = (req: Request) => known.of(req, identifierOf(req)) ?? addressOf(req)
  const guard = guardForm(
    [
      { tries: 60, of: placeOf },
      { tries: 10, of: (req) => `of ${identifierOf(req)} at ${placeOf(req)}` },
    ],
    (req, res) => send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )

  routes.get(
    '/sign-in',
    page((view, req) => {
      const next = localPath(queryOf(req, 'next'), '/')
      if (view.viewer) return go(next)
      return showOnce(
        signInPage(view, { next, identifier: '', errors: [], ended: queryOf(req, 'ended'), providers }),
      )
    }),
  )

  routes.post('/sign-in', ...guard, async (req, res, next) => {
    const view = viewOf(res)
    const then = localPath(textOf(req, 'next'), '/')
    const refused = (errors: FieldError[], status: number) =>
      send(
        req,
        res,
        showOnce(
          signInPage(view, { next: then, identifier: textOf(req, 'identifier'), errors, providers }),
          status,
        ),
      )
    const say = view.say(account)
    const missing: FieldError[] = []
    if (!textOf(req, 'identifier')) missing.push({ field: 'identifier', message: say('identifierMissing') })
    if (typeof req.body?.password !== 'string' || req.body.password === '') {
      missing.push({ field: 'password', message: say('passwordMissing') })
    }
    if (missing.length > 0) return refused(missing, 400)
    const isKnown = known.of(req, identifierOf(req)) !== null
    const wait = isKnown ? 0 : await pause(services, textOf(req, 'identifier'))
    if (wait > 0) return send(req, res, show(tooManyPage(view, wait), 429))
    passport.authenticate('local', (error: unknown, person: Express.User | false) => {
      if (error) return next(error)
      if (!person) return refused([{ field: 'identifier', message: say('signInWrong') }], 401)
      const shared = textOf(req, 'shared') === 'yes'
      if (!shared) known.remember(req, res, identifierOf(req))
      enter(services, req, person, { shared, next: then }).then((to) => send(req, res, go(to)), next)
    })(req, res, next)
  })

  routes.post('/sign-out', (req, res, next) => {
    const view = viewOf(res)
    const said = view.shared ? view.say(security)('signedOutShared') : view.say(account)('signedOut')
    req.logOut((error) => {
      if (error) return next(error)
      forgetPages(req, res)
      send(req, res, go('/', { message: said }))
    })
  })
  return routes
}

/**
 * How long the next try on this account has to wait, ms: nothing for the first few, then doubling up to five minutes,
 * from whatever address the tries come. It holds up devices that are not known for the account; whoever is held up by a
 * stranger on a new device can get in by a code (recover.ts), which ends the pause.
 */
async function pause(services: WebServices, identifier: string): Promise<number> {
  const { count, last } = await services.accounts.failures(identifier)
  if (count < 10 || last === null) return 0
  const delay = Math.min(5 * 60_000, 2 ** (count - 10) * 5000)
  return Math.max(0, last + delay - Date.now())
}

function signInPage(
  view: View,
  props: {
    next: string
    identifier: string
    errors: readonly FieldError[]
    ended?: string
    providers: readonly Provider[]
  },
): Html {
  const say = view.say(account)
  const register = props.next === '/' ? '/register' : `/register?next=${encodeURIComponent(props.next)}`
  return publicPage(view, {
    title: say('signInTitle'),
    scripts: ['passkey'],
    body: html`<div class="stack">
      ${heading(view, { title: say('signInTitle'), lead: say('signInLead') })}
      ${endedNotice(view, props.ended)}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" action="/sign-in" novalidate>
        <input type="hidden" name="next" value=${props.next} />
        ${field(view, {
          name: 'identifier',
          label: say('identifier'),
          value: props.identifier,
          error: errorOf(props.errors, 'identifier'),
          required: true,
          autocomplete: 'username',
        })}
        ${field(view, {
          name: 'password',
          label: say('password'),
          type: 'password',
          error: errorOf(props.errors, 'password'),
          required: true,
          autocomplete: 'current-password',
        })}
        ${checkbox(view, { name: 'shared', label: say('shared'), help: say('sharedHelp') })}
        <div class="row">${button(view, { label: say('signInDo'), kind: 'primary' })}</div>
      </form>
      <div class="stack tight">${passkeySignIn(view, props.next)}</div>
      ${providerLinks(view, props.providers, props.next)}
      <p>${link({ href: '/recover', label: view.say(recovery)('forgot') })}</p>
      <p>${say('noAccount')} ${link({ href: register, label: say('registerLink') })}</p>
    </div>`,
  })
}

/** Why somebody is here again. */
function endedNotice(view: View, ended: string | undefined): Html {
  const say = view.say(security)
  if (ended === 'shared') return notice(view, { body: say('endedShared', { minutes: SHARED_MINUTES }) })
  if (ended === 'passkey') return notice(view, { tone: 'danger', body: say('passkeyRefused') })
  return ended === 'step' && notice(view, { body: say('stepEnded') })
}
