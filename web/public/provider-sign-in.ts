import { type Request, Router } from 'express'
import { bySelf, confirmAddress, isJustProven } from '../confirm.ts'
import { enter } from '../enter.ts'
import { html } from '../html.ts'
import { security } from '../i18n/messages/security.ts'
import { explainAccountProblem } from '../i18n/problems.ts'
import { notify } from '../letters.ts'
import {
  go,
  localPath,
  page,
  paramOf,
  queryOf,
  type Reply,
  send,
  show,
  showOnce,
  textOf,
  viewOf,
} from '../page.ts'
import { PROVIDER_LASTS, type Provider } from '../provider.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession, freshSession, saved } from '../session.ts'
import type { View } from '../view.ts'
import { notFoundPage, otherSignInPage, tooManyPage } from './error-pages.ts'
import { failedProviderPage, leavePage, newcomerPage, tiePage } from './provider-pages.ts'

/** Where every provider sends its people back to is `/sign-in/with/ID/back`, to be registered there. */
const PATH = '/sign-in/with'

/**
 * Signing in by another provider. What it says of somebody opens the account that is tied to it, and no other: a
 * verified e-mail never does. Where none is tied, its person decides: a new record, or signing in and tying it there.
 */
export function providerSignInRoutes(services: WebServices): Router {
  const { providers, providerTies, accounts, publicUrl } = services
  const guard = guardForm([{ tries: 100, of: addressOf, all: true }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  const ofProvider = (answer: (view: View, provider: Provider, req: Request) => Reply | Promise<Reply>) =>
    page((view, req) => {
      const provider = providers.find(({ id }) => id === paramOf(req, 'provider'))
      return provider ? answer(view, provider, req) : show(notFoundPage(view), 404)
    })
  const backOf = ({ id }: Provider) => `${publicUrl}${PATH}/${id}/back`

  return Router()
    .get(
      `${PATH}/:provider`,
      ...guard,
      ofProvider(async (view, provider, req) => {
        const next = localPath(queryOf(req, 'next'), '/')
        const device = queryOf(req, 'device')
        if (device !== 'own' && device !== 'shared') return show(leavePage(view, provider, next))
        // Who is signed in proves that it is them: that this browser is signed in there proves nothing.
        const begun = await provider.begin(backOf(provider), { anew: view.viewer !== null })
        if (!begun.ok) return show(failedProviderPage(view, provider, begun.reason), 503)
        req.session.sentAway = {
          provider: provider.id,
          checks: begun.checks,
          shared: device === 'shared',
          next,
          until: Date.now() + PROVIDER_LASTS,
        }
        await saved(req)
        return { kind: 'go', to: begun.url }
      }),
    )
    .get(
      `${PATH}/:provider/back`,
      ...guard,
      ofProvider(async (view, provider, req) => {
        const { sentAway } = req.session
        delete req.session.sentAway
        if (!sentAway || sentAway.provider !== provider.id || sentAway.until < Date.now())
          return show(failedProviderPage(view, provider, 'refused'), 400)
        await saved(req)
        const { search } = new URL(req.originalUrl, publicUrl)
        const done = await provider.finish(backOf(provider) + search, sentAway.checks)
        if (!done.ok) {
          const status = { unreachable: 503, declined: 200, refused: 400 }[done.reason]
          return show(failedProviderPage(view, provider, done.reason), status)
        }
        const { identity } = done
        const tie = providerTies.tieOf(identity)
        const { shared, next } = sentAway
        const known = await providerTies.personOf(tie)
        const person = known && (await accounts.get(known))
        if (view.viewer) {
          if (person && person.id !== view.viewer.id)
            return show(failedProviderPage(view, provider, 'taken'), 409)
          if (person) {
            // Who has no password proves in this way that it is them.
            req.session.proven = Date.now()
            return go(next)
          }
        } else if (person) return go(await enter(services, req, person, { shared, next }))
        else await freshSession(req)
        req.session.newcomer = {
          provider: provider.id,
          tie,
          name: identity.name,
          identifier: identity.email ?? identity.phone,
          shared,
          next,
          until: Date.now() + PROVIDER_LASTS,
        }
        await saved(req)
        return go(`${PATH}/${provider.id}/new`)
      }),
    )
    .get(
      `${PATH}/:provider/new`,
      ofProvider((view, provider, req) => {
        const newcomer = newcomerOf(req, provider)
        if (!newcomer) return go('/sign-in')
        return view.viewer
          ? showOnce(tiePage(view, provider, newcomer.name))
          : showOnce(newcomerPage(view, provider, { name: newcomer.name ?? '', errors: [] }))
      }),
    )
    .post(
      `${PATH}/:provider/new`,
      ...guard,
      ofProvider(async (view, provider, req) => {
        const newcomer = newcomerOf(req, provider)
        if (!newcomer) return go('/sign-in')
        const { tie, shared, next } = newcomer
        const say = view.say(security)
        if (view.viewer) {
          if (!bySelf(req)) return show(otherSignInPage(view), 403)
          if (!isJustProven(req)) return go(confirmAddress(`${PATH}/${provider.id}/new`))
          const tied = await providerTies.add(view.viewer.id, { tie, provider: provider.id })
          delete req.session.newcomer
          if ('ok' in tied) return show(failedProviderPage(view, provider, 'taken'), 409)
          notify(services, view.viewer, 'provider-added')
          return go('/me/sign-in-with', { message: say('providerAdded', { name: provider.name }) })
        }
        const name = textOf(req, 'name')
        const person = await providerTies.register({
          tie,
          provider: provider.id,
          name,
          language: view.language,
          identifier: newcomer.identifier,
        })
        if ('ok' in person) {
          const errors = person.problems.map((each) => ({
            field: 'name',
            message: explainAccountProblem(view, each),
          }))
          return showOnce(newcomerPage(view, provider, { name, errors }), person.status)
        }
        await beginSession(req, person, { shared })
        return go(next)
      }),
    )
}

function newcomerOf(req: Request, { id }: Provider) {
  const { newcomer } = req.session
  return newcomer?.provider === id && newcomer.until > Date.now() ? newcomer : null
}

/** On the page of signing in: a way by each provider. They are links, since a form may lead nowhere but here. */
export function providerLinks(view: View, providers: readonly Provider[], next: string) {
  if (providers.length === 0) return null
  const say = view.say(security)
  return html`<ul class="plain stack tight">${providers.map(
    ({ id, name }) =>
      html`<li><a class="button" href=${`${PATH}/${id}?next=${encodeURIComponent(next)}`}>${say('providerSignIn', { name })}</a></li>`,
  )}</ul>`
}
