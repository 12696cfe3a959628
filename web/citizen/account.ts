import { Router } from 'express'
import { identifierOf } from '../../lrs/index.ts'
import { holds, type Link } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { common } from '../i18n/messages/common.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { recovery } from '../i18n/messages/recovery.ts'
import { security } from '../i18n/messages/security.ts'
import { citizenPage } from '../layout.ts'
import { myOrganisations } from '../organisations/mine.ts'
import { page, show, signedIn, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

export function accountRoutes(services: WebServices): Router {
  return Router().get(
    '/me',
    signedIn,
    page(async (view) => {
      const links = await services.links.of(viewerOf(view).id)
      const organisations = await myOrganisations(view, services)
      return show(
        accountPage(
          view,
          links.filter((each) => each.how !== 'product'),
          organisations,
        ),
      )
    }),
  )
}

const ROLE_WORDS = { citizen: 'roleCitizen', author: 'roleAuthor', operator: 'roleOperator' } as const

/** An identifier as its owner knows it: the account's name and where it is held. */
export function accountName(agent: string): string {
  const identifier = identifierOf(agent)
  if (identifier.account) {
    const { homePage, name } = identifier.account
    return `${name} (${URL.canParse(homePage) ? new URL(homePage).host || homePage : homePage})`
  }
  return identifier.mbox?.replace(/^mailto:/, '') ?? identifier.openid ?? identifier.mbox_sha1sum ?? agent
}

function accountPage(view: View, links: readonly Link[], organisations: Html): Html {
  const say = view.say(account)
  const person = viewerOf(view)
  return citizenPage(view, {
    title: say('meTitle'),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: say('meTitle') })}
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
        <div class="row">
          ${buttonLink(view, { label: say('passwordTitle'), href: '/me/password' })}
          ${buttonLink(view, { label: view.say(security)('sessionsTitle'), href: '/me/sessions' })}
          ${buttonLink(view, { label: view.say(identifiers)('title'), href: '/me/identifiers' })}
          ${buttonLink(view, { label: view.say(recovery)('codesTitle'), href: '/me/recovery-codes' })}
          ${buttonLink(view, { label: view.say(security)('factorTitle'), href: '/me/second-factor' })}
          ${buttonLink(view, { label: view.say(security)('passkeysTitle'), href: '/me/passkeys' })}
        </div>
      </section>
      <section class="stack">
        <h2>${say('linksTitle')}</h2>
        ${
          links.length > 0
            ? html`<p class="muted">${say('linksLead')}</p>${linkTable(view, links)}`
            : emptyState({
                level: 3,
                title: say('linksEmpty'),
                body: say('linksEmptyBody', { tenant: view.tenantName }),
              })
        }
      </section>
      ${organisations}
      <section class="stack">
        <h2>${say('otherPlaces')}</h2>
        <div class="row">
          ${holds(person, 'write-lessons') && buttonLink(view, { label: view.say(common)('authorArea'), href: '/author', icon: 'edit' })}
          ${holds(person, 'operate') && buttonLink(view, { label: view.say(common)('operatorArea'), href: '/operator', icon: 'consumer' })}
          ${act(view, { label: say('signOutDo'), action: '/sign-out', icon: 'signOut' })}
        </div>
      </section>
    </div>`,
  })
}

function linkTable(view: View, links: readonly Link[]): Html {
  const say = view.say(account)
  return table({
    caption: say('linksTitle'),
    columns: [
      { label: say('linkAccount'), cell: (each: Link) => accountName(each.agent) },
      { label: say('linkSince'), cell: (each) => onDate(view, each.since) },
      {
        label: say('linkState'),
        cell: (each) =>
          each.until === null ? say('linkNow') : say('linkUntil', { date: view.format.date(each.until) }),
      },
      { label: say('linkHow'), cell: (each) => say(`how-${each.how}`) },
      { label: say('linkReason'), cell: (each) => each.reason },
    ],
    rows: links,
  })
}
