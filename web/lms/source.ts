import { Router } from 'express'
import type { Credential, Source } from '../../lrs/index.ts'
import type { Organisation } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { onDate } from '../components/when.ts'
import { type Html, html, render } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { lms } from '../i18n/messages/lms.ts'
import { auditAddress } from '../operator/audit-filter.ts'
import { operatorPage } from '../operator/frame.ts'
import { nameOf } from '../organisations/frame.ts'
import { json, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { type ClaimActivity, claimActivitySection, readClaimActivity } from './claim-activity.ts'
import { type Connection, isValid, lastUse, readConnection } from './connection.ts'
import { credentialTable, inOrder } from './credentials.ts'
import { sourceDisputeSection } from './disputes.ts'
import { endpointSection } from './endpoints.ts'
import { connectionBadge, connectionState, livePanel, requestList } from './live.ts'
import { scopesInShort } from './scopes.ts'
import { connectSteps } from './source-form.ts'
import { isOwn, sourceAddress, sourceOf } from './source-of.ts'

export function sourceRoutes(services: WebServices): Router {
  const own = sourceOf(services, { product: true })
  return Router()
    .get(
      '/sources/:id',
      own(async (view, source) => {
        const credentials = await services.sources.credentials(source.id)
        const [connection, claims, waiting, organisation] = await Promise.all([
          readConnection(services, source, credentials),
          readClaimActivity(services, source),
          services.disputes.count({ source: source.id }),
          source.organisation ? services.organisations.get(source.organisation) : null,
        ])
        return show(sourcePage(view, { source, credentials, connection, claims, waiting, organisation }))
      }),
    )
    .get(
      '/sources/:id/live',
      own(async (view, source) => {
        const credentials = await services.sources.credentials(source.id)
        const connection = await readConnection(services, source, credentials)
        return json({
          badge: render(connectionBadge(view, connection.state)),
          steps: render(remainingSteps(view, connection)),
          state: render(connectionState(view, connection)),
          requests: render(requestList(view, connection.requests, credentials)),
        })
      }),
    )
}

function sourcePage(
  view: View,
  props: {
    source: Source
    credentials: readonly Credential[]
    connection: Connection
    claims: ClaimActivity
    /** Disputes. */
    waiting: number
    organisation: Organisation | null
  },
): Html {
  const say = view.say(lms)
  const { source, connection } = props
  const product = isOwn(source)
  return operatorPage(view, {
    title: source.name,
    scripts: ['copy', 'live'],
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: source.name, back: { href: '/lms', label: say('listTitle') } })}
        <div class="row">
          ${!product && html`<span data-live-part="badge">${connectionBadge(view, connection.state)}</span>`}
          <span class="muted">${say(`kind-${source.kind}`)}</span>
        </div>
        ${product && html`<p>${say(source.kind === 'diary' ? 'diaryBody' : 'productBody')}</p>`}
        ${!product && html`<div class="wide" data-live-part="steps">${remainingSteps(view, connection)}</div>`}
      </section>
      ${!product && ownSections(view, props)} ${!product && claimActivitySection(view, source, props.claims)}
      ${source.kind !== 'diary' && sourceDisputeSection(view, source, props.waiting)}
      <section class="stack">
        ${facts([
          [say('homePages'), lines(view, source.homePages)],
          [say('prefixes'), lines(view, source.activityPrefixes)],
          [
            view.say(disputes)('sourceOrganisation'),
            props.organisation
              ? nameOf(view, props.organisation)
              : view.say(disputes)('sourceOrganisationNone'),
          ],
          [say('since'), onDate(view, source.created)],
        ])}
        <div class="row">
          ${!product && buttonLink(view, { label: say('edit'), href: `${sourceAddress(source)}/edit`, icon: 'edit' })}
          ${buttonLink(view, {
            label: say('statementsOf'),
            href: `/operator/statements?source=${encodeURIComponent(source.id)}`,
            icon: 'statement',
          })}
          ${buttonLink(view, {
            label: say('historyOf'),
            href: auditAddress({ source: source.id }),
            icon: 'record',
          })}
        </div>
      </section>
    </div>`,
  })
}

/** Where one is on the way to the first statement; nothing once it is there. */
function remainingSteps(view: View, { first, state }: Connection): Html {
  return first === null && connectSteps(view, state === 'ready' ? 1 : 2)
}

function ownSections(view: View, props: Parameters<typeof sourcePage>[1]): Html {
  const say = view.say(lms)
  const { source, credentials, connection } = props
  const valid = credentials.some((each) => isValid(each))
  const live = livePanel(view, {
    address: `${sourceAddress(source)}/live`,
    page: sourceAddress(source),
    connection,
    credentials,
  })
  return html`${valid && live}
    <section class="stack">
      <div class="row between wide">
        <h2>${say('keysTitle')}</h2>
        ${buttonLink(view, {
          label: say('issue'),
          href: `${sourceAddress(source)}/credentials/new`,
          icon: 'key',
          kind: valid ? 'plain' : 'primary',
        })}
      </div>
      ${
        credentials.length === 0
          ? html`<p class="muted">${say('keysEmpty')}</p>`
          : credentialTable(view, {
              credentials: inOrder(credentials, (each) => isValid(each)),
              scopesInShort: (each) => scopesInShort(view, each.scopes),
              lastUse: (each) => lastUse(connection.requests, each.key),
            })
      }
    </section>
    ${endpointSection(view)}
    ${!valid && live}`
}

function lines(view: View, values: readonly string[]): Html {
  if (values.length === 0) return view.say(lms)('noneYet')
  return html`<ul class="plain">${values.map((value) => html`<li><code>${value}</code></li>`)}</ul>`
}
