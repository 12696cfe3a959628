import { type Request, Router } from 'express'
import {
  type Confirmation,
  type ConfirmationRequest,
  MOST_WORDS,
  type Organisation,
  type RecordLine,
} from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { lineName } from '../components/record-line.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { explainRequestProblem } from '../i18n/centre-problems.ts'
import { confirmationState, requestState } from '../i18n/confirmation-words.ts'
import { confirmations as words } from '../i18n/messages/confirmations.ts'
import { record } from '../i18n/messages/record.ts'
import { citizenPage } from '../layout.ts'
import { nameOf } from '../organisations/frame.ts'
import { go, page, paramOf, queryOf, show, signedIn, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

const PAGE = 50
/** Organisations to choose from at once. */
const FOUND = 20
export const CONFIRMATIONS = '/me/confirmations'
export const askAddress = (line: string) => `/me/transcript/${encodeURIComponent(line)}/ask`

/** Asking a centre to confirm what one learned by oneself, and the list of what was asked and answered. */
export function askConfirmationRoutes(services: WebServices): Router {
  const { confirmations, organisations } = services

  /** The line of the address and what of it can be confirmed. */
  async function subjectOf(view: View, req: Request) {
    const line = await services.transcript.line(viewerOf(view).id, paramOf(req, 'line'))
    const statement = line && (await confirmations.confirmable(statementsOf(line)))
    return line && statement ? { line, statement } : null
  }
  async function form(
    view: View,
    req: Request,
    given: Partial<Omit<FormProps, 'line' | 'found'>> = {},
    status = 200,
  ) {
    const subject = await subjectOf(view, req)
    if (!subject) return show(notFoundPage(view), 404)
    const query = given.query ?? queryOf(req, 'q').trim().slice(0, 100)
    const found = query
      ? (await organisations.list({ query, state: 'active', limit: FOUND })).organisations
      : null
    const asked = { query, found, organisation: '', words: '', errors: [], ...given }
    return show(askPage(view, { ...subject, ...asked }), status)
  }

  return Router()
    .get(
      CONFIRMATIONS,
      signedIn,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const after = queryOf(req, 'after')
        const [{ requests, next }, given] = await Promise.all([
          confirmations.requestsOf(person, { limit: PAGE, ...(after && { after }) }),
          confirmations.of({ person }, { limit: PAGE }),
        ])
        const ids = [...requests, ...given.confirmations].map(({ organisation }) => organisation)
        const names = await organisations.getMany([...new Set(ids)])
        const props = { requests, next, given: given.confirmations, later: after !== '' }
        return show(listPage(view, { ...props, where: (id) => placeName(view, names.get(id)) }))
      }),
    )
    .post(
      `${CONFIRMATIONS}/take-back`,
      signedIn,
      page(async (view, req) => {
        await confirmations.takeBack(viewerOf(view).id, textOf(req, 'request'))
        return go(CONFIRMATIONS, { message: view.say(words)('takenBack') })
      }),
    )
    .get(
      '/me/transcript/:line/ask',
      signedIn,
      page((view, req) => form(view, req)),
    )
    .post(
      '/me/transcript/:line/ask',
      signedIn,
      page(async (view, req) => {
        const subject = await subjectOf(view, req)
        if (!subject) return show(notFoundPage(view), 404)
        const sent = { organisation: textOf(req, 'organisation'), words: textOf(req, 'words') }
        const asked = { person: viewerOf(view).id, statement: subject.statement, ...sent }
        const outcome = await confirmations.ask(asked)
        if (!('ok' in outcome)) return go(CONFIRMATIONS, { message: view.say(words)('sent') })
        const errors = outcome.problems.map((problem) => ({
          field: problem.path === 'words' ? 'words' : 'organisation',
          message: explainRequestProblem(view, problem),
        }))
        return form(view, req, { ...sent, query: textOf(req, 'q').slice(0, 100), errors }, outcome.status)
      }),
    )
}

/** Of a line and of those that it is shown for, what the person told of themselves last. */
export const statementsOf = ({
  tellers,
  statements,
}: Pick<RecordLine, 'tellers' | 'statements'>): string[] =>
  tellers ? tellers.flatMap((each) => each.statements.slice(-2)) : statements

export const placeName = (view: View, organisation: Organisation | undefined) =>
  organisation ? nameOf(view, organisation) : '–'

