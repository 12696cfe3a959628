import { Router } from 'express'
import type { ConsumerState, Credential, Source } from '../../lrs/index.ts'
import { card, cards } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { isValid, refused } from '../lms/connection.ts'
import { credentialAddress } from '../lms/credentials.ts'
import { sourceAddress } from '../lms/source-of.ts'
import { page, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { consumerName, stateOf } from './consumers.ts'
import { operatorPage } from './frame.ts'

const SOON = 7 * 86_400_000

interface Known {
  sources: readonly Source[]
  credentials: readonly Credential[]
  consumers: readonly ConsumerState[]
  lastWasRefused(source: Source): boolean
}

export function homeRoutes(services: WebServices): Router {
  return Router().get(
    '/',
    page(async (view) => {
      const [sources, credentials, consumers] = await Promise.all([
        services.sources.list(),
        services.sources.credentials(),
        services.consumers(),
      ])
      const lastWasRefused = ({ id }: Source) => services.requests.recent(id).slice(0, 1).some(refused)
      return show(homePage(view, { sources, credentials, consumers, lastWasRefused }))
    }),
  )
}

function homePage(view: View, known: Known): Html {
  const say = view.say(operator)
  const { sources, credentials, consumers } = known
  const waiting = attention(view, known)
  const place = (href: string, title: string, body: string) => card({ href, title, body, level: 2 })
  return operatorPage(view, {
    title: say('homeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('homeTitle'), lead: say('homeLead', { tenant: view.tenantName }) })}
      ${
        waiting.length > 0
          ? notice(view, {
              tone: 'warning',
              title: say('waiting'),
              body: html`<ul>${waiting.map(({ words, href }) => html`<li>${words} ${link({ href, label: say('see') })}</li>`)}</ul>`,
            })
          : notice(view, { tone: 'success', title: say('allWell'), body: say('allWellBody') })
      }
      ${cards([
        place(
          '/lms',
          say('placeSources'),
          say('homeSources', {
            count: sources.filter((source) => source.kind !== 'product').length,
            keys: credentials.filter((each) => isValid(each)).length,
          }),
        ),
        place('/operator/statements', say('placeStatements'), say('homeStatements')),
        place(
          '/operator/consumers',
          say('placeConsumers'),
          say('homeConsumers', { behind: consumers.filter((each) => stateOf(each) !== 'Follows').length }),
        ),
        place('/operator/people', say('placePeople'), say('homePeople')),
        place('/operator/audit', say('placeAudit'), say('homeAudit')),
        place('/author', say('placeLessons'), say('homeLessons')),
      ])}
    </div>`,
  })
}

function attention(view: View, known: Known): { words: string; href: string }[] {
  const say = view.say(operator)
  const names = new Map(known.sources.map((source) => [source.id, source.name]))
  const now = Date.now()
  return [
    ...known.consumers
      .filter((each) => stateOf(each) === 'Fails')
      .map((each) => ({
        words: say('consumerFails', { name: consumerName(view, each.name) }),
        href: '/operator/consumers',
      })),
    ...known.sources
      .filter(known.lastWasRefused)
      .map((source) => ({ words: say('sourceRefused', { name: source.name }), href: sourceAddress(source) })),
    ...known.credentials
      .filter((each) => isValid(each, now) && each.expires !== null && each.expires < now + SOON)
      .map((each) => ({
        words: say('keyEnds', {
          label: each.label,
          name: names.get(each.source) ?? each.source,
          time: view.format.dateTime(each.expires ?? now),
        }),
        href: credentialAddress(each.key),
      })),
  ]
}
