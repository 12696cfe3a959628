import { Router } from 'express'
import type { Problem } from '../../lrs/index.ts'
import { type ConfirmationRequest, isPaper, type Organisation } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { pager } from '../components/pager.ts'
import { lineName } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { centre } from '../i18n/messages/centre.ts'
import { go, queryOf, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { confirmAll, reasonField } from './confirm.ts'
import { type At, centreAddress, centreOf, centrePage, valuesOf } from './frame.ts'
import { paperWords } from './paper.ts'
import { personAddress } from './people.ts'
import { originalBox } from './person.ts'

const PAGE = 25

interface Waiting {
  request: ConfirmationRequest
  name: string
  /** Ids of the photos and files behind it. */
  files: readonly string[]
  paper: string
}
interface Props {
  waiting: readonly Waiting[]
  next: string | null
  later: boolean
  chosen: readonly string[]
  reason: string
  errors: readonly FieldError[]
}

/** What people asked this organisation to confirm: answered one by one, or many at once. */
export function requestRoutes(services: WebServices): Router {
  const { confirmations, accounts, accesses, evidence } = services
  const at = centreOf(services, 'confirm-learning')
  async function read(view: View, { organisation, reader }: At, after = '') {
    const found = await confirmations.queue(organisation.id, { limit: PAGE, ...(after && { after }) })
    const waiting = await Promise.all(
      found.requests.map(async (request): Promise<Waiting> => {
        const { person, account, activity } = request.subject
        const looked = { person, what: 'line', purpose: 'request' } as const
        const seen = await accesses.read(reader, looked, () =>
          Promise.all([
            accounts.get(person),
            evidence.of(account, activity.id),
            paperWords(view, services, account, activity),
          ]),
        )
        if (!seen.ok) throw new Error(`A look at a request was not noted: ${JSON.stringify(seen.problems)}`)
        const [asking, files, paper] = seen.found
        return { request, name: asking?.name ?? '', files: files.map(({ id }) => id), paper }
      }),
    )
    return { waiting, next: found.next, later: after !== '' }
  }
  return Router()
    .get(
      '/:organisation/requests',
      at(async (view, here, req) => {
        const { organisation } = here
        const found = await read(view, here, queryOf(req, 'after'))
        return show(queuePage(view, organisation, { ...found, chosen: [], reason: '', errors: [] }))
      }),
    )
    .post(
      '/:organisation/requests',
      at(async (view, here, req) => {
        const { organisation, reader } = here
        const say = view.say(centre)
        const statements = valuesOf(req, 'statement', PAGE)
        const reason = textOf(req, 'reason')
        const by = reader.person
        const again = async (errors: readonly FieldError[], status: number) =>
          show(
            queuePage(view, organisation, {
              ...(await read(view, here)),
              chosen: statements,
              reason,
              errors,
            }),
            status,
          )
        if (statements.length === 0) return again([{ field: 'statement', message: say('confirmNone') }], 400)
        const list = `${centreAddress(organisation)}/requests`
        if (textOf(req, 'do') === 'decline') {
          let declined = 0
          const problems = new Map<string, Problem>()
          for (const statement of statements) {
            const asked = { organisation: organisation.id, statement, by, reason }
            const outcome = await confirmations.decline(asked)
            if (!('ok' in outcome)) declined++
            else for (const problem of outcome.problems) problems.set(problem.id, problem)
          }
          if (problems.size > 0) return again(centreErrors(view, [...problems.values()], 'statement'), 409)
          return go(list, { message: say('declined', { count: declined }) })
        }
        const original = textOf(req, 'original') === 'yes'
        const asked = { organisation: organisation.id, by, original, statements }
        const { confirmed, problems } = await confirmAll(confirmations, asked)
        if (problems.length > 0) return again(centreErrors(view, problems, 'statement'), 409)
        return go(list, { message: say('confirmed', { count: confirmed }) })
      }),
    )
}

function queuePage(view: View, organisation: Organisation, props: Props): Html {
  const say = view.say(centre)
  const { waiting, errors } = props
  const address = `${centreAddress(organisation)}/requests`
  return centrePage(view, organisation, {
    title: say('requestsTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('requestsTitle'), lead: say('requestsLead') })}
      ${errorSummary(view, errors)}
      ${
        waiting.length === 0
          ? emptyState({ title: say('requestsNone'), body: say('requestsNoneBody') })
          : answerForm(view, organisation, props)
      }
      ${pager(view, {
        next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
        first: props.later ? address : null,
      })}
    </div>`,
  })
}

function answerForm(view: View, organisation: Organisation, props: Props): Html {
  const say = view.say(centre)
  const { waiting, errors } = props
  return html`<form class="stack" method="post" action=${`${centreAddress(organisation)}/requests`} novalidate>
    <fieldset class="field">
      <legend>${say('answer')}</legend>
      <ul class="cards wide">${waiting.map((each, place) => html`<li>${requestCard(view, organisation, each, { place, chosen: props.chosen })}</li>`)}</ul>
    </fieldset>
    ${waiting.some(({ request }) => isPaper(request.subject.activity.type)) && originalBox(view, errors)}
    <div class="row">${button(view, { label: say('confirmDo'), kind: 'primary', icon: 'xac-nhan', name: 'do', value: 'confirm' })}</div>
    ${reasonField(view, { label: say('declineReason'), value: props.reason, errors })}
    <div class="row">${button(view, { label: say('declineDo'), name: 'do', value: 'decline' })}</div>
  </form>`
}

function requestCard(
  view: View,
  organisation: Organisation,
  { request, name, files, paper }: Waiting,
  { place, chosen }: { place: number; chosen: readonly string[] },
): Html {
  const say = view.say(centre)
  const { subject, words, at } = request
  const id = place === 0 ? 'statement' : `statement-${place}`
  const told = [
    view.format.date(subject.time),
    subject.duration !== null && view.format.duration(subject.duration),
    paper,
  ]
  return html`<article class="card">
    <div class="option">
      <input type="checkbox" id=${id} name="statement" value=${subject.statement}
        checked=${chosen.includes(subject.statement)} />
      <label for=${id}>${say('requestOf', { name, what: lineName(view, subject) })}</label>
      <div class="help">${told.filter(Boolean).join(' · ')}</div>
    </div>
    ${words !== '' && html`<p>“${words}”</p>`}
    ${
      files.length > 0 &&
      html`<p>${files.map((file, at) =>
        link({
          href: `${centreAddress(organisation)}/requests/${encodeURIComponent(subject.statement)}/evidence/${encodeURIComponent(file)}`,
          label: html`${at > 0 && ' · '}${say('evidence', { number: at + 1 })}`,
        }),
      )} <span class="muted small">${say('evidenceNote')}</span></p>`
    }
    <p class="muted small">${say('requestFrom', { date: view.format.date(at) })} · ${link({ href: personAddress(organisation, subject.person), label: name })}</p>
  </article>`
}
