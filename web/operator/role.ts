import { type Request, Router } from 'express'
import type { Person, Role } from '../../profiles/index.ts'
import { act, button } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { go, paramOf, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { personAddress } from './people.ts'
import { notedPersonOf } from './person-of.ts'

/** Roles in the whole tenant that are given and taken; a citizen is everybody. */
export const GRANTED = ['author', 'operator'] as const satisfies readonly Role[]
type Granted = (typeof GRANTED)[number]

export function roleRoutes(services: WebServices): Router {
  const one = notedPersonOf(services)
  const roleOf = (req: Request) => GRANTED.find((role) => role === paramOf(req, 'role'))
  /** Who was found to be somebody else has no roles of their own. */
  const grantable = (person: Person, req: Request) =>
    person.mergedInto === undefined ? roleOf(req) : undefined
  return Router()
    .get(
      '/people/:person/grant/:role',
      one((view, person, req) => {
        const role = grantable(person, req)
        return role ? show(grantPage(view, person, role)) : show(notFoundPage(view), 404)
      }),
    )
    .post(
      '/people/:person/grant/:role',
      one(async (view, person, req) => {
        const role = grantable(person, req)
        if (!role) return show(notFoundPage(view), 404)
        await services.accounts.grant(person.id, role, viewerOf(view).id)
        const say = view.say(operator)
        return go(personAddress(person), {
          message: say('granted', { name: person.name, role: say(`role-${role}`) }),
        })
      }),
    )
    .get(
      '/people/:person/take/:role',
      one((view, person, req) => {
        const role = roleOf(req)
        return role && person.roles.includes(role)
          ? show(takePage(view, person, role, '', []))
          : show(notFoundPage(view), 404)
      }),
    )
    .post(
      '/people/:person/take/:role',
      one(async (view, person, req) => {
        const role = roleOf(req)
        if (!role) return show(notFoundPage(view), 404)
        const say = view.say(operator)
        const reason = textOf(req, 'reason')
        const done = await services.accounts.take(person.id, role, viewerOf(view).id, reason)
        if ('ok' in done) {
          const [problem] = done.problems
          const words = WORDS[problem?.id as keyof typeof WORDS]
          const message = words ? say(words) : (problem?.message ?? '')
          return show(takePage(view, person, role, reason, [{ field: 'reason', message }]), done.status)
        }
        // Who took it from themselves has no way to the operator's pages any more.
        const to = person.id === viewerOf(view).id && role === 'operator' ? '/me' : personAddress(person)
        return go(to, { message: say('taken', { name: person.name, role: say(`role-${role}`) }) })
      }),
    )
}

const WORDS = {
  'role-reason-missing': 'takeReasonMissing',
  'reason-number': 'reasonNumber',
  'role-not-yours': 'takeNotYours',
  'last-operator': 'takeLast',
} as const

function grantPage(view: View, person: Person, role: Granted): Html {
  const say = view.say(operator)
  const words = { role: say(`role-${role}`), name: person.name }
  const title = say('grantTitle', words)
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: personAddress(person), label: person.name } })}
      <p>${say(role === 'operator' ? 'grant-operator' : 'grant-author')}</p>
      ${act(view, {
        label: say('grant', words),
        action: `${personAddress(person)}/grant/${role}`,
        kind: 'primary',
      })}
    </div>`,
  })
}

function takePage(
  view: View,
  person: Person,
  role: Granted,
  reason: string,
  errors: readonly FieldError[],
): Html {
  const say = view.say(operator)
  const words = { role: say(`role-${role}`), name: person.name }
  const title = say('takeTitle', words)
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: personAddress(person), label: person.name } })}
      ${errorSummary(view, errors)}
      <p>${say(role === 'operator' ? 'take-operator' : 'take-author')}</p>
      <form class="form" method="post" action=${`${personAddress(person)}/take/${role}`} novalidate>
        ${field(view, {
          name: 'reason',
          label: say('takeReason'),
          help: say('takeReasonHelp'),
          value: reason,
          required: true,
          maxlength: 500,
          error: errorOf(errors, 'reason'),
        })}
        <div class="row">${button(view, { label: say('take', words), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}
