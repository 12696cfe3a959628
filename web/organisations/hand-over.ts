import { Router } from 'express'
import { holdsIn, type Organisation, type Person } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { go, show, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { organisationPage } from './frame.ts'
import { type Member, memberOf } from './member.ts'
import { memberAddress } from './members.ts'

/** As many of each role are offered to choose from. */
const OFFERED = 200

export function handOverRoutes(services: WebServices): Router {
  const { memberships, host } = services
  const one = memberOf(services)

  /** Who writes for the organisation, by name, without whose lessons they are. */
  async function receivers({ id }: Organisation, without: string): Promise<Person[]> {
    const found = await Promise.all(
      (['author', 'editor'] as const).map((role) => memberships.of(id, { role, limit: OFFERED })),
    )
    const people = new Map<string, Person>()
    for (const { person } of found.flatMap(({ members }) => members))
      if (person && person.id !== without) people.set(person.id, person)
    return [...people.values()].sort((a, b) => a.name.localeCompare(b.name, 'vi'))
  }
  const read = async ({ organisation, person }: Member) => ({
    count: await host.lessons.countOf(organisation.id, person),
    people: await receivers(organisation, person),
  })

  return Router()
    .get(
      '/:organisation/members/:person/lessons',
      one(async (view, member) => show(handOverPage(view, member, { ...(await read(member)), errors: [] }))),
    )
    .post(
      '/:organisation/members/:person/lessons',
      one(async (view, member, req) => {
        const say = view.say(organisations)
        const { organisation, person } = member
        const to = await services.accounts.get(textOf(req, 'to'))
        if (!to || to.id === person || !writesFor(to, organisation)) {
          const errors = [{ field: 'to', message: say('handOverMissing') }]
          return show(handOverPage(view, member, { ...(await read(member)), errors }), 400)
        }
        const count = await host.lessons.handOver({
          organisation: organisation.id,
          from: person,
          to: to.id,
          by: viewerOf(view).id,
        })
        return go(memberAddress(organisation, person), {
          message: say('handedOver', { count, name: to.name }),
        })
      }),
    )
}

/** As a member of it, whatever they are in the tenant. */
function writesFor({ memberships = [] }: Person, organisation: Organisation): boolean {
  return holdsIn({ roles: [], memberships }, { ...organisation, state: 'active' }, 'write-lessons')
}

function handOverPage(
  view: View,
  member: Member,
  props: { count: number; people: readonly Person[]; errors: readonly FieldError[] },
): Html {
  const say = view.say(organisations)
  const { organisation, person, name } = member
  const address = memberAddress(organisation, person)
  const title = say('handOverTitle', { name })
  return organisationPage(view, organisation, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: address, label: name } })}
      ${errorSummary(view, props.errors)}
      ${
        props.count === 0
          ? html`<p>${say('handOverNone')}</p>`
          : props.people.length === 0
            ? notice(view, { tone: 'warning', body: say('handOverNobody') })
            : html`<p>${say('handOverLead', { count: props.count })}</p>
                <form class="form" method="post" action=${`${address}/lessons`} novalidate>
                  ${select(view, {
                    name: 'to',
                    label: say('handOverTo'),
                    required: true,
                    empty: say('handOverChoose'),
                    options: props.people.map((each) => ({ value: each.id, label: each.name })),
                    error: errorOf(props.errors, 'to'),
                  })}
                  <div class="row">${button(view, { label: say('handOverDo'), kind: 'primary' })}</div>
                </form>`
      }
    </div>`,
  })
}
