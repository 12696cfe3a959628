import { type Request, type Response, Router } from 'express'
import { awaitCode, awaitedOf, ticketOf } from '../asked-code.ts'
import type { FieldError } from '../components/field.ts'
import { justProven, ownSignIn } from '../confirm.ts'
import { account } from '../i18n/messages/account.ts'
import { identifiers as words } from '../i18n/messages/identifiers.ts'
import { showIdentifier } from '../i18n/show-identifier.ts'
import { notify, sendCode } from '../letters.ts'
import {
  go,
  localPath,
  page,
  queryOf,
  type Reply,
  send,
  show,
  signedIn,
  textOf,
  viewerOf,
  viewOf,
} from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { addPage, identifiersPage, LIST, removePage } from './identifier-pages.ts'
import { codeErrors, codePage, startPage } from './prove-pages.ts'

/**
 * What one signs in with: shown, proven by code, added, removed. No address of a page holds an identifier. What adds a
 * way in or takes one away asks for the password, where that was long ago: a device may have been left open.
 */
export function identifierRoutes(services: WebServices): Router {
  const { identifiers, messages } = services
  const refused = (req: Request, res: Response) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429))
  const tries = guardForm([{ tries: 20, of: (req) => `tries of ${req.user?.id}` }], refused)
  const asks = guardForm(
    [
      { tries: 12, of: (req) => `asks of ${req.user?.id}`, all: true },
      { tries: 100, of: (req) => `asks at ${addressOf(req)}`, all: true },
    ],
    refused,
  )

  const own = async (view: View, value: string) =>
    (await identifiers.of(viewerOf(view).id)).find((each) => each.value === value)

  /** Sends a code and leads to where it is entered. */
  async function ask(
    view: View,
    req: Request,
    identifier: string,
    refusedPage: (errors: FieldError[]) => ReturnType<typeof addPage>,
    next?: string,
  ): Promise<Reply> {
    const asked = await identifiers.ask(viewerOf(view).id, { identifier, ticket: ticketOf(req) })
    if ('ok' in asked) return show(refusedPage(codeErrors(view, asked.problems, 'identifier')), asked.status)
    if (!messages.carries(asked.to.kind)) {
      const message = view.say(words)(`cannot-${asked.to.kind}`, { tenant: view.tenantName })
      return show(refusedPage([{ field: 'identifier', message }]), 409)
    }
    const sent = await sendCode(services, 'prove', asked, view.language)
    await awaitCode(req, 'proving', asked, { sent, next })
    return go(`${LIST}/code`)
  }

  /** The list, with what was refused above it. */
  async function list(view: View, errors: readonly FieldError[] = []) {
    const held = await identifiers.of(viewerOf(view).id)
    return identifiersPage(view, { held, carries: messages.carries, errors })
  }

  return (
    Router()
      .get(
        LIST,
        signedIn,
        page(async (view) => show(await list(view))),
      )
      .get(
        `${LIST}/start`,
        signedIn,
        page(async (view, req) => {
          const next = localPath(queryOf(req, 'next'), '/')
          const first = (await identifiers.of(viewerOf(view).id)).find(
            (each) => each.proven === null && messages.carries(each.kind),
          )
          return first ? show(startPage(view, first, next)) : go(next)
        }),
      )
      .get(
        `${LIST}/add`,
        signedIn,
        justProven,
        page((view) =>
          messages.carries('email') || messages.carries('phone')
            ? show(addPage(view, { identifier: '', errors: [] }))
            : go(LIST),
        ),
      )
      .post(
        `${LIST}/add`,
        signedIn,
        justProven,
        ...asks,
        page(async (view, req) => {
          const identifier = textOf(req, 'identifier')
          const refusedPage = (errors: FieldError[]) => addPage(view, { identifier, errors })
          const message = view.say(account)('identifierMissing')
          if (!identifier) return show(refusedPage([{ field: 'identifier', message }]), 400)
          return ask(view, req, identifier, refusedPage)
        }),
      )
      // A code for one of their own, or once more for the one that is being added.
      .post(
        `${LIST}/prove`,
        signedIn,
        ownSignIn,
        ...asks,
        page(async (view, req) => {
          const identifier = textOf(req, 'identifier')
          const adding = awaitedOf(req, 'proving')
          const known = adding?.to.value === identifier || (await own(view, identifier))
          if (!known) return go(LIST)
          const next = localPath(textOf(req, 'next'), adding?.next ?? LIST)
          const before = await identifiers.of(viewerOf(view).id)
          const refusedPage = (errors: FieldError[]) =>
            identifiersPage(view, { held: before, carries: messages.carries, errors })
          return ask(view, req, identifier, refusedPage, next)
        }),
      )
      .get(
        `${LIST}/code`,
        signedIn,
        page((view, req) => {
          const awaited = awaitedOf(req, 'proving')
          return awaited ? show(codePage(view, awaited, [])) : go(LIST)
        }),
      )
      .post(
        `${LIST}/code`,
        signedIn,
        ownSignIn,
        ...tries,
        page(async (view, req) => {
          const awaited = awaitedOf(req, 'proving')
          if (!awaited) return go(LIST)
          const code = textOf(req, 'code')
          const missing = view.say(words)('codeMissing')
          if (!code) return show(codePage(view, awaited, [{ field: 'code', message: missing }]), 400)
          const person = viewerOf(view)
          const answer = await identifiers.prove(person.id, {
            identifier: awaited.to.value,
            ticket: ticketOf(req),
            code,
          })
          if ('ok' in answer)
            return show(codePage(view, awaited, codeErrors(view, answer.problems, 'code')), answer.status)
          delete req.session.proving
          const { value } = answer.identifier
          if (answer.added) notify(services, person, 'added', { but: value })
          const claimed = answer.from && (await services.accounts.get(answer.from))
          if (claimed) notify(services, claimed, 'removed')
          const message = view.say(words)(answer.added ? 'added' : 'done', { value: showIdentifier(value) })
          return go(awaited.next ?? LIST, { message })
        }),
      )
      // Asks before it does.
      .post(
        `${LIST}/remove`,
        signedIn,
        justProven,
        page(async (view, req) => {
          const person = viewerOf(view)
          const before = await identifiers.of(person.id)
          const identifier = textOf(req, 'identifier')
          const gone = before.find((each) => each.value === identifier)
          if (!gone) return go(LIST)
          if (textOf(req, 'sure') !== 'yes') return show(removePage(view, gone, []))
          const removed = await identifiers.remove(person.id, identifier)
          if ('ok' in removed) {
            const found = codeErrors(view, removed.problems, 'identifier')
            return show(removePage(view, gone, found), removed.status)
          }
          notify(services, person, 'removed', { before })
          return go(LIST, { message: view.say(words)('removed', { value: showIdentifier(gone.value) }) })
        }),
      )
  )
}
