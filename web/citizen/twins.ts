import { Router } from 'express'
import { twins } from '../i18n/messages/twins.ts'
import { go, page, paramOf, type Reply, show, signedIn, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { sourceNames } from './source-names.ts'
import { lineAddress, splitPage } from './tellers.ts'

/** Splitting what several sources told of one thing, and joining it again. */
export function twinRoutes(services: WebServices): Router {
  /** The line that is shown, and what the source says whose line is named. */
  async function toldOf(view: View, id: string) {
    const line = await services.transcript.line(viewerOf(view).id, id)
    const teller = line?.tellers?.find((each) => each.line === id)
    if (!line || !teller) return null
    const name = (await sourceNames(services))(teller.source) ?? teller.source
    return { line, teller, name }
  }
  const refused = (view: View, id: string, problem: string | undefined): Reply =>
    go(lineAddress(id), {
      message: view.say(twins)(problem === 'splits-many' ? 'splits-many' : 'twin-unknown'),
    })

  return Router()
    .get(
      '/me/transcript/:line/split',
      signedIn,
      page(async (view, req) => {
        const told = await toldOf(view, paramOf(req, 'line'))
        return told ? show(splitPage(view, told)) : show(notFoundPage(view), 404)
      }),
    )
    .post(
      '/me/transcript/:line/split',
      signedIn,
      page(async (view, req) => {
        const id = paramOf(req, 'line')
        const told = await toldOf(view, id)
        if (!told) return show(notFoundPage(view), 404)
        const done = await services.twins.split(viewerOf(view).id, id)
        if ('problems' in done) return refused(view, id, done.problems[0]?.id)
        return go(lineAddress(id), {
          message: view.say(twins)('splitDone', { source: told.name }),
          undo: { action: `${lineAddress(id)}/join`, fields: { from: done.from.join(' ') } },
        })
      }),
    )
    .post(
      '/me/transcript/:line/join',
      signedIn,
      page(async (view, req) => {
        const id = paramOf(req, 'line')
        const from = textOf(req, 'from').split(' ').filter(Boolean)
        const done = await services.twins.join(viewerOf(view).id, id, from.length > 0 ? from : undefined)
        if ('problems' in done) return refused(view, id, done.problems[0]?.id)
        return go(lineAddress(done.shown), {
          message: view.say(twins)(done.joined ? 'joinDone' : 'joinNot'),
        })
      }),
    )
}
