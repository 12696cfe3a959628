import { type Request, Router } from 'express'
import type { SecondFactor } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { qr } from '../components/qr.ts'
import { onDate } from '../components/when.ts'
import { justProven } from '../confirm.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { common } from '../i18n/messages/common.ts'
import { recovery } from '../i18n/messages/recovery.ts'
import { security } from '../i18n/messages/security.ts'
import { explainAccountProblem } from '../i18n/problems.ts'
import { citizenPage } from '../layout.ts'
import { notify } from '../letters.ts'
import { endOtherSessions } from '../own-sessions.ts'
import { go, page, type Reply, send, show, showOnce, signedIn, textOf, viewerOf, viewOf } from '../page.ts'
import { tooManyPage } from '../public/error-pages.ts'
import { guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import { beginSession, goingOn } from '../session.ts'
import { sessionKey } from '../session-store.ts'
import type { View } from '../view.ts'

const PAGE = '/me/second-factor'

type Draft = { secret: string; address: string }

/** Where people turn two-step sign-in on, move it to another app, and turn it off. */
export function secondFactorRoutes(services: WebServices): Router {
  const { secondFactors } = services
  const issuer = (view: View) => `${view.say(common)('product')} ${view.tenantName}`
  const guard = guardForm([{ tries: 20, of: (req) => `second factor of ${req.user?.id}` }], (req, res) =>
    send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  /** The page of a code that was begun with, or the way to begin. */
  const withDraft = async (view: View, answer: (draft: Draft) => Reply) => {
    const draft = await secondFactors.draft(viewerOf(view), issuer(view))
    return draft ? answer(draft) : go(PAGE, { message: view.say(security)('draftGone') })
  }
  const refused = (view: View, { problems }: { problems: Parameters<typeof explainAccountProblem>[1][] }) =>
    problems.map((each) => ({ field: 'code', message: explainAccountProblem(view, each) }))

  return Router()
    .get(
      PAGE,
      signedIn,
      page(async (view) => show(statePage(view, await secondFactors.of(viewerOf(view))))),
    )
    .post(
      `${PAGE}/begin`,
      signedIn,
      justProven,
      ...guard,
      page(async (view, req) => {
        const person = viewerOf(view)
        // Moving it to another app asks for what there is: else a session left open would be enough.
        if (await secondFactors.of(person)) {
          const used = await useCode(services, view, req)
          if (used) return show(movePage(view, used.errors), used.status)
        }
        await secondFactors.begin(person)
        return go(`${PAGE}/new`)
      }),
    )
    .get(
      `${PAGE}/new`,
      signedIn,
      justProven,
      page((view) => withDraft(view, (draft) => showOnce(newPage(view, draft, [])))),
    )
    .post(
      `${PAGE}/new`,
      signedIn,
      justProven,
      ...guard,
      page(async (view, req) => {
        const person = viewerOf(view)
        const confirmed = await secondFactors.confirm(person, textOf(req, 'code'))
        if ('ok' in confirmed)
          return withDraft(view, (draft) => showOnce(newPage(view, draft, refused(view, confirmed)), 403))
        // Those that began with the password alone are over; this one was just proven twice.
        await beginSession(req, person, { ...goingOn(req), factors: 2 })
        await endOtherSessions(services, person.id, sessionKey(req.sessionID))
        notify(services, person, 'second-factor-on')
        return go(PAGE, { message: view.say(security)('factorOn') })
      }),
    )
    .get(
      `${PAGE}/move`,
      signedIn,
      justProven,
      page((view) => show(movePage(view, []))),
    )
    .get(
      `${PAGE}/remove`,
      signedIn,
      justProven,
      page((view) => show(removePage(view, []))),
    )
    .post(
      `${PAGE}/remove`,
      signedIn,
      justProven,
      ...guard,
      page(async (view, req) => {
        const person = viewerOf(view)
        const removed = await secondFactors.remove(person, textOf(req, 'code'))
        if (removed !== true) return show(removePage(view, refused(view, removed)), removed.status)
        notify(services, person, 'second-factor-off')
        return go(PAGE, { message: view.say(security)('factorOff') })
      }),
    )
    .post(
      `${PAGE}/keep`,
      signedIn,
      page(async (view) => {
        await secondFactors.keep(viewerOf(view))
        return go(PAGE, { message: view.say(security)('factorKept') })
      }),
    )
}

/** Uses the code that was sent; what is wrong with it, null when nothing is. */
async function useCode(
  { secondFactors }: WebServices,
  view: View,
  req: Request,
): Promise<{ errors: FieldError[]; status: number } | null> {
  const used = await secondFactors.use(viewerOf(view), textOf(req, 'code'), { toChange: true })
  if (used === true) return null
  const errors = used.problems.map((each) => ({ field: 'code', message: explainAccountProblem(view, each) }))
  return { errors, status: used.status }
}

/** For every page that its owner may come by: somebody asked to turn it off. */
export function removalNotice(view: View, factor: SecondFactor | null): Html {
  if (!factor?.removal) return null
  const say = view.say(security)
  return notice(view, {
    tone: 'danger',
    title: say('removalTitle', { time: view.format.dateTime(factor.removal.due) }),
    body: html`<p>${say('removalBody')}</p>
      ${act(view, { label: say('removalKeep'), action: `${PAGE}/keep` })}`,
  })
}

function statePage(view: View, factor: SecondFactor | null): Html {
  const say = view.say(security)
  return citizenPage(view, {
    title: say('factorTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('factorTitle'),
        lead: say('factorLead'),
        back: { href: '/me', label: view.say(account)('meTitle') },
      })}
      ${removalNotice(view, factor)}
      ${
        factor
          ? html`${facts([
              [say('factorState'), say('factorStateOn')],
              [say('factorSince'), onDate(view, factor.since)],
            ])}
            <div class="row">
              ${buttonLink(view, { label: say('factorMove'), href: `${PAGE}/move` })}
              ${buttonLink(view, { label: say('factorRemove'), href: `${PAGE}/remove` })}
            </div>`
          : html`<p>${say('factorHow')}</p>
            ${act(view, { label: say('factorBegin'), action: `${PAGE}/begin`, kind: 'primary' })}`
      }
    </div>`,
  })
}

function newPage(view: View, draft: Draft, errors: readonly FieldError[]): Html {
  const say = view.say(security)
  return citizenPage(view, {
    title: say('newTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('newTitle'), back: { href: PAGE, label: say('factorTitle') } })}
      ${errorSummary(view, errors)}
      <p>${say('newApp')}</p>
      ${qr({ text: draft.address, label: say('newQr') })}
      <p>${link({ href: draft.address, label: say('newHere') })}</p>
      <div>
        <p><strong>${say('newSecret')}</strong></p>
        <p><code>${draft.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
        <p class="muted small">${say('newSecretHelp')}</p>
      </div>
      ${codeForm(view, { action: `${PAGE}/new`, errors, help: say('newCodeHelp'), submit: say('newDo') })}
      <p class="muted">${say('newPaper')} ${link({ href: '/me/recovery-codes', label: view.say(recovery)('codesTitle') })}</p>
    </div>`,
  })
}

