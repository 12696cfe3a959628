import { pipeline } from 'node:stream/promises'
import { Router } from 'express'
import type { Organisation } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { paramOf, send, show, viewOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import { organisationAddress } from './frame.ts'

export function logoRoutes(services: WebServices): Router {
  return Router().get('/:organisation/logo', async (req, res) => {
    const logo = await services.organisations.logo(paramOf(req, 'organisation'))
    if (!logo) return send(req, res, show(notFoundPage(viewOf(res)), 404))
    res.set({
      // What it is, is known by its bytes; whatever else is in them, nothing of it runs.
      'Content-Type': logo.type,
      'Content-Length': String(logo.size),
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'Cross-Origin-Resource-Policy': 'same-origin',
      // Its address names this upload.
      'Cache-Control': req.query.v === logo.id ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
    if (req.method === 'HEAD') {
      logo.content.destroy()
      return void res.end()
    }
    await pipeline(logo.content, res).catch(() => logo.content.destroy())
  })
}

/** The picture beside the name, which says the same. */
export function logoOf(organisation: Organisation): Html {
  if (!organisation.logo) return null
  const src = `${organisationAddress(organisation)}/logo?v=${organisation.logo.id}`
  return html`<img class="logo" src=${src} alt="" width="64" height="64" />`
}
