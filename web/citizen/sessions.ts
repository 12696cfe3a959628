import { type Request, Router } from 'express'
import { act } from '../components/button.ts'
import { heading } from '../components/heading.ts'
import { table } from '../components/table.ts'
import { unsentAtSignOut } from '../components/unsent.ts'
import type { Device } from '../device.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { security } from '../i18n/messages/security.ts'
import { citizenPage } from '../layout.ts'
import { endOtherSessions, endSession, type OwnSession, sessionsOf } from '../own-sessions.ts'
import { go, json, page, show, signedIn, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { sessionKey } from '../session-store.ts'
import type { View } from '../view.ts'

/** Where a person is signed in, and how to end it there. */
export function sessionRoutes(services: WebServices): Router {
  const { collections } = services
  return Router()
    .get(
      '/me/sessions',
      signedIn,
      page(async (view, req) => {
        const all = await sessionsOf(collections, ownerOf(req))
        return show(sessionsPage(view, all, sessionKey(req.sessionID), services.host.queueScript))
      }),
    )
    .post(
      '/me/sessions/end',
      signedIn,
      page(async (view, req) => {
        const ended = await endSession(collections, ownerOf(req).id, textOf(req, 'session'))
        return go('/me/sessions', { message: view.say(security)(ended ? 'sessionEnded' : 'sessionGone') })
      }),
    )
    .post(
      '/me/sessions/end-others',
      signedIn,
      page(async (view, req) => {
        const count = await endOtherSessions(services, ownerOf(req).id, sessionKey(req.sessionID))
        return go('/me/sessions', { message: view.say(security)('sessionsEnded', { count }) })
      }),
    )
    .post(
      // Asked for by web/client/shared.ts: that it was asked keeps the session.
      '/me/sessions/stay',
      signedIn,
      page(() => json({})),
    )
}

/** Whose sign-in this session is; by a merge that is another than the one whose record is seen. */
function ownerOf({ session }: Request) {
  const owner = session.passport?.user
  if (!owner) throw new Error('this page stands behind signedIn')
  return owner
}

export function deviceWords(view: View, { browser, system }: Device): string {
  if (browser && system) return view.say(security)('deviceOn', { browser, system })
  return browser ?? system ?? view.say(security)('deviceUnknown')
}

function sessionsPage(view: View, all: readonly OwnSession[], own: string, queue: string): Html {
  const say = view.say(security)
  const here = (each: OwnSession) => each.key === own
  const others = all.filter((each) => !here(each))
  return citizenPage(view, {
    title: say('sessionsTitle'),
    ...(view.owner && { scripts: ['unsent'] }),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('sessionsTitle'),
        lead: say('sessionsLead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${sessionTable(view, [...all.filter(here), ...others], here)}
      ${
        others.length > 0
          ? act(view, { label: say('sessionsEnd'), action: '/me/sessions/end-others', kind: 'primary' })
          : html`<p class="muted">${say('sessionsOne')}</p>`
      }
      ${unsentAtSignOut(view, queue)}
    </div>`,
  })
}

function sessionTable(view: View, rows: readonly OwnSession[], here: (each: OwnSession) => boolean): Html {
  const say = view.say(security)
  return table({
    caption: say('sessionsTitle'),
    columns: [
      {
        label: say('sessionDevice'),
        cell: (each: OwnSession) =>
          html`${deviceWords(view, each.device)}${each.shared && html`<br /><span class="muted small">${say('sessionShared')}</span>`}`,
      },
      {
        label: say('sessionBegun'),
        cell: (each) => (each.begun === null ? '–' : view.format.dateTime(each.begun)),
      },
      {
        label: say('sessionSeen'),
        cell: (each) => (here(each) ? say('sessionHere') : view.format.dateTime(each.seen)),
      },
      {
        label: say('sessionEnd'),
        cell: (each) =>
          here(each)
            ? act(view, { label: say('sessionEnd'), action: '/sign-out' })
            : html`<form method="post" action="/me/sessions/end">
                <button class="button" name="session" value=${each.key}
                  aria-label=${say('sessionEndOf', { device: deviceWords(view, each.device) })}
                >${say('sessionEnd')}</button>
              </form>`,
      },
    ],
    rows,
  })
}
