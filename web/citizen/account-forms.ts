import { Router } from 'express'
import { button } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { ownSignIn } from '../confirm.ts'
import { type Html, html } from '../html.ts'
import { isLanguage } from '../i18n/language.ts'
import { account } from '../i18n/messages/account.ts'
import { speak } from '../i18n/messages.ts'
import { explainAccountProblem, passwordMin } from '../i18n/problems.ts'
import { citizenPage } from '../layout.ts'
import { notify } from '../letters.ts'
import { go, page, secretOf, send, show, signedIn, textOf, viewerOf, viewOf } from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession, goingOn } from '../session.ts'
import type { View } from '../view.ts'

/** Where people change their name and language, and their password. */
export function accountFormRoutes(services: WebServices): Router {
  const { accounts } = services
  const guard = guardForm([{ tries: 10, of: (req) => `password of ${req.user?.id}` }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  return Router()
    .get(
      '/me/change',
      signedIn,
      page((view) => {
        const { name, language } = viewerOf(view)
        return show(changePage(view, { sent: { name, language }, errors: [] }))
      }),
    )
    .post(
      '/me/change',
      signedIn,
      page(async (view, req) => {
        const chosen = textOf(req, 'language')
        const language = isLanguage(chosen) ? chosen : viewerOf(view).language
        const sent = { name: textOf(req, 'name'), language }
        const changed = await accounts.change(viewerOf(view).id, sent)
        if ('ok' in changed) {
          const errors = fieldErrors(view, changed.problems, 'name')
          return show(changePage(view, { sent, errors }), changed.status)
        }
        // This device follows too, whatever was chosen on it before.
        return go(`/me?lang=${language}`, { message: speak(language, account)('meSaved') })
      }),
    )
    .get(
      '/me/password',
      signedIn,
      page((view) => show(passwordPage(view, []))),
    )
    .post(
      '/me/password',
      signedIn,
      ownSignIn,
      ...guard,
      page(async (view, req) => {
        const say = view.say(account)
        const [current, password] = [secretOf(req, 'current'), secretOf(req, 'password')]
        const missing: FieldError[] = []
        if (!current) missing.push({ field: 'current', message: say('currentMissing') })
        if (!password) missing.push({ field: 'password', message: say('newMissing') })
        if (missing.length > 0) return show(passwordPage(view, missing), 400)
        const changed = await accounts.changePassword(viewerOf(view).id, { current, password })
        if ('ok' in changed)
          return show(passwordPage(view, fieldErrors(view, changed.problems, 'password')), changed.status)
        notify(services, changed, 'password')
        // Every session that began with the old password is over, this one too: it goes on as a new one.
        await beginSession(req, changed, goingOn(req))
        return go('/me', { message: say('passwordChanged') })
      }),
    )
}

function fieldErrors(
  view: View,
  problems: readonly Parameters<typeof explainAccountProblem>[1][],
  otherwise: string,
): FieldError[] {
  return problems.map((problem) => ({
    field: ['name', 'language', 'current', 'password'].find((name) => name === problem.path) ?? otherwise,
    message: explainAccountProblem(view, problem),
  }))
}

function changePage(
  view: View,
  { sent, errors }: { sent: { name: string; language: string }; errors: readonly FieldError[] },
): Html {
  const say = view.say(account)
  return citizenPage(view, {
    title: say('changeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('changeTitle'), back: { href: '/me', label: say('meTitle') } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action="/me/change" novalidate>
        ${field(view, {
          name: 'name',
          label: say('name'),
          help: say('nameHelp'),
          value: sent.name,
          error: errorOf(errors, 'name'),
          required: true,
          autocomplete: 'name',
          maxlength: 120,
        })}
        ${radios(view, {
          name: 'language',
          label: say('meLanguage'),
          help: say('languageHelp'),
          options: [
            { value: 'vi', label: say('languageVi') },
            { value: 'en', label: say('languageEn') },
          ],
          value: sent.language,
          error: errorOf(errors, 'language'),
          required: true,
        })}
        <div class="row">${button(view, { label: say('changeDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

function passwordPage(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(account)
  return citizenPage(view, {
    title: say('passwordTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('passwordTitle'),
        lead: say('passwordLead'),
        back: { href: '/me', label: say('meTitle') },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action="/me/password" novalidate>
        ${field(view, {
          name: 'current',
          label: say('currentPassword'),
          type: 'password',
          error: errorOf(errors, 'current'),
          required: true,
          autocomplete: 'current-password',
        })}
        ${field(view, {
          name: 'password',
          label: say('newPassword'),
          type: 'password',
          help: say('passwordHelp', { min: passwordMin(viewerOf(view)) }),
          error: errorOf(errors, 'password'),
          required: true,
          autocomplete: 'new-password',
        })}
        <div class="row">${button(view, { label: say('passwordDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}
