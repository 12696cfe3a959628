import express, { type RequestHandler, Router } from 'express'
import type { RecordLine, SharedRecord } from '../../profiles/index.ts'
import { tellerNames } from '../citizen/source-names.ts'
import { badge, sourceBadge } from '../components/badge.ts'
import { button } from '../components/button.ts'
import { details } from '../components/details.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { lineName, lineVerb, outcome, saidBy, timeSpent } from '../components/record-line.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { record } from '../i18n/messages/record.ts'
import { shares } from '../i18n/messages/shares.ts'
import { publicPage } from '../layout.ts'
import { page, paramOf, type Reply, send, show, showOnce, textOf, viewOf } from '../page.ts'
import { addressOf, guardForm } from '../rate-limit.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { tooManyPage } from './error-pages.ts'

/**
 * Where a shared record is opened. Robots that preview a link GET it: they see a page that says nothing and costs nothing.
 * A press opens and counts. The token in the address is right enough: nothing here looks at who is signed in, so these
 * routes stand before the guard of forms, which asks for a referrer that is not sent from here.
 */
export function sharedRoutes(services: WebServices): Router {
  const guard = guardForm(
    [
      { tries: 60, of: addressOf },
      { tries: 20, of: (req) => `share ${paramOf(req, 'token')}` },
      // Each opening is kept: a program is not to make them without end.
      { tries: 200, of: addressOf, all: true },
    ],
    (req, res) => send(req, res, show(tooManyPage(viewOf(res), 15 * 60_000), 429)),
  )
  return Router()
    .use('/s/:token', unseen)
    .get(
      '/s/:token',
      page(async (view, req) => {
        const door = await services.shares.knock(paramOf(req, 'token'))
        if (!door.ok) return unkept(closedPage(view, door.since), door.status)
        return unkept(doorPage(view, { needsPassword: door.needsPassword, errors: [] }))
      }),
    )
    .post(
      '/s/:token',
      ...guard,
      express.urlencoded({ extended: false, limit: '10kb' }),
      page(async (view, req) => {
        const given: unknown = req.body?.password
        const opened = await services.shares.open(
          paramOf(req, 'token'),
          typeof given === 'string' ? given : textOf(req, 'password'),
        )
        if (opened.ok) return unkept(recordPage(view, opened.record, await tellerNames(services)))
        if (opened.status !== 403) return unkept(closedPage(view, opened.since), opened.status)
        const errors = [{ field: 'password', message: view.say(shares)('doorWrong') }]
        return unkept(doorPage(view, { needsPassword: true, errors }), 403)
      }),
    )
}

const unkept = (body: Html, status = 200): Reply => ({ ...showOnce(body), status }) as Reply

/** Nobody finds it by searching, nobody is told where the reader came from, nothing keeps it. */
const unseen: RequestHandler = (_req, res, next) => {
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive')
  next()
}

function doorPage(view: View, props: { needsPassword: boolean; errors: readonly FieldError[] }): Html {
  const say = view.say(shares)
  return publicPage(view, {
    title: say('doorTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('doorTitle'), lead: say('doorLead') })}
      ${errorSummary(view, props.errors)}
      <form class="form" method="post" novalidate autocomplete="off">
        ${
          props.needsPassword &&
          field(view, {
            name: 'password',
            label: say('doorPassword'),
            type: 'password',
            help: say('doorPasswordHelp'),
            error: errorOf(props.errors, 'password'),
            required: true,
            autocomplete: 'off',
          })
        }
        <div class="row">${button(view, { label: say('doorOpen'), kind: 'primary', icon: 'next' })}</div>
      </form>
    </div>`,
  })
}

function closedPage(view: View, since: number | undefined): Html {
  const say = view.say(shares)
  const title = say(since === undefined ? 'unknownTitle' : 'goneTitle')
  return publicPage(view, {
    title,
    body: html`<div class="stack">
      <h1>${title}</h1>
      <p>${since === undefined ? say('unknownBody') : say('goneBody', { date: view.format.dateTime(since) })}</p>
    </div>`,
  })
}

function recordPage(
  view: View,
  { name, share, lines, less, hidden, disputed }: SharedRecord,
  source: (id: string) => string | undefined,
): Html {
  const say = view.say(shares)
  const there = lines.filter((line): line is RecordLine => line !== null)
  const gone = lines.length - there.length
  const levels = [...new Set(there.flatMap(saidBy).map(({ level }) => level))]
  const title = say('sharedTitle', { name })
  return publicPage(view, {
    title,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title,
          lead: say('sharedFor', {
            reader: share.reader,
            purpose: share.purpose,
            date: view.format.dateTime(share.until),
          }),
        })}
        <p><strong>${say('sharedOf', { count: share.lines.length, of: share.of })}</strong></p>
        ${gone > 0 && notice(view, { tone: 'warning', body: say('sharedGone', { count: gone }) })}
        ${hidden > 0 && notice(view, { body: say('sharedHidden', { count: hidden }) })}
      </section>
      ${table({
        caption: title,
        columns: [
          {
            label: say('sharedWhat'),
            cell: (line: RecordLine | null) =>
              line
                ? nameCell(view, line, { since: disputed.get(line.id), isLess: less.has(line.id) })
                : html`<span class="muted">${say('lineGone')}</span>`,
          },
          { label: say('sharedWhen'), cell: (line) => line && onDate(view, line.at) },
          {
            label: say('sharedResult'),
            cell: (line) => line && (outcome(view, line) || lineVerb(view, line)),
          },
          {
            label: say('sharedTime'),
            cell: (line) => line && (timeSpent(view, line) ?? say('sharedUnknown')),
          },
          {
            label: say('sharedSource'),
            cell: (line) =>
              line &&
              saidBy(line).map(
                (one) =>
                  html`<div>${sourceBadge(view, { level: one.level, source: source(one.source) })}</div>`,
              ),
          },
        ],
        rows: lines,
      })}
      ${details({
        summary: say('sharedLevels'),
        body: html`<ul>${levels.map(
          (level) =>
            html`<li><strong>${view.say(record)(`level-${level}`)}</strong>: ${view.say(record)(`level-${level}-long`)}</li>`,
        )}</ul>`,
      })}
      <p class="muted">${say('sharedNote', { tenant: view.tenantName })}</p>
    </div>`,
  })
}

/** What is being looked at says so, and what not all say any more who said it when it was chosen. */
function nameCell(
  view: View,
  line: RecordLine,
  { since, isLess }: { since: number | undefined; isLess: boolean },
): Html {
  const looked =
    since !== undefined && view.say(disputes)('beingLookedSince', { date: view.format.date(since) })
  const less = isLess && view.say(shares)('sharedLess')
  return html`${lineName(view, line)}${[looked, less].map(
    (label) => label && html`<br />${badge(view, { label, tone: 'waiting', icon: 'warning' })}`,
  )}`
}
