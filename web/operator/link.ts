import { Router } from 'express'
import { statementKey } from '../../lrs/index.ts'
import type { Link, Person } from '../../profiles/index.ts'
import { linkId } from '../citizen/link-id.ts'
import { button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { dateField, errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { common } from '../i18n/messages/common.ts'
import { links } from '../i18n/messages/links.ts'
import { operator } from '../i18n/messages/operator.ts'
import { go, paramOf, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { readIdentifier } from './identifier.ts'
import { personAddress } from './people.ts'
import { identifierCell } from './person.ts'
import { notedPersonOf } from './person-of.ts'
import { reasonErrors } from './reason.ts'

/** Statements under an identifier are counted up to here. */
const COUNTED = 200

const EMPTY: Sent = { identifier: '', reason: '', number: '', date: '' }

interface Sent {
  identifier: string
  reason: string
  number: string
  /** 2026-11-24 */
  date: string
}

export function linkRoutes(services: WebServices): Router {
  const one = notedPersonOf(services)
  return (
    Router()
      .get(
        '/people/:person/link',
        one((view, person) => show(linkPage(view, { person, sent: EMPTY, errors: [] }))),
      )
      // From a hint: sent as a form, for the identifier stays out of addresses.
      .post(
        '/people/:person/link/begin',
        one((view, person, req) =>
          show(
            linkPage(view, { person, sent: { ...EMPTY, identifier: textOf(req, 'identifier') }, errors: [] }),
          ),
        ),
      )
      .post(
        '/people/:person/link',
        one(async (view, person, req) => {
          const say = view.say(operator)
          const sent: Sent = {
            identifier: textOf(req, 'identifier'),
            reason: textOf(req, 'reason'),
            number: textOf(req, 'number'),
            date: textOf(req, 'date'),
          }
          const refused = (errors: readonly FieldError[], status: number) =>
            show(linkPage(view, { person, sent, errors }), status)
          const agent = readIdentifier(sent.identifier)
          const errors: FieldError[] = []
          if (agent === null) errors.push({ field: 'identifier', message: say('agentBad') })
          errors.push(...reasonErrors(view, sent.reason))
          if (!sent.number || sent.number.length > 100)
            errors.push({ field: 'number', message: view.say(links)('documentMissing') })
          if (!/^\d{4}-\d\d-\d\d$/.test(sent.date) || Number.isNaN(Date.parse(sent.date)))
            errors.push({ field: 'date', message: view.say(links)('dateMissing') })
          if (agent === null || errors.length > 0) return refused(errors, 400)

          const holder = await services.links.personOf(agent)
          if (holder !== null) {
            const name = (await services.accounts.get(holder))?.name ?? holder
            const message = holder === person.id ? say('linkAlready') : say('linkTaken', { name })
            return refused([{ field: 'identifier', message }], 409)
          }
          if (textOf(req, 'confirmed') !== 'yes') {
            const [sum, contested] = await Promise.all([
              countOf(services, view, agent),
              services.links.wasContested(agent, person.id),
            ])
            return show(confirmPage(view, { person, sent, agent, sum, contested }))
          }
          const done = await services.links.link({
            agent,
            person: person.id,
            how: 'operator',
            proof: { document: { number: sent.number, date: sent.date } },
            by: viewerOf(view).id,
            reason: sent.reason,
          })
          if ('problems' in done) {
            return refused([whyNot(view, done.problems[0]?.id)], done.status)
          }
          return go(personAddress(person), { message: say('linked') })
        }),
      )
      .get(
        '/people/:person/links/:link/unlink',
        one(async (view, person, req) => {
          const link = await currentLink(services, person, paramOf(req, 'link'))
          return link ? show(unlinkPage(view, { person, link, errors: [] })) : show(notFoundPage(view), 404)
        }),
      )
      .post(
        '/people/:person/links/:link/unlink',
        one(async (view, person, req) => {
          const say = view.say(operator)
          const link = await currentLink(services, person, paramOf(req, 'link'))
          if (!link) return show(notFoundPage(view), 404)
          const reason = textOf(req, 'reason')
          const errors = reasonErrors(view, reason)
          if (errors.length > 0) {
            return show(unlinkPage(view, { person, link, errors }), 400)
          }
          await services.links.unlink({ agent: link.agent, by: viewerOf(view).id, reason })
          return go(personAddress(person), { message: say('unlinked') })
        }),
      )
  )
}

function whyNot(view: View, problem: string | undefined): FieldError {
  const say = view.say(operator)
  if (problem === 'link-document-missing') return { field: 'date', message: view.say(links)('dateMissing') }
  const words: Record<string, string> = {
    'link-taken': say('linkTaken', { name: '…' }),
    'link-role-address': view.say(links)('roleAddress'),
    'link-person-merged': view.say(links)('mergeAlready'),
  }
  return { field: 'identifier', message: words[problem ?? ''] ?? say('agentBad') }
}

/** The product's own link is never ended by hand. */
async function currentLink(services: WebServices, person: Person, id: string): Promise<Link | undefined> {
  const links = await services.links.of(person.id)
  return links.find((each) => each.until === null && each.how !== 'product' && linkId(each.agent) === id)
}

async function countOf(
  services: WebServices,
  view: View,
  agent: string,
): Promise<{ count: number; more: boolean }> {
  const found = await services.lrs.queryStatements(services.readerFor(viewerOf(view).id), {
    keys: [statementKey.actor(agent)],
    ascending: false,
    limit: COUNTED,
    maxBytes: 2_000_000,
  })
  return 'statements' in found
    ? { count: found.statements.length, more: found.more }
    : { count: 0, more: false }
}

function linkPage(view: View, props: { person: Person; sent: Sent; errors: readonly FieldError[] }): Html {
  const say = view.say(operator)
  const { person, sent, errors } = props
  const title = say('linkTitle', { name: person.name })
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('linkLead'), back: { href: personAddress(person), label: person.name } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${personAddress(person)}/link`} novalidate>
        ${field(view, {
          name: 'identifier',
          label: say('identifierField'),
          help: say('agentHelp'),
          value: sent.identifier,
          required: true,
          maxlength: 2000,
          autocomplete: 'off',
          error: errorOf(errors, 'identifier'),
        })}
        ${field(view, {
          name: 'reason',
          label: say('reasonField'),
          help: say('reasonHelp'),
          value: sent.reason,
          required: true,
          rows: 3,
          maxlength: 1000,
          error: errorOf(errors, 'reason'),
        })}
        ${field(view, {
          name: 'number',
          label: view.say(links)('documentNumber'),
          help: view.say(links)('documentNumberHelp'),
          value: sent.number,
          required: true,
          maxlength: 100,
          autocomplete: 'off',
          error: errorOf(errors, 'number'),
        })}
        ${dateField(view, {
          name: 'date',
          label: view.say(links)('documentDate'),
          value: sent.date,
          required: true,
          error: errorOf(errors, 'date'),
        })}
        <div class="row">${button(view, { label: say('linkNext'), kind: 'primary', icon: 'next' })}</div>
      </form>
    </div>`,
  })
}

/** Says what will happen before it does. */
function confirmPage(
  view: View,
  props: {
    person: Person
    sent: Sent
    agent: string
    sum: { count: number; more: boolean }
    contested: boolean
  },
): Html {
  const say = view.say(operator)
  const { person, sent, sum } = props
  const title = say('linkConfirmTitle', { name: person.name })
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: `${personAddress(person)}/link`, label: say('link') } })}
      ${facts([
        [say('columnIdentifier'), identifierCell(view, props.agent)],
        [say('columnReason'), sent.reason],
        [view.say(links)('documentNumber'), sent.number],
        [view.say(links)('documentDate'), sent.date],
      ])}
      ${props.contested && notice(view, { tone: 'warning', body: view.say(links)('wasContested') })}
      <p>${say(sum.more ? 'linkWillMany' : 'linkWill', { count: sum.count })}</p>
      <p class="muted">${say('linkUndo')}</p>
      <form class="row" method="post" action=${`${personAddress(person)}/link`}>
        <input type="hidden" name="identifier" value=${sent.identifier} />
        <input type="hidden" name="reason" value=${sent.reason} />
        <input type="hidden" name="number" value=${sent.number} />
        <input type="hidden" name="date" value=${sent.date} />
        <input type="hidden" name="confirmed" value="yes" />
        ${button(view, { label: say('linkDo'), kind: 'primary', icon: 'link' })}
        ${buttonLink(view, { label: view.say(common)('changeBack'), href: personAddress(person), kind: 'quiet' })}
      </form>
    </div>`,
  })
}

function unlinkPage(view: View, props: { person: Person; link: Link; errors: readonly FieldError[] }): Html {
  const say = view.say(operator)
  const { person, link, errors } = props
  const title = say('unlinkTitle', { name: person.name })
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('unlinkLead'), back: { href: personAddress(person), label: person.name } })}
      ${errorSummary(view, errors)}
      ${facts([
        [say('columnIdentifier'), identifierCell(view, link.agent)],
        [say('columnReason'), link.reason],
      ])}
      <form class="form" method="post" action=${`${personAddress(person)}/links/${linkId(link.agent)}/unlink`} novalidate>
        ${field(view, {
          name: 'reason',
          label: say('unlinkReason'),
          required: true,
          rows: 3,
          maxlength: 1000,
          error: errorOf(errors, 'reason'),
        })}
        <div class="row">${button(view, { label: say('unlinkDo'), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}
