import { Router } from 'express'
import { holds } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { unsentAtSignOut, unsentPanel } from '../components/unsent.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { access } from '../i18n/messages/access.ts'
import { account } from '../i18n/messages/account.ts'
import { archive } from '../i18n/messages/archive.ts'
import { centre } from '../i18n/messages/centre.ts'
import { common } from '../i18n/messages/common.ts'
import { confirmations } from '../i18n/messages/confirmations.ts'
import { consents } from '../i18n/messages/consents.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { links } from '../i18n/messages/links.ts'
import { recovery } from '../i18n/messages/recovery.ts'
import { security } from '../i18n/messages/security.ts'
import { citizenPage } from '../layout.ts'
import { myOrganisations } from '../organisations/mine.ts'
import { page, show, signedIn, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { CONSENTS_ADDRESS } from './consent-parts.ts'
import { readLinks } from './links-page.ts'
import { MY_CODE } from './my-code.ts'
import { WHO_LOOKED } from './who-looked.ts'

export function accountRoutes(services: WebServices): Router {
  return Router().get(
    '/me',
    signedIn,
    page(async (view) => {
      const { list, waiting, claims } = await readLinks(services, viewerOf(view))
      const linked = list.filter((each) => each.until === null).length
      const organisations = await myOrganisations(view, services)
      const hasProviders = services.providers.length > 0
      const queue = services.host.queueScript
      return show(
        accountPage(
          view,
          { linked, asks: waiting.length + claims.length, hasProviders, queue },
          organisations,
        ),
      )
    }),
  )
}

const ROLE_WORDS = { citizen: 'roleCitizen', author: 'roleAuthor', operator: 'roleOperator' } as const

function accountPage(
  view: View,
  held: { linked: number; asks: number; hasProviders: boolean; queue: string },
  organisations: Html,
): Html {
  const say = view.say(account)
  const person = viewerOf(view)
  return citizenPage(view, {
    title: say('meTitle'),
    ...(view.owner && { scripts: ['unsent'] }),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: say('meTitle') })}
        ${unsentPanel(view, held.queue)}
        ${facts([
          [say('meName'), person.name],
          [say('meSince'), onDate(view, person.created)],
          [say('meLanguage'), say(person.language === 'vi' ? 'languageVi' : 'languageEn')],
          [say('meRoles'), person.roles.map((role) => say(ROLE_WORDS[role])).join(', ')],
        ])}
        <div class="row">
          ${buttonLink(view, { label: say('changeTitle'), href: '/me/change', icon: 'edit' })}
        </div>
      </section>
      <section class="stack">
        <h2>${view.say(security)('waysTitle')}</h2>
        ${person.withheld && notice(view, { tone: 'warning', body: view.say(security)('withheldBody', { tenant: view.tenantName }) })}
        <div class="row">
          ${buttonLink(view, { label: say('passwordTitle'), href: '/me/password' })}
          ${buttonLink(view, { label: view.say(security)('sessionsTitle'), href: '/me/sessions' })}
          ${buttonLink(view, { label: view.say(identifiers)('title'), href: '/me/identifiers' })}
          ${buttonLink(view, { label: view.say(recovery)('codesTitle'), href: '/me/recovery-codes' })}
          ${buttonLink(view, { label: view.say(security)('factorTitle'), href: '/me/second-factor' })}
          ${buttonLink(view, { label: view.say(security)('passkeysTitle'), href: '/me/passkeys' })}
          ${held.hasProviders && buttonLink(view, { label: view.say(security)('providersTitle'), href: '/me/sign-in-with' })}
        </div>
      </section>
      <section class="stack">
        <h2>${view.say(links)('title')}</h2>
        <p>${view.say(links)('count', { count: held.linked })}</p>
        ${held.asks > 0 && notice(view, { body: view.say(links)('asks', { count: held.asks }) })}
        <div class="row">${buttonLink(view, { label: view.say(links)('open'), href: '/me/links', icon: 'link' })}</div>
      </section>
      <section class="stack">
        <h2>${view.say(consents)('title')}</h2>
        <p class="muted">${view.say(consents)('lead')}</p>
        <div class="row">${buttonLink(view, { label: view.say(consents)('link'), href: CONSENTS_ADDRESS })}</div>
      </section>
      ${organisations}
      <section class="stack">
        <h2>${view.say(access)('title')}</h2>
        <p class="muted">${view.say(access)('lead')}</p>
        <div class="row">
          ${buttonLink(view, { label: view.say(access)('open'), href: WHO_LOOKED })}
          ${buttonLink(view, { label: view.say(confirmations)('codeOpen'), href: MY_CODE, icon: 'key' })}
        </div>
      </section>
      <section class="stack">
        <h2>${view.say(archive)('title')}</h2>
        <p class="muted">${view.say(archive)('lead')}</p>
        <div class="row">${buttonLink(view, { label: view.say(archive)('title'), href: '/me/archive', icon: 'download' })}</div>
      </section>
      <section class="stack">
        <h2>${say('otherPlaces')}</h2>
        <div class="row">
          ${holds(person, 'write-lessons') && buttonLink(view, { label: view.say(common)('authorArea'), href: '/author', icon: 'edit' })}
          ${holds(person, 'find-people') && buttonLink(view, { label: view.say(centre)('area'), href: '/centre', icon: 'organisation' })}
          ${holds(person, 'operate') && buttonLink(view, { label: view.say(common)('operatorArea'), href: '/operator', icon: 'consumer' })}
          ${act(view, { label: say('signOutDo'), action: '/sign-out', icon: 'signOut' })}
        </div>
      </section>
      ${unsentAtSignOut(view, held.queue)}
    </div>`,
  })
}
