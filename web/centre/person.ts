import { Router } from 'express'
import type { Confirmation, Found, Organisation, RecordLine } from '../../profiles/index.ts'
import { agreed, holdsIn, isPaper } from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { checkbox, checkboxes } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { lineName, timeSpent } from '../components/record-line.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { hWord } from '../i18n/class.ts'
import { confirmationState } from '../i18n/confirmation-words.ts'
import { access } from '../i18n/messages/access.ts'
import { centre } from '../i18n/messages/centre.ts'
import { nameOf } from '../organisations/frame.ts'
import { go, paramOf, queryOf, type Reply, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { type At, centreAddress, centreOf, centrePage } from './frame.ts'
import { paperWords } from './paper.ts'
import { personAddress, purposeFields } from './people.ts'

const PAGE = 25

/** A line that may be confirmed, with the statement that a confirmation would speak of. */
interface SelfToldLine {
  line: RecordLine
  statement: string
  paper: string
}

export function personRoutes(services: WebServices): Router {
  const at = centreOf(services, 'find-people')
  return Router()
    .get(
      '/:organisation/people/:person',
      at((view, here, req) =>
        personReply(services, view, here, { person: paramOf(req, 'person'), after: queryOf(req, 'after') }),
      ),
    )
    .post(
      '/:organisation/people/:person/purpose',
      at(async (view, here, req) => {
        const found = await services.directory.open(here.reader, paramOf(req, 'person'))
        if (!found) return show(notFoundPage(view), 404)
        const sent = { purpose: textOf(req, 'purpose'), words: textOf(req, 'words') }
        const given = await services.accesses.givePurpose(here.reader, found.person, sent)
        if (!('ok' in given)) return go(personAddress(here.organisation, found.person))
        const errors = centreErrors(view, given.problems, 'purpose')
        return show(purposePage(view, here.organisation, found, { ...sent, errors }), given.status)
      }),
    )
}

/** The page of a person; or, before, the question what it is for. What is shown was noted first. */
export async function personReply(
  services: WebServices,
  view: View,
  { organisation, reader }: At,
  asked: { person: string; after?: string; errors?: readonly FieldError[]; status?: number },
): Promise<Reply> {
  const found = await services.directory.open(reader, asked.person)
  if (!found) return show(notFoundPage(view), 404)
  const { person } = found
  const { after = '', errors = [], status = 200 } = asked
  const read = await services.accesses.read(reader, { person, what: 'record' }, async () => {
    const options = { limit: PAGE, filter: { level: 'tu-khai' as const }, ...(after && { after }) }
    const [{ lines, next }, { confirmations }] = await Promise.all([
      services.transcript.lines(person, options),
      services.confirmations.of({ person, organisation: organisation.id }, { limit: PAGE }),
    ])
    const statements = await Promise.all(
      lines.map((line) => services.confirmations.confirmable(line.statements)),
    )
    const selfTold = await Promise.all(
      lines.flatMap((line, place) => {
        const statement = statements[place]
        return statement ? [withPaper(services, view, line, statement)] : []
      }),
    )
    // Without their consent there is no record to speak of.
    const said = agreed(await services.accounts.get(person)) ? confirmations : []
    return { selfTold, next, confirmations: said }
  })
  if (!read.ok) {
    const given = await services.accesses.purposeOf(reader, '')
    const sent = { purpose: given?.purpose ?? '', words: given?.words ?? '', errors: [] }
    return show(purposePage(view, organisation, found, sent))
  }
  return show(personPage(view, organisation, { found, ...read.found, later: after !== '', errors }), status)
}

async function withPaper(
  services: WebServices,
  view: View,
  line: RecordLine,
  statement: string,
): Promise<SelfToldLine> {
  return { line, statement, paper: await paperWords(view, services, line.person, line.activity) }
}

function purposePage(
  view: View,
  organisation: Organisation,
  found: Found,
  sent: { purpose: string; words: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(access)
  return centrePage(view, organisation, {
    title: say('purposeTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('purposeTitle'),
        lead: say('purposeLead', { name: found.name }),
        back: { href: `${centreAddress(organisation)}/people`, label: view.say(centre)('peopleTitle') },
      })}
      ${errorSummary(view, sent.errors)}
      <form class="form" method="post" action=${`${personAddress(organisation, found.person)}/purpose`} novalidate>
        ${purposeFields(view, sent)}
        <div class="row">${button(view, { label: say('purposeDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

interface PersonProps {
  found: Found
  selfTold: readonly SelfToldLine[]
  next: string | null
  confirmations: readonly Confirmation[]
  later: boolean
  errors: readonly FieldError[]
}

function personPage(view: View, organisation: Organisation, props: PersonProps): Html {
  const say = view.say(centre)
  const { found, errors } = props
  const address = personAddress(organisation, found.person)
  const may = holdsIn(viewerOf(view), organisation, 'issue-recovery-codes')
  return centrePage(view, organisation, {
    title: found.name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: found.name,
          lead: say('personLead'),
          back: { href: `${centreAddress(organisation)}/people`, label: say('peopleTitle') },
        })}
        ${errorSummary(view, errors)}
        ${facts([
          [say('columnJoined'), onDate(view, found.joined)],
          [say('columnMasked'), found.masked.join(', ') || '–'],
          [say('columnContact'), found.contact === null ? say('never') : onDate(view, found.contact)],
        ])}
        ${may && html`<div class="row">${buttonLink(view, { label: say('recovery'), href: `${address}/recovery-code`, icon: 'key' })}</div>`}
      </section>
      <section class="stack">
        <h2>${say('selfTold')}</h2>
        ${
          props.selfTold.length === 0
            ? emptyState({ title: say('selfToldNone'), body: say('selfToldNoneBody'), level: 3 })
            : confirmForm(view, organisation, props)
        }
        ${pager(view, {
          next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
          first: props.later ? address : null,
        })}
      </section>
      <section class="stack">
        <h2>${say('here')}</h2>
        ${
          props.confirmations.length === 0
            ? html`<p class="muted">${say('hereNone')}</p>`
            : html`<ul class="cards wide">${props.confirmations.map((each) => html`<li>${confirmationCard(view, organisation, each)}</li>`)}</ul>`
        }
      </section>
    </div>`,
  })
}

function confirmForm(view: View, organisation: Organisation, { found, selfTold, errors }: PersonProps): Html {
  const say = view.say(centre)
  const hasPapers = selfTold.some(({ line }) => isPaper(line.activity.type))
  return html`<form class="form" method="post" action=${`${personAddress(organisation, found.person)}/confirm`} novalidate>
    <p class="muted">${say('confirmLead', { where: nameOf(view, organisation) })}</p>
    ${checkboxes(view, {
      name: 'statement',
      label: say('choose'),
      options: selfTold.map(({ line, statement, paper }) => ({
        value: statement,
        label: lineName(view, line),
        help: [view.format.date(line.at), timeSpent(view, line), hWord(view, line.h), paper]
          .filter(Boolean)
          .join(' · '),
      })),
      values: [],
      error: errorOf(errors, 'statement'),
    })}
    ${hasPapers && originalBox(view, errors)}
    <div class="row">${button(view, { label: say('confirmDo'), kind: 'primary', icon: 'xac-nhan' })}</div>
  </form>`
}

/** What staff say of the papers among what they confirm. */
export function originalBox(view: View, errors: readonly FieldError[]): Html {
  const say = view.say(centre)
  return checkbox(view, {
    name: 'original',
    label: say('original'),
    help: say('originalHelp'),
    error: errorOf(errors, 'original'),
  })
}

function confirmationCard(view: View, organisation: Organisation, each: Confirmation): Html {
  const say = view.say(centre)
  const { subject, state } = each
  return html`<article class="card">
    <h3>${lineName(view, subject)}</h3>
    <p class="muted small">${view.format.date(subject.time)}</p>
    <p>${confirmationState(view, each)}</p>
    ${
      state === 'standing' &&
      html`<div class="row">${buttonLink(view, {
        label: say('withdraw'),
        href: `${centreAddress(organisation)}/confirmations/${encodeURIComponent(subject.statement)}/withdraw`,
      })}</div>`
    }
  </article>`
}
