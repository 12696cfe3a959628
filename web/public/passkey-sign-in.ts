import { Router } from 'express'
import { passkeyForm } from '../components/passkey-form.ts'
import { enter } from '../enter.ts'
import { type Html, html } from '../html.ts'
import { security } from '../i18n/messages/security.ts'
import { go, json, localPath, page, send, show, textOf, viewOf } from '../page.ts'
import { keepChallenge, passkeysPossible, siteOf, takeChallenge } from '../passkey-challenge.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession } from '../session.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'

const ACTION = '/sign-in/passkey'

/** Signing in with what the device keeps; nothing is typed. */
export function passkeySignInRoutes(services: WebServices): Router {
  const { accounts, passkeys } = services
  const site = siteOf(services)
  const guard = guardForm([{ tries: 60, of: addressOf }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  return Router()
    .post(
      `${ACTION}/options`,
      // Each makes a session: a program is not to make them without end, a class behind one address may.
      ...guardForm([{ tries: 300, of: addressOf, all: true }], (_req, res) => void res.status(429).json({})),
      page(async (_view, req) => {
        const { options, challenge } = await passkeys.authentication(site)
        await keepChallenge(req, 'sign-in', challenge)
        return json(options)
      }),
    )
    .post(
      ACTION,
      ...guard,
      page(async (view, req) => {
        const next = localPath(textOf(req, 'next'), '/')
        const challenge = await takeChallenge(req, 'sign-in')
        const again = () => go(`/sign-in?ended=passkey&next=${encodeURIComponent(next)}`)
        if (view.viewer) return go(next)
        const proven =
          challenge && (await passkeys.signIn({ site, challenge, response: textOf(req, 'response') }))
        const person = proven && 'person' in proven ? await accounts.get(proven.person) : null
        if (!proven || 'ok' in proven || !person) return again()
        const shared = textOf(req, 'shared') === 'yes'
        // Without a finger, a face or a PIN the device proved that it is there, and not who holds it.
        if (!proven.verified) return go(await enter(services, req, person, { shared, next }))
        await beginSession(req, person, { shared, factors: 2 })
        return go(next)
      }),
    )
}

/** On the page of signing in; nothing where the address of this server cannot have passkeys. */
export function passkeySignIn(view: View, next: string): Html {
  if (!passkeysPossible(view)) return null
  return passkeyForm(view, {
    act: 'get',
    action: ACTION,
    options: `${ACTION}/options`,
    fields: html`<input type="hidden" name="next" value=${next} /><input type="hidden" name="shared" />`,
    look: { label: view.say(security)('passkeySignIn'), icon: 'key' },
  })
}
