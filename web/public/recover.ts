import { type Request, type Response, Router } from 'express'
import { awaitCode, awaitedOf, ticketOf } from '../asked-code.ts'
import type { FieldError } from '../components/field.ts'
import { account } from '../i18n/messages/account.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { recovery as words } from '../i18n/messages/recovery.ts'
import { explainCodeProblem } from '../i18n/problems.ts'
import { notify, sendCode } from '../letters.ts'
import { go, page, type Reply, secretOf, send, show, showOnce, textOf, viewOf } from '../page.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'
import { askPage, awayPage, newPasswordPage, printedPage } from './recover-pages.ts'

/**
 * A forgotten password. No answer here tells whether there is an account: whether messages can be sent is found out
 * without one, the message goes on its way while the answer is already given, and what is stored is the same.
 */
export function recoverRoutes(services: WebServices): Router {
  const { recovery, messages } = services
  const refused = (req: Request, res: Response) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429))
  const tries = guardForm([{ tries: 30, of: (req) => `recovering at ${addressOf(req)}` }], refused)
  // Phones share addresses by the thousand: this holds up a program, not a village.
  const asks = guardForm([{ tries: 100, of: (req) => `asking at ${addressOf(req)}`, all: true }], refused)
  const carries = { email: messages.carries('email'), phone: messages.carries('phone') }

  async function ask(view: View, req: Request, identifier: string): Promise<Reply> {
    const failed = (message: string, status: number) =>
      show(askPage(view, { carries, identifier, errors: [{ field: 'identifier', message }] }), status)
    if (!identifier) return failed(view.say(account)('identifierMissing'), 400)
    const asked = await recovery.ask({ identifier, ticket: ticketOf(req) })
    if ('ok' in asked) return failed(explainCodeProblem(view, asked.problems[0]!), asked.status)
    const { kind } = asked.to
    if (!carries[kind]) return failed(view.say(words)(`none-${kind}`), 409)
    if (!(await messages.ready(kind))) return show(awayPage(view), 503)
    if (asked.person)
      sendCode(services, 'recover', asked, asked.person.language).catch((error: unknown) =>
        services.report(error, view.requestId),
      )
    await awaitCode(req, 'recovering', asked)
    return go('/recover/code')
  }

  return Router()
    .get(
      '/recover',
      page((view) => show(askPage(view, { carries, identifier: '', errors: [] }))),
    )
    .post(
      '/recover',
      ...asks,
      page((view, req) => ask(view, req, textOf(req, 'identifier'))),
    )
    .post(
      '/recover/again',
      ...asks,
      page((view, req) => {
        const awaited = awaitedOf(req, 'recovering')
        return awaited ? ask(view, req, awaited.to.value) : go('/recover')
      }),
    )
    .get(
      '/recover/code',
      page((view, req) => {
        const awaited = awaitedOf(req, 'recovering')
        return awaited ? showOnce(newPasswordPage(view, awaited, { code: '', errors: [] })) : go('/recover')
      }),
    )
    .post(
      '/recover/code',
      ...tries,
      page(async (view, req) => {
        const awaited = awaitedOf(req, 'recovering')
        if (!awaited) return go('/recover', { message: view.say(words)('gone') })
        const [code, password] = [textOf(req, 'code'), secretOf(req, 'password')]
        const missing: FieldError[] = []
        if (!code) missing.push({ field: 'code', message: view.say(identifiers)('codeMissing') })
        if (!password) missing.push({ field: 'password', message: view.say(account)('newMissing') })
        if (missing.length > 0)
          return { ...showOnce(newPasswordPage(view, awaited, { code, errors: missing })), status: 400 }
        const answer = await recovery.recover({
          identifier: awaited.to.value,
          ticket: ticketOf(req),
          code,
          password,
        })
        if ('ok' in answer) {
          const errors = errorsOf(view, answer.problems)
          // A code that was right, or not looked at yet, need not be typed again.
          const kept = errors.some(({ field }) => field === 'code') ? '' : code
          return {
            ...showOnce(newPasswordPage(view, awaited, { code: kept, errors })),
            status: answer.status,
          }
        }
        delete req.session.recovering
        notify(services, answer, 'recovered')
        return go('/sign-in', { message: view.say(words)('done') })
      }),
    )
    .get(
      '/recover/printed',
      page((view) => show(printedPage(view, { identifier: '', errors: [] }))),
    )
    .post(
      '/recover/printed',
      ...tries,
      page(async (view, req) => {
        const [identifier, code] = [textOf(req, 'identifier'), textOf(req, 'code')]
        const password = secretOf(req, 'password')
        const missing: FieldError[] = []
        const say = view.say(account)
        if (!identifier) missing.push({ field: 'identifier', message: say('identifierMissing') })
        if (!code) missing.push({ field: 'code', message: view.say(words)('printedMissing') })
        if (!password) missing.push({ field: 'password', message: say('newMissing') })
        if (missing.length > 0) return show(printedPage(view, { identifier, errors: missing }), 400)
        const answer = await recovery.recoverByPrinted({ identifier, code, password })
        if ('ok' in answer)
          return show(
            printedPage(view, { identifier, errors: errorsOf(view, answer.problems) }),
            answer.status,
          )
        notify(services, answer, 'recovered')
        return go('/sign-in', { message: view.say(words)('done') })
      }),
    )
}

function errorsOf(view: View, problems: readonly Parameters<typeof explainCodeProblem>[1][]): FieldError[] {
  return problems.map((problem) => ({
    field: ['identifier', 'password'].find((name) => name === problem.path) ?? 'code',
    message: explainCodeProblem(view, problem),
  }))
}
