import { type Request, Router } from 'express'
import { button, buttonLink } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { halfSignedIn, SECOND_STEP } from '../enter.ts'
import { type Html, html } from '../html.ts'
import { security } from '../i18n/messages/security.ts'
import { explainAccountProblem } from '../i18n/problems.ts'
import { publicPage } from '../layout.ts'
import { notify } from '../letters.ts'
import { go, page, type Reply, send, show, showOnce, textOf, viewOf } from '../page.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession } from '../session.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'

const LOST = '/sign-in/lost'

type Half = NonNullable<Awaited<ReturnType<typeof halfSignedIn>>>

/** After the password: a code of the app, or one from paper; and what to do without either. */
export function secondStepRoutes(services: WebServices): Router {
  const { secondFactors } = services
  const guard = guardForm([{ tries: 30, of: addressOf }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  /** Only for who is half-way in. */
  const half = (answer: (view: View, half: Half, req: Request) => Reply | Promise<Reply>) =>
    page(async (view, req) => {
      if (view.viewer) return go('/')
      const found = await halfSignedIn(services, req)
      return found ? answer(view, found, req) : go('/sign-in?ended=step')
    })

  return Router()
    .get(
      SECOND_STEP,
      half((view) => showOnce(codePage(view, []))),
    )
    .post(
      SECOND_STEP,
      ...guard,
      half(async (view, { person, holder, held }, req) => {
        const code = textOf(req, 'code')
        if (!code) {
          const missing = { field: 'code', message: view.say(security)('codeMissing') }
          return showOnce(codePage(view, [missing]), 400)
        }
        const used = await secondFactors.use(holder, code)
        if (used !== true) {
          const errors = used.problems.map((each) => ({
            field: 'code',
            message: explainAccountProblem(view, each),
          }))
          return showOnce(codePage(view, errors), used.status)
        }
        await beginSession(req, person, { shared: held.shared, factors: 2 })
        return go(held.next)
      }),
    )
    .get(
      LOST,
      half(async (view, { holder }) => {
        const factor = await secondFactors.of(holder)
        return showOnce(lostPage(view, factor?.removal?.due ?? null))
      }),
    )
    .post(
      LOST,
      ...guard,
      half(async (view, { holder }) => {
        const asked = await secondFactors.askRemoval(holder)
        // Taken away meanwhile: nothing is left to wait for.
        if (!asked) return go('/sign-in')
        if (asked.asked) notify(services, holder, 'second-factor-removal')
        return showOnce(lostPage(view, asked.removal.due))
      }),
    )
}

function codePage(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(security)
  return publicPage(view, {
    title: say('codeTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('codeTitle'), lead: say('codeLead') })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${SECOND_STEP} novalidate>
        ${field(view, {
          name: 'code',
          label: say('code'),
          help: say('codeHelp'),
          error: errorOf(errors, 'code'),
          required: true,
          autocomplete: 'one-time-code',
          maxlength: 40,
        })}
        <div class="row">${button(view, { label: say('codeDo'), kind: 'primary' })}</div>
      </form>
      <p>${link({ href: LOST, label: say('codeLost') })}</p>
    </div>`,
  })
}

function lostPage(view: View, due: number | null): Html {
  const say = view.say(security)
  return publicPage(view, {
    title: say('lostTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('lostTitle'), back: { href: SECOND_STEP, label: say('codeTitle') } })}
      <p>${say('lostPaper')}</p>
      <p>${say('lostOther')}</p>
      ${
        due === null
          ? html`<p>${say('lostWait')}</p>
              <form method="post" action=${LOST}>
                ${button(view, { label: say('lostDo'), kind: 'primary' })}
              </form>`
          : html`${notice(view, {
              tone: 'warning',
              title: say('lostDue', { time: view.format.dateTime(due) }),
              body: say('lostDueBody'),
            })}
            ${buttonLink(view, { label: say('lostBack'), href: SECOND_STEP })}`
      }
    </div>`,
  })
}
