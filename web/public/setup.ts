import { type Request, Router } from 'express'
import { buttonLink } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { publicPage } from '../layout.ts'
import { go, page, paramOf, send, show, textOf, viewOf } from '../page.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession } from '../session.ts'
import type { passportFor } from '../sign-in.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'
import { fieldErrors, readRegistration, registrationForm } from './register-form.ts'

/** The one-time page that `npm start` prints the address of: whoever holds it becomes the first operator. */
export function setupRoutes(services: WebServices, _passport: ReturnType<typeof passportFor>): Router {
  const routes = Router()
  const guard = guardForm([{ tries: 20, of: addressOf }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  routes.get(
    '/setup/:token',
    page(async (view, req) => {
      const problem = await services.accounts.setUpProblem(paramOf(req, 'token'))
      if (problem) return show(usedPage(view), problem.status)
      return show(setupPage(view, { action: addressOfSetup(req), errors: [] }))
    }),
  )

  routes.post('/setup/:token', ...guard, async (req, res) => {
    const view = viewOf(res)
    const form = {
      action: addressOfSetup(req),
      sent: { name: textOf(req, 'name'), identifier: textOf(req, 'identifier') },
    }
    const read = readRegistration(view, req)
    if (Array.isArray(read)) return send(req, res, show(setupPage(view, { ...form, errors: read }), 400))
    const person = await services.accounts.setUp(paramOf(req, 'token'), read)
    if ('ok' in person) {
      // The link itself is refused: used before, or not the newest one.
      if (person.problems.some(({ id }) => id.startsWith('set-up-'))) {
        return send(req, res, show(usedPage(view), person.status))
      }
      const errors = fieldErrors(view, person.problems)
      return send(req, res, show(setupPage(view, { ...form, errors }), person.status))
    }
    await beginSession(req, person)
    send(req, res, go('/operator'))
  })
  return routes
}

const addressOfSetup = (req: Request) => `/setup/${encodeURIComponent(paramOf(req, 'token'))}`

function setupPage(view: View, props: Omit<Parameters<typeof registrationForm>[1], 'submit'>): Html {
  const say = view.say(account)
  return publicPage(view, {
    title: say('setupTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('setupTitle'), lead: say('setupLead') })}
      ${registrationForm(view, { ...props, submit: say('setupDo'), roles: ['operator'] })}
    </div>`,
  })
}

function usedPage(view: View): Html {
  const say = view.say(account)
  return publicPage(view, {
    title: say('setupTitle'),
    body: html`<div class="stack">
      <h1>${say('setupTitle')}</h1>
      ${notice(view, { tone: 'warning', body: say('setupUsed') })}
      ${buttonLink(view, { label: say('signInLink'), href: '/sign-in', kind: 'primary' })}
    </div>`,
  })
}