function movePage(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(security)
  return citizenPage(view, {
    title: say('factorMove'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('factorMove'),
        lead: say('moveLead'),
        back: { href: PAGE, label: say('factorTitle') },
      })}
      ${errorSummary(view, errors)}
      ${codeForm(view, { action: `${PAGE}/begin`, errors, help: say('codeHelp'), submit: say('moveDo') })}
    </div>`,
  })
}

function removePage(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(security)
  return citizenPage(view, {
    title: say('factorRemove'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('factorRemove'),
        lead: say('removeLead'),
        back: { href: PAGE, label: say('factorTitle') },
      })}
      ${errorSummary(view, errors)}
      ${codeForm(view, { action: `${PAGE}/remove`, errors, help: say('codeHelp'), submit: say('removeDo') })}
      <p class="muted">${say('removeLost')}</p>
    </div>`,
  })
}

function codeForm(
  view: View,
  props: { action: string; errors: readonly FieldError[]; help: string; submit: string },
): Html {
  return html`<form class="form" method="post" action=${props.action} novalidate>
    ${field(view, {
      name: 'code',
      label: view.say(security)('code'),
      help: props.help,
      error: errorOf(props.errors, 'code'),
      required: true,
      autocomplete: 'one-time-code',
      maxlength: 40,
    })}
    <div class="row">${button(view, { label: props.submit, kind: 'primary' })}</div>
  </form>`
}
