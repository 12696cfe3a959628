import type { Request } from 'express'
import type { Problem } from '../../lrs/index.ts'
import type { ConsentPurpose, Role } from '../../profiles/index.ts'
import { type Asked, consentField, type SentAnswer, sentAnswers } from '../citizen/consent-parts.ts'
import { button } from '../components/button.ts'
import { checkbox } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { consents } from '../i18n/messages/consents.ts'
import { explainAccountProblem, passwordMin } from '../i18n/problems.ts'
import { textOf } from '../page.ts'
import type { View } from '../view.ts'

export interface Registration {
  name: string
  identifier: string
  password: string
  language: 'vi' | 'en'
  consents?: { purpose: ConsentPurpose; answer: 'yes' | 'no'; version: number; where: 'registration' }[]
}

/** The form as sent, or what is missing in it; with what it asked consent for. */
export function readRegistration(
  view: View,
  req: Request,
  asked: readonly Asked[] = [],
): Registration | FieldError[] {
  const say = view.say(account)
  const password = typeof req.body?.password === 'string' ? (req.body.password as string) : ''
  const sent = {
    name: textOf(req, 'name'),
    identifier: textOf(req, 'identifier'),
    password,
    language: view.language,
  }
  const errors: FieldError[] = []
  if (!sent.name) errors.push({ field: 'name', message: say('nameMissing') })
  if (!sent.identifier) errors.push({ field: 'identifier', message: say('identifierMissing') })
  if (!password) errors.push({ field: 'password', message: say('passwordMissing') })
  const answers = sentAnswers(req, asked).flatMap(({ purpose, answer, version }) => {
    if (answer !== null) return [{ purpose, answer, version, where: 'registration' as const }]
    errors.push({ field: purpose, message: view.say(consents)('answerMissing') })
    return []
  })
  if (errors.length > 0) return errors
  return asked.length > 0 ? { ...sent, consents: answers } : sent
}

/** A refusal of profiles, beside the field it speaks of. */
export function fieldErrors(view: View, problems: readonly Problem[]): FieldError[] {
  return problems.map((problem) => ({
    field:
      problem.path === 'consent'
        ? 'learning-record'
        : (['name', 'identifier', 'password'].find((name) => problem.path?.includes(name)) ?? 'identifier'),
    message: explainAccountProblem(view, problem),
  }))
}

export function registrationForm(
  view: View,
  props: {
    action: string
    submit: string
    next?: string
    sent?: { name: string; identifier: string }
    errors: readonly FieldError[]
    /** Asks whether others use this device; `checked` as it was sent. */
    shared?: { checked: boolean }
    /** What consent is asked for, and how it was answered. */
    asked?: readonly Asked[]
    answers?: readonly SentAnswer[]
    /** Those that the new account will have beside that of a citizen. */
    roles?: Role[]
  },
): Html {
  const say = view.say(account)
  return html`${errorSummary(view, props.errors)}
    <form class="form" method="post" action=${props.action} novalidate>
      ${props.next && html`<input type="hidden" name="next" value=${props.next} />`}
      ${field(view, {
        name: 'name',
        label: say('name'),
        help: say('nameHelp'),
        value: props.sent?.name,
        error: errorOf(props.errors, 'name'),
        required: true,
        autocomplete: 'name',
        maxlength: 120,
      })}
      ${field(view, {
        name: 'identifier',
        label: say('identifier'),
        help: say('identifierHelp'),
        value: props.sent?.identifier,
        error: errorOf(props.errors, 'identifier'),
        required: true,
        autocomplete: 'username',
      })}
      ${field(view, {
        name: 'password',
        label: say('password'),
        type: 'password',
        help: say('passwordHelp', { min: passwordMin(props.roles && { roles: props.roles }) }),
        error: errorOf(props.errors, 'password'),
        required: true,
        autocomplete: 'new-password',
      })}
      ${(props.asked ?? []).map((each) =>
        consentField(view, each, {
          sent: props.answers?.find(({ purpose }) => purpose === each.purpose),
          error: errorOf(props.errors, each.purpose),
        }),
      )}
      ${props.shared && checkbox(view, { name: 'shared', label: say('shared'), help: say('sharedHelp'), checked: props.shared.checked })}
      <div class="row">${button(view, { label: props.submit, kind: 'primary' })}</div>
    </form>`
}
