import { Router } from 'express'
import { sentAnswers } from '../citizen/consent-parts.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { publicPage } from '../layout.ts'
import { go, localPath, page, queryOf, send, show, showOnce, textOf, viewOf } from '../page.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession } from '../session.ts'
import type { passportFor } from '../sign-in.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'
import { fieldErrors, readRegistration, registrationForm } from './register-form.ts'

export function registerRoutes(services: WebServices, _passport: ReturnType<typeof passportFor>): Router {
  const routes = Router()
  const guard = guardForm(
    [
      { tries: 30, of: addressOf },
      // A whole class behind one address may; a program that makes accounts may not.
      { tries: 100, of: addressOf, all: true },
    ],
    (req, res) => send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )

  routes.get(
    '/register',
    page((view, req) => {
      const next = localPath(queryOf(req, 'next'), '/')
      const props = { next, shared: false, asked: services.consents.purposes(), errors: [] }
      return view.viewer ? go(next) : showOnce(registerPage(view, props))
    }),
  )

  routes.post('/register', ...guard, async (req, res) => {
    const view = viewOf(res)
    const then = localPath(textOf(req, 'next'), '/')
    const sent = { name: textOf(req, 'name'), identifier: textOf(req, 'identifier') }
    const shared = textOf(req, 'shared') === 'yes'
    const asked = services.consents.purposes()
    const form = { next: then, sent, shared, asked, answers: sentAnswers(req, asked) }
    const read = readRegistration(view, req, asked)
    if (Array.isArray(read)) {
      return send(req, res, showOnce(registerPage(view, { ...form, errors: read }), 400))
    }
    const person = await services.accounts.register(read)
    if ('ok' in person) {
      const errors = fieldErrors(view, person.problems)
      return send(req, res, showOnce(registerPage(view, { ...form, errors }), person.status))
    }
    await beginSession(req, person, { shared })
    const [first] = await services.identifiers.of(person.id)
    const provable = first && services.messages.carries(first.kind)
    const to = provable ? `/me/identifiers/start?next=${encodeURIComponent(then)}` : then
    send(req, res, go(to, { message: view.say(account)('registered', { name: person.name }) }))
  })
  return routes
}

function registerPage(
  view: View,
  props: Pick<Parameters<typeof registrationForm>[1], 'sent' | 'errors' | 'asked' | 'answers'> & {
    next: string
    shared: boolean
  },
) {
  const say = view.say(account)
  const signIn = props.next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(props.next)}`
  return publicPage(view, {
    title: say('registerTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('registerTitle'), lead: say('registerLead') })}
      ${registrationForm(view, { ...props, shared: { checked: props.shared }, action: '/register', submit: say('registerDo') })}
      <p>${say('haveAccount')} ${link({ href: signIn, label: say('signInLink') })}</p>
    </div>`,
  })
}
