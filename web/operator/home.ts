import { Router } from 'express'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { tabs } from '../components/tabs.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { overview } from '../i18n/messages/overview.ts'
import { page, queryOf, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { attention } from './home-attention.ts'
import { diskPanel } from './home-disk.ts'
import { failurePanel, speedPanel } from './home-running.ts'
import { trafficPanel } from './home-traffic.ts'
import { type Overview, RANGES, type Range, readOverview } from './overview.ts'

export function homeRoutes(services: WebServices): Router {
  return Router().get(
    '/',
    page(async (view, req) => {
      const range = RANGES.find((each) => each === queryOf(req, 'range')) ?? 'hours'
      const contested = await services.links.contested(viewerOf(view).id)
      return show(homePage(view, await readOverview(services, range), contested.length))
    }),
  )
}

function homePage(view: View, props: Overview, contested: number): Html {
  const say = view.say(overview)
  return operatorPage(view, {
    title: say('title'),
    body: html`<div class="stack loose">
      ${heading(view, { title: say('title'), lead: say('lead', { tenant: view.tenantName }) })}
      ${status(view, props)}
      ${contested > 0 && contestedNotice(view, contested)}
      ${rangeTabs(view, props.range)}
      ${trafficPanel(view, props)} ${speedPanel(view, props)} ${failurePanel(view, props)} ${diskPanel(view, props)}
    </div>`,
  })
}

/** First of all: is anything to be done? What cannot wait comes before what can. */
function status(view: View, props: Overview): Html {
  const say = view.say(overview)
  const all = attention(view, props)
  if (all.length === 0) return notice(view, { tone: 'success', title: say('well'), body: say('wellBody') })
  const urgent = all.some((each) => each.urgent)
  return notice(view, {
    tone: urgent ? 'danger' : 'warning',
    title: say(urgent ? 'urgent' : 'waiting'),
    body: html`<ul>${all.map(
      ({ words, href, command }) =>
        html`<li>${words} ${href && link({ href, label: say('see') })}${command && html`<code>${command}</code>`}</li>`,
    )}</ul>`,
  })
}

function contestedNotice(view: View, count: number): Html {
  const say = view.say(links)
  return notice(view, {
    tone: 'warning',
    body: html`<p>${say('contestedNotice', { count })} ${link({ href: '/operator/contested', label: say('contestedSee') })}</p>`,
  })
}

function rangeTabs(view: View, range: Range): Html {
  const say = view.say(overview)
  return tabs({
    label: say('ranges'),
    items: RANGES.map((each) => ({
      href: each === 'hours' ? '/operator' : `/operator?range=${each}`,
      label: say(`range-${each}`),
      current: each === range,
    })),
  })
}
