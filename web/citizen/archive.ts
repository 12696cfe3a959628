import { pipeline } from 'node:stream/promises'
import { type RequestHandler, Router } from 'express'
import { type Archive, dayOf } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { details } from '../components/details.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { progress } from '../components/progress.ts'
import { type Html, html, render } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { archive } from '../i18n/messages/archive.ts'
import { citizenPage } from '../layout.ts'
import { go, json, page, send, show, signedIn, viewerOf, viewOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const PATH = '/me/archive'

/** Everything of one's own as one file, made beside. */
export function archiveRoutes(services: WebServices): Router {
  const { archives } = services
  return Router()
    .get(
      PATH,
      signedIn,
      page(async (view) => show(archivePage(view, await archives.of(viewerOf(view).id)))),
    )
    .get(
      `${PATH}/live`,
      signedIn,
      page(async (view) => json({ state: render(stateOf(view, await archives.of(viewerOf(view).id))) })),
    )
    .get(`${PATH}/file`, signedIn, download(services))
    .post(
      PATH,
      signedIn,
      page(async (view) => {
        await archives.ask(viewerOf(view).id)
        return go(PATH)
      }),
    )
    .post(
      `${PATH}/remove`,
      signedIn,
      page(async (view) => {
        await archives.remove(viewerOf(view).id)
        return go(PATH, { message: view.say(archive)('removed') })
      }),
    )
}

function download({ archives }: WebServices): RequestHandler {
  return async (req, res) => {
    const view = viewOf(res)
    const found = await archives.open(viewerOf(view).id)
    if (!found) return send(req, res, go(PATH, { message: view.say(archive)('gone') }))
    res.setHeader('Cache-Control', 'no-store')
    res.setHeader('Content-Disposition', `attachment; filename="ho-so-hoc-tap-${dayOf(Date.now())}.zip"`)
    res.setHeader('Content-Length', found.size)
    res.type('application/zip')
    await pipeline(found.content, res).catch((error: unknown) => {
      // Who left in the middle does not miss the rest.
      if (!res.closed) throw error
    })
  }
}

function archivePage(view: View, held: Archive | null): Html {
  const say = view.say(archive)
  const isMaking = held?.state === 'making'
  return citizenPage(view, {
    title: say('title'),
    ...(isMaking && { scripts: ['live'] }),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: say('title'),
          lead: say('lead'),
          back: { href: '/me', label: view.say(account)('meTitle') },
        })}
        ${notice(view, { tone: 'warning', body: say('care') })}
        <div class="stack" data-live=${isMaking ? `${PATH}/live` : undefined}>
          <div class="stack" role="status" data-live-part="state">${stateOf(view, held)}</div>
          ${isMaking && html`<p class="muted small" data-live-paused hidden>${say('paused')}</p>`}
        </div>
      </section>
      ${details({
        summary: say('holds'),
        body: html`<ul>
          <li>${say('holds1')}</li>
          <li>${say('holds2')}</li>
          <li>${say('holds3')}</li>
          <li>${say('holdsFiles')}</li>
          <li>${say('holds4')}</li>
        </ul>`,
      })}
    </div>`,
  })
}

function stateOf(view: View, held: Archive | null): Html {
  const say = view.say(archive)
  const ask = (label: string, kind: 'primary' | 'plain') => act(view, { label, action: PATH, kind })
  if (held === null) return ask(say('ask'), 'primary')
  if (held.state === 'failed')
    return html`${notice(view, {
      tone: 'danger',
      title: say('failed'),
      body: say('failedBody', { tenant: view.tenantName }),
    })}${ask(say('again'), 'primary')}`
  if (held.state === 'making')
    return html`${progress(view, {
      label: say('making'),
      share: held.total > 0 ? Math.min(0.99, held.done / held.total) : 0,
      now: held.done > 0 ? `${say('making')} · ${say('soFar', { done: held.done })}` : say('begun'),
    })}
      <p class="muted">${say('makingLead')}</p>
      <div class="row">${buttonLink(view, { label: say('reload'), href: PATH, icon: 'reload' })}</div>`
  return html`${notice(view, {
    tone: 'success',
    title: say('ready'),
    body: say('readyBody', {
      size: view.format.bytes(held.size ?? 0),
      made: view.format.dateTime(held.asked),
      until: view.format.date(held.until ?? 0),
    }),
  })}
    <div class="row">
      ${buttonLink(view, {
        label: say('download'),
        href: `${PATH}/file`,
        icon: 'download',
        kind: 'primary',
        download: true,
      })}
      ${ask(say('again'), 'plain')}
      ${act(view, { label: say('remove'), action: `${PATH}/remove`, icon: 'trash' })}
    </div>`
}
