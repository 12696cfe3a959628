import { Router } from 'express'
import type { Person } from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import { links } from '../i18n/messages/links.ts'
import { go, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { personAddress, rolesWords } from './people.ts'
import { notedPersonOf } from './person-of.ts'
import { reasonErrors } from './reason.ts'

interface Sent {
  into: string
  reason: string
}

/** Two persons found to be one, and taken apart again. */
export function mergeRoutes(services: WebServices): Router {
  const one = notedPersonOf(services)
  return Router()
    .get(
      '/people/:person/merge',
      one((view, person) => show(mergePage(view, person, { into: '', reason: '' }, []))),
    )
    .post(
      '/people/:person/merge',
      one(async (view, person, req) => {
        const say = view.say(links)
        const sent = { into: textOf(req, 'into'), reason: textOf(req, 'reason') }
        const into = (await services.accounts.get(sent.into)) ?? (await services.accounts.find(sent.into))
        const errors: FieldError[] = []
        if (!into) errors.push({ field: 'into', message: say('mergeIntoMissing') })
        errors.push(...reasonErrors(view, sent.reason))
        if (!into || errors.length > 0) return show(mergePage(view, person, sent, errors), 400)
        if (textOf(req, 'confirmed') !== 'yes') {
          const count = await services.transcript.count(person.id)
          return show(confirmPage(view, { person, into, sent, count }))
        }
        const by = viewerOf(view).id
        const done = await services.merges.merge({ from: person.id, into: into.id, by, reason: sent.reason })
        if ('problems' in done) {
          const message = whyNot(view, done.problems[0]?.id, person)
          return show(mergePage(view, person, sent, [{ field: 'into', message }]), done.status)
        }
        return go(personAddress(into), { message: say('merged') })
      }),
    )
    .get(
      '/people/:person/merge/undo',
      one(async (view, person) => {
        const into = await keptOf(services, person)
        return into ? show(undoPage(view, { person, into, errors: [] })) : show(notFoundPage(view), 404)
      }),
    )
    .post(
      '/people/:person/merge/undo',
      one(async (view, person, req) => {
        const into = await keptOf(services, person)
        if (!into) return show(notFoundPage(view), 404)
        const reason = textOf(req, 'reason')
        const errors = reasonErrors(view, reason)
        if (errors.length > 0) {
          return show(undoPage(view, { person, into, errors }), 400)
        }
        await services.merges.undo({ from: person.id, by: viewerOf(view).id, reason })
        return go(personAddress(person), { message: view.say(links)('mergeUndone') })
      }),
    )
}

async function keptOf(services: WebServices, person: Person): Promise<Person | null> {
  const merge = (await services.merges.of(person.id)).find((each) => each.from === person.id && !each.undone)
  return merge ? services.accounts.get(merge.into) : null
}

function whyNot(view: View, problem: string | undefined, person: Person): string {
  const say = view.say(links)
  if (problem === 'merge-same') return say('mergeSame')
  if (problem === 'merge-roles') return say('mergeRoles', { roles: rolesWords(view, person) })
  return say(problem === 'merge-already' ? 'mergeAlready' : 'mergeIntoMissing')
}

function mergePage(view: View, person: Person, sent: Sent, errors: readonly FieldError[]): Html {
  const say = view.say(links)
  const title = say('mergeTitle', { name: person.name })
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('mergeLead'), back: { href: personAddress(person), label: person.name } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${personAddress(person)}/merge`} novalidate>
        ${field(view, {
          name: 'into',
          label: say('mergeInto'),
          help: say('mergeIntoHelp'),
          value: sent.into,
          required: true,
          maxlength: 300,
          autocomplete: 'off',
          error: errorOf(errors, 'into'),
        })}
        ${reasonField(view, sent.reason, errors)}
        <div class="row">${button(view, { label: say('mergeNext'), kind: 'primary', icon: 'next' })}</div>
      </form>
    </div>`,
  })
}

function reasonField(view: View, value: string, errors: readonly FieldError[]): Html {
  return field(view, {
    name: 'reason',
    label: view.say(links)('mergeReason'),
    value,
    required: true,
    rows: 3,
    maxlength: 1000,
    error: errorOf(errors, 'reason'),
  })
}

/** Says what will happen before it does. */
function confirmPage(
  view: View,
  props: { person: Person; into: Person; sent: Sent; count: number | null },
): Html {
  const say = view.say(links)
  const { person, into, sent } = props
  const names = { name: person.name, into: into.name }
  const title = say('mergeConfirmTitle', names)
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: `${personAddress(person)}/merge`, label: say('mergeOpen') } })}
      ${facts([
        [say('mergeInto'), link({ href: personAddress(into), label: into.name })],
        [say('mergeReason'), sent.reason],
      ])}
      <p>${props.count === null ? say('mergeWillAll', names) : say('mergeWill', { ...names, count: props.count })}</p>
      <form class="row" method="post" action=${`${personAddress(person)}/merge`}>
        <input type="hidden" name="into" value=${into.id} />
        <input type="hidden" name="reason" value=${sent.reason} />
        <input type="hidden" name="confirmed" value="yes" />
        ${button(view, { label: say('mergeDo'), kind: 'primary' })}
        ${buttonLink(view, { label: view.say(common)('changeBack'), href: personAddress(person), kind: 'quiet' })}
      </form>
    </div>`,
  })
}

function undoPage(
  view: View,
  { person, into, errors }: { person: Person; into: Person; errors: readonly FieldError[] },
): Html {
  const say = view.say(links)
  const names = { name: person.name, into: into.name }
  const title = say('mergeUndoTitle', names)
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, {
        title,
        lead: say('mergeUndoLead', names),
        back: { href: personAddress(person), label: person.name },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${personAddress(person)}/merge/undo`} novalidate>
        ${reasonField(view, '', errors)}
        <div class="row">${button(view, { label: say('mergeUndoDo'), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}
