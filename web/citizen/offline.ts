import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { type RequestHandler, Router } from 'express'
import { page, show } from '../page.ts'
import { withoutLinePage } from './diary-pages.ts'

const WORKER = join(import.meta.dirname, '..', 'client', 'offline-worker.ts')

/** What a browser needs to write into the diary without a line. Nothing here is about anybody. */
export function offlineRoutes(): Router {
  return Router()
    .get('/offline.js', worker())
    .get(
      '/offline/diary',
      page((view) =>
        show(withoutLinePage({ ...view, viewer: null, owner: null, shared: false, toast: null })),
      ),
    )
}

/** Under an address that stays the same, because a browser asks there whether there is a newer one. */
function worker(): RequestHandler {
  let made: string | undefined
  return (_req, res) => {
    made ??= stripTypeScriptTypes(readFileSync(WORKER, 'utf8'))
    res.setHeader('Cache-Control', 'no-cache')
    res.type('text/javascript').send(made)
  }
}
