import { type Request, Router } from 'express'
import type { RecordLine } from '../../profiles/index.ts'
import { disputeErrors, organisationNames } from '../disputes/words.ts'
import { disputes as words } from '../i18n/messages/disputes.ts'
import { go, page, paramOf, queryOf, type Reply, show, signedIn, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { disputePage, listPage, reportPage } from './dispute-pages.ts'
import { DISPUTES_ADDRESS, disputeAddress } from './dispute-section.ts'
import { sourceNames } from './source-names.ts'

const PAGE = 50

/** What a citizen says is wrong with a line, and what they keep out of shares. */
export function disputeRoutes(services: WebServices): Router {
  const { disputes, hidden, transcript } = services

  const ofLine = (handler: (view: View, line: RecordLine, req: Request) => Promise<Reply>) =>
    page(async (view, req) => {
      const line = await transcript.line(viewerOf(view).id, paramOf(req, 'line'))
      return line ? handler(view, line, req) : show(notFoundPage(view), 404)
    })
  async function tellersOf(line: RecordLine) {
    const [tellers, source] = await Promise.all([disputes.against(line), sourceNames(services)])
    return tellers.map((each) => ({ line: each.line, name: source(each.source) ?? each.source }))
  }
  const addressOf = (line: RecordLine) => `/me/transcript/${encodeURIComponent(line.id)}`

  return Router()
    .get(
      '/me/transcript/:line/dispute',
      signedIn,
      ofLine(async (view, line) => {
        const sent = { kind: '', words: '', asksVoid: false, teller: '' }
        return show(reportPage(view, { line, tellers: await tellersOf(line), sent, errors: [] }))
      }),
    )
    .post(
      '/me/transcript/:line/dispute',
      signedIn,
      ofLine(async (view, line, req) => {
        const sent = {
          kind: textOf(req, 'kind'),
          words: textOf(req, 'words'),
          asksVoid: textOf(req, 'asksVoid') === 'yes',
          teller: textOf(req, 'teller'),
        }
        const made = await disputes.make(viewerOf(view).id, line.id, sent)
        if ('problems' in made) {
          const errors = disputeErrors(view, made.problems, 'kind')
          return show(reportPage(view, { line, tellers: await tellersOf(line), sent, errors }), made.status)
        }
        return go(disputeAddress(made), { message: view.say(words)('sent') })
      }),
    )
    .post(
      '/me/transcript/:line/hidden',
      signedIn,
      ofLine(async (view, line, req) => {
        const hides = textOf(req, 'hidden') === 'yes'
        await hidden.set(viewerOf(view).id, line.id, hides)
        return go(addressOf(line), {
          message: view.say(words)(hides ? 'hidden' : 'unhidden'),
          undo: { action: `${addressOf(line)}/hidden`, fields: { hidden: hides ? 'no' : 'yes' } },
        })
      }),
    )
    .get(
      DISPUTES_ADDRESS,
      signedIn,
      page(async (view, req) => {
        const after = queryOf(req, 'after')
        const found = await disputes.of(viewerOf(view).id, { limit: PAGE, ...(after && { after }) })
        return show(listPage(view, { ...found, later: after !== '' }))
      }),
    )
    .get(
      `${DISPUTES_ADDRESS}/:dispute`,
      signedIn,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const dispute = await disputes.get(person, paramOf(req, 'dispute'))
        if (!dispute) return show(notFoundPage(view), 404)
        const [source, line, organisations] = await Promise.all([
          sourceNames(services),
          transcript.line(person, dispute.line),
          organisationNames(view, services, dispute),
        ])
        return show(
          disputePage(view, {
            dispute,
            source: source(dispute.source),
            isThere: line !== null,
            organisations,
          }),
        )
      }),
    )
    .post(
      `${DISPUTES_ADDRESS}/:dispute/seen`,
      signedIn,
      page(async (view, req) => {
        const dispute = await disputes.seen(viewerOf(view).id, paramOf(req, 'dispute'))
        return dispute ? go('/') : show(notFoundPage(view), 404)
      }),
    )
    .post(
      `${DISPUTES_ADDRESS}/:dispute/withdraw`,
      signedIn,
      page(async (view, req) => {
        const done = await disputes.withdraw(viewerOf(view).id, paramOf(req, 'dispute'))
        if (!done) return show(notFoundPage(view), 404)
        const message = view.say(words)('problems' in done ? 'answeredAlready' : 'withdrawn')
        return go(`${DISPUTES_ADDRESS}/${encodeURIComponent(paramOf(req, 'dispute'))}`, { message })
      }),
    )
}
