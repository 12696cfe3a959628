import { Router } from 'express'
import {
  agreed,
  type Link,
  type LinkWork,
  type Merge,
  type Namesake,
  type Person,
  type TakenRole,
} from '../../profiles/index.ts'
import { linkId } from '../citizen/link-id.ts'
import { howWords, workNotices } from '../citizen/links-page.ts'
import { tellerNames } from '../citizen/source-names.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { consents } from '../i18n/messages/consents.ts'
import { links as linkWords } from '../i18n/messages/links.ts'
import { operator } from '../i18n/messages/operator.ts'
import { recovery } from '../i18n/messages/recovery.ts'
import { go, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { auditAddress } from './audit-filter.ts'
import { operatorPage } from './frame.ts'
import { describeIdentifier } from './identifier.ts'
import { mergeNotices } from './merge-notices.ts'
import { namesakeSection } from './namesakes.ts'
import { personAddress, rolesWords } from './people.ts'
import { personOf } from './person-of.ts'
import { operatorPurposePage, operatorReader } from './purpose.ts'
import { GRANTED } from './role.ts'
import { staffCodeAddress } from './staff-code.ts'

export function personRoutes(services: WebServices): Router {
  const one = personOf(services)
  return Router()
    .get(
      '/people/:person',
      one(async (view, person, req) => {
        const reader = operatorReader(view, req)
        if (person.id !== reader.person) {
          const looked = { person: person.id, what: 'account' as const }
          // Noted first: nothing is shown that was not.
          const noted = await services.accesses.read(reader, looked, async () => true)
          if (!noted.ok)
            return show(operatorPurposePage(view, person, { purpose: '', words: '', errors: [] }))
        }
        const [links, lines, taken, work, source, merges, namesakes] = await Promise.all([
          services.links.of(person.id),
          services.transcript.count(person.id),
          services.accounts.taken(person.id),
          services.links.work(person.id),
          tellerNames(services),
          services.merges.of(person.id),
          services.claims.namesakes(person.id),
        ])
        const named = await Promise.all(
          merges.flatMap(({ from, into }) => [from, into]).map((id) => services.accounts.get(id)),
        )
        const nameOf = (id: string) => named.find((each) => each?.id === id)?.name ?? id
        return show(
          personPage(view, { person, links, lines, taken, work, source, merges, namesakes, nameOf }),
        )
      }),
    )
    .post(
      '/people/:person/purpose',
      one(async (view, person, req) => {
        const sent = { purpose: textOf(req, 'purpose'), words: textOf(req, 'words') }
        const given = await services.accesses.givePurpose(operatorReader(view, req), person.id, sent)
        if (!('ok' in given)) return go(personAddress(person))
        const errors = centreErrors(view, given.problems, 'purpose')
        return show(operatorPurposePage(view, person, { ...sent, errors }), given.status)
      }),
    )
}

interface PersonProps {
  person: Person
  links: readonly Link[]
  lines: number | null
  taken: readonly TakenRole[]
  work: readonly LinkWork[]
  merges: readonly Merge[]
  namesakes: readonly Namesake[]
  nameOf(person: string): string
  source(id: string): string | undefined
}

function personPage(view: View, props: PersonProps): Html {
  const say = view.say(operator)
  const { person, links, lines, taken } = props
  const address = personAddress(person)
  return operatorPage(view, {
    title: person.name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: person.name, back: { href: '/operator/people', label: say('peopleTitle') } })}
        ${facts([
          [say('personSince'), onDate(view, person.created)],
          [say('roles'), rolesWords(view, person)],
          [
            say('personRecord'),
            agreed(person)
              ? lines === null
                ? say('recordCounting')
                : say('recordCount', { count: lines })
              : view.say(consents)('closedOperator'),
          ],
          [say('personId'), html`<code>${person.id}</code>`],
          ...(taken.length > 0 ? [[say('takenRoles'), takenWords(view, taken)] as const] : []),
        ])}
        ${mergeNotices(view, props)}
        <div class="row">
          ${GRANTED.filter((role) => !person.roles.includes(role)).map((role) =>
            buttonLink(view, {
              label: say('grant', { role: say(`role-${role}`) }),
              href: `${address}/grant/${role}`,
              icon: role === 'author' ? 'edit' : 'consumer',
            }),
          )}
          ${GRANTED.filter((role) => person.roles.includes(role)).map((role) =>
            buttonLink(view, {
              label: say('take', { role: say(`role-${role}`) }),
              href: `${address}/take/${role}`,
            }),
          )}
          ${
            person.mergedInto === undefined &&
            buttonLink(view, {
              label: view.say(linkWords)('mergeOpen'),
              href: `${address}/merge`,
              icon: 'people',
            })
          }
          ${
            !person.roles.includes('operator') &&
            buttonLink(view, {
              label: view.say(recovery)('staffOpen'),
              href: staffCodeAddress(person),
              icon: 'key',
            })
          }
          ${buttonLink(view, { label: say('handOver'), href: `${address}/lessons`, icon: 'learn' })}
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
            : html`<p class="muted">${say('linksLead', { name: person.name })}</p>${linkTable(view, person, links, props.source)}`
        }
        ${workNotices(view, props.work, address)}
      </section>
      ${namesakeSection(view, props)}
    </div>`,
  })
}

function takenWords(view: View, taken: readonly TakenRole[]): Html {
  const say = view.say(operator)
  return html`<ul class="plain">
    ${taken.map(
      ({ role, at, reason }) =>
        html`<li>${say('takenRole', { role: say(`role-${role}`), date: view.format.date(at), reason })}</li>`,
    )}
  </ul>`
}

function linkTable(
  view: View,
  person: Person,
  links: readonly Link[],
  source: (id: string) => string | undefined,
): Html {
  const say = view.say(operator)
  return table({
    caption: say('linksTitle'),
    columns: [
      { label: say('columnIdentifier'), cell: (each: Link) => identifierCell(view, each.agent) },
      {
        label: say('columnReason'),
        cell: (each) => (each.how === 'product' ? say('linkProduct') : howWords(view, each, source)),
      },
      { label: say('columnSince'), cell: (each) => onDate(view, each.since) },
      {
        label: say('columnUntil'),
        cell: (each) =>
          each.until !== null
            ? each.ended?.contested
              ? view.say(linkWords)('contestedByOwner', { date: view.format.date(each.until) })
              : say('linkEnded', { date: view.format.date(each.until), reason: each.ended?.reason ?? '' })
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
