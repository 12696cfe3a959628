import { createHash } from 'node:crypto'
import { type Request, Router } from 'express'
import type { Link, Person, Role } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { go, page, paramOf, type Reply, show, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { auditAddress } from './audit-filter.ts'
import { operatorPage } from './frame.ts'
import { describeIdentifier } from './identifier.ts'
import { personAddress, rolesWords } from './people.ts'

const GRANTED: readonly Role[] = ['author', 'operator']

/** Hands over the person whom `:person` names. */
export function personOf(services: WebServices) {
  return (handler: (view: View, person: Person, req: Request) => Reply | Promise<Reply>) =>
    page(async (view, req) => {
      const person = await services.accounts.get(paramOf(req, 'person'))
      return person ? handler(view, person, req) : show(notFoundPage(view), 404)
    })
}

export function personRoutes(services: WebServices): Router {
  const one = personOf(services)
  const roleOf = (req: Request) => GRANTED.find((role) => role === paramOf(req, 'role'))
  return Router()
    .get(
      '/people/:person',
      one(async (view, person) => {
        const [links, lines] = await Promise.all([
          services.links.of(person.id),
          services.transcript.count(person.id),
        ])
        return show(personPage(view, { person, links, lines }))
      }),
    )
    .get(
      '/people/:person/grant/:role',
      one((view, person, req) => {
        const role = roleOf(req)
        return role ? show(grantPage(view, person, role)) : show(notFoundPage(view), 404)
      }),
    )
    .post(
      '/people/:person/grant/:role',
      one(async (view, person, req) => {
        const role = roleOf(req)
        if (!role) return show(notFoundPage(view), 404)
        await services.accounts.grant(person.id, role, viewerOf(view).id)
        const say = view.say(operator)
        return go(personAddress(person), {
          message: say('granted', { name: person.name, role: say(`role-${role}`) }),
        })
      }),
    )
}

/** Names a link in an address without the identifier, which says who somebody is. */
export function linkId(agent: string): string {
  return createHash('sha256').update(agent).digest('base64url').slice(0, 22)
}

function personPage(
  view: View,
  { person, links, lines }: { person: Person; links: readonly Link[]; lines: number },
): Html {
  const say = view.say(operator)
  const address = personAddress(person)
  return operatorPage(view, {
    title: person.name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: person.name, back: { href: '/operator/people', label: say('peopleTitle') } })}
        ${facts([
          [say('personSince'), onDate(view, person.created)],
          [say('roles'), rolesWords(view, person)],
          [say('personRecord'), say('recordCount', { count: lines })],
          [say('personId'), html`<code>${person.id}</code>`],
        ])}
        <div class="row">
          ${GRANTED.filter((role) => !person.roles.includes(role)).map((role) =>
            buttonLink(view, {
              label: say('grant', { role: say(`role-${role}`) }),
              href: `${address}/grant/${role}`,
              icon: role === 'author' ? 'edit' : 'consumer',
            }),
          )}
          ${buttonLink(view, { label: say('auditOfPerson'), href: auditAddress({ who: person.id }), icon: 'record' })}
        </div>
      </section>
      <section class="stack">
        <div class="row between wide">
          <h2>${say('linksTitle')}</h2>
          ${buttonLink(view, { label: say('link'), href: `${address}/link`, icon: 'link', kind: 'primary' })}
        </div>
        ${
          links.length === 0
            ? html`<p class="muted">${say('linksEmpty')}</p>`
            : html`<p class="muted">${say('linksLead', { name: person.name })}</p>${linkTable(view, person, links)}`
        }
      </section>
    </div>`,
  })
}

function linkTable(view: View, person: Person, links: readonly Link[]): Html {
  const say = view.say(operator)
  return table({
    caption: say('linksTitle'),
    columns: [
      { label: say('columnIdentifier'), cell: (each: Link) => identifierCell(view, each.agent) },
      {
        label: say('columnReason'),
        cell: (each) => (each.how === 'product' ? say('linkProduct') : each.reason),
      },
      { label: say('columnSince'), cell: (each) => onDate(view, each.since) },
      {
        label: say('columnUntil'),
        cell: (each) =>
          each.until !== null
            ? say('linkEnded', { date: view.format.date(each.until), reason: each.ended?.reason ?? '' })
            : each.how === 'product'
              ? say('linkNow')
              : buttonLink(view, {
                  label: say('unlink'),
                  href: `${personAddress(person)}/links/${linkId(each.agent)}/unlink`,
                }),
      },
    ],
    rows: links,
  })
}

export function identifierCell(view: View, agent: string): Html {
  const { name, kind } = describeIdentifier(view, agent)
  return html`${name}<br /><span class="muted small">${kind}</span>`
}

function grantPage(view: View, person: Person, role: Role): Html {
  const say = view.say(operator)
  const words = { role: say(`role-${role}`), name: person.name }
  const title = say('grantTitle', words)
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: personAddress(person), label: person.name } })}
      <p>${say(role === 'operator' ? 'grant-operator' : 'grant-author')}</p>
      <p class="muted">${say('grantStays')}</p>
      ${act(view, {
        label: say('grant', words),
        action: `${personAddress(person)}/grant/${role}`,
        kind: 'primary',
      })}
    </div>`,
  })
}
