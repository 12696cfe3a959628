import { Router } from 'express'
import { holdsIn, MOST_COUNTED, type Organisation, type TaughtClass } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { cards } from '../components/card.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { type Html, html } from '../html.ts'
import { centre } from '../i18n/messages/centre.ts'
import { publicPage } from '../layout.ts'
import { nameOf } from '../organisations/frame.ts'
import { go, page, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { centreAddress, centreOf, centrePage } from './frame.ts'

const LATEST = 5

/** Where staff begin. */
export function centreHomeRoutes(services: WebServices): Router {
  const at = centreOf(services, 'find-people')
  return Router()
    .get(
      '/',
      page(async (view) => {
        const person = viewerOf(view)
        const held = (person.memberships ?? []).map(({ organisation }) => organisation)
        const known = [...(await services.organisations.getMany(held)).values()]
        const mine = known.filter((one) => holdsIn(person, one, 'find-people'))
        const [only, ...others] = mine
        if (only && others.length === 0) return go(centreAddress(only))
        return show(choicePage(view, mine))
      }),
    )
    .get(
      '/:organisation',
      at(async (view, { organisation }) => {
        const [waiting, { classes }] = await Promise.all([
          services.confirmations.countOpen(organisation.id),
          services.classes.of(organisation.id, { limit: LATEST }),
        ])
        return show(homePage(view, organisation, { waiting, classes }))
      }),
    )
}

function choicePage(view: View, organisations: readonly Organisation[]): Html {
  const say = view.say(centre)
  return publicPage(view, {
    title: say('area'),
    body: html`<div class="stack">
      <h1>${say('chooseTitle')}</h1>
      ${
        organisations.length === 0
          ? emptyState({ title: say('noneTitle'), body: say('noneBody') })
          : cards(
              organisations.map(
                (one) =>
                  html`<article class="card"><h2 class="lead"><a class="cover" href=${centreAddress(one)}>${nameOf(view, one)}</a></h2></article>`,
              ),
            )
      }
    </div>`,
  })
}

function homePage(
  view: View,
  organisation: Organisation,
  { waiting, classes }: { waiting: number; classes: readonly TaughtClass[] },
): Html {
  const say = view.say(centre)
  const address = centreAddress(organisation)
  return centrePage(view, organisation, {
    title: say('homeTitle'),
    body: html`<div class="stack loose">
      ${heading(view, { title: say('homeTitle'), lead: say(waiting < MOST_COUNTED ? 'waiting' : 'waitingMost', { count: waiting }) })}
      <div class="row">
        ${buttonLink(view, { label: say('openRequests'), href: `${address}/requests`, icon: 'xac-nhan', kind: 'primary' })}
        ${buttonLink(view, { label: say('openPeople'), href: `${address}/people`, icon: 'search' })}
        ${buttonLink(view, { label: say('classNew'), href: `${address}/classes/new`, icon: 'plus' })}
      </div>
      ${
        classes.length > 0 &&
        html`<section class="stack">
          <h2>${say('latestClasses')}</h2>
          <ul>${classes.map(
            (one) =>
              html`<li>${link({ href: `${address}/classes/${one.id}`, label: one.name })} <span class="muted small">${view.format.date(one.at)}</span></li>`,
          )}</ul>
        </section>`
      }
    </div>`,
  })
}