interface FormProps {
  line: RecordLine
  query: string
  found: readonly Organisation[] | null
  organisation: string
  words: string
  errors: readonly FieldError[]
}

function askPage(view: View, props: FormProps): Html {
  const say = view.say(words)
  const { line, query, found, errors } = props
  return citizenPage(view, {
    title: say('askTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('askTitle'),
        lead: say('askLead'),
        back: { href: `/me/transcript/${encodeURIComponent(line.id)}`, label: lineName(view, line) },
      })}
      ${errorSummary(view, errors)}
      <p><strong>${lineName(view, line)}</strong> <span class="muted">${view.format.date(line.at)}</span></p>
      <form class="filters" method="get" action=${askAddress(line.id)} novalidate>
        ${field(view, {
          name: 'q',
          label: say('search'),
          help: say('searchHelp'),
          value: query,
          type: 'search',
          unmarked: true,
          maxlength: 100,
          ...(found === null && { error: errorOf(errors, 'organisation') }),
        })}
        ${button(view, { label: say('searchDo'), icon: 'search', ...(!found?.length && { kind: 'primary' }) })}
      </form>
      ${found?.length === 0 && html`<p>${say('noneFound')}</p>`}
      ${
        found !== null &&
        found.length > 0 &&
        html`<form class="form" method="post" action=${askAddress(line.id)} novalidate>
          <input type="hidden" name="q" value=${query} />
          ${radios(view, {
            name: 'organisation',
            label: say('choose'),
            options: found.map((one) => ({ value: one.id, label: nameOf(view, one) })),
            value: props.organisation || (found.length === 1 ? found[0]?.id : undefined),
            required: true,
            error: errorOf(errors, 'organisation'),
          })}
          ${field(view, {
            name: 'words',
            label: say('words'),
            help: say('wordsHelp'),
            value: props.words,
            rows: 3,
            maxlength: MOST_WORDS,
            error: errorOf(errors, 'words'),
          })}
          <div class="row">${button(view, { label: say('send'), kind: 'primary', icon: 'check' })}</div>
        </form>`
      }
    </div>`,
  })
}

function listPage(
  view: View,
  props: {
    requests: readonly ConfirmationRequest[]
    given: readonly Confirmation[]
    next: string | null
    later: boolean
    where(organisation: string): string
  },
): Html {
  const say = view.say(words)
  const { requests, given, where } = props
  const isEmpty = requests.length === 0 && given.length === 0 && !props.later
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack loose">
      ${heading(view, {
        title: say('title'),
        lead: say('lead'),
        back: { href: '/me/transcript', label: view.say(record)('backToRecord') },
      })}
      ${
        isEmpty &&
        emptyState({
          title: say('noneTitle'),
          body: say('noneBody'),
          action: buttonLink(view, { label: say('toRecord'), href: '/me/transcript', kind: 'primary' }),
        })
      }
      ${
        requests.length > 0 &&
        html`<section class="stack">
          <h2>${say('requests')}</h2>
          ${table({
            caption: say('requests'),
            columns: [
              { label: say('columnWhat'), cell: (each: ConfirmationRequest) => lineName(view, each.subject) },
              { label: say('columnWhere'), cell: ({ organisation }) => where(organisation) },
              {
                label: say('columnState'),
                cell: (each) =>
                  html`${requestState(view, each)}${
                    each.state === 'open' &&
                    act(view, {
                      label: say('takeBack'),
                      action: `${CONFIRMATIONS}/take-back`,
                      kind: 'quiet',
                      fields: { request: each.id },
                    })
                  }`,
              },
            ],
            rows: requests,
          })}
          ${pager(view, {
            next: props.next && `${CONFIRMATIONS}?after=${encodeURIComponent(props.next)}`,
            first: props.later ? CONFIRMATIONS : null,
          })}
        </section>`
      }
      ${
        given.length > 0 &&
        html`<section class="stack">
          <h2>${say('given')}</h2>
          ${table({
            caption: say('given'),
            columns: [
              { label: say('columnWhat'), cell: (each: Confirmation) => lineName(view, each.subject) },
              { label: say('columnWhere'), cell: ({ organisation }) => where(organisation) },
              { label: say('columnState'), cell: (each) => confirmationState(view, each) },
            ],
            rows: given,
          })}
        </section>`
      }
    </div>`,
  })
}
