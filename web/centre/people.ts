import { Router } from 'express'
import { CODE_DIGITS, type Found, type Organisation, PURPOSES } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { access } from '../i18n/messages/access.ts'
import { centre } from '../i18n/messages/centre.ts'
import { go, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { type At, centreAddress, centreOf, centrePage } from './frame.ts'

const PAGE = 25
const MAX_QUERY = 100
/** In whose place a purpose of searching is kept: of nobody yet. */
const NOBODY = ''

export const personAddress = (organisation: Pick<Organisation, 'id'>, person: string) =>
  `${centreAddress(organisation)}/people/${encodeURIComponent(person)}`

interface Props {
  query: string
  purpose: string
  words: string
  found: { people: readonly Found[]; next: string | null } | null
  errors: readonly FieldError[]
}

export function peopleRoutes(services: WebServices): Router {
  const { directory, accesses } = services
  const at = centreOf(services, 'find-people')
  const before = async ({ reader }: At) => {
    const given = await accesses.purposeOf(reader, NOBODY)
    return { purpose: given?.purpose ?? '', words: given?.words ?? '' }
  }
  return (
    Router()
      .get(
        '/:organisation/people',
        at(async (view, here) =>
          show(
            peoplePage(view, here.organisation, {
              query: '',
              ...(await before(here)),
              found: null,
              errors: [],
            }),
          ),
        ),
      )
      // Sent as a form: names of people stay out of addresses and what keeps them.
      .post(
        '/:organisation/people',
        at(async (view, here, req) => {
          const query = textOf(req, 'q').slice(0, MAX_QUERY)
          const after = textOf(req, 'after')
          const sent = { query, purpose: textOf(req, 'purpose'), words: textOf(req, 'words') }
          const purpose = await accesses.givePurpose(here.reader, NOBODY, sent)
          const found =
            'ok' in purpose
              ? purpose
              : await directory.find(here.reader, { query, purpose, limit: PAGE, ...(after && { after }) })
          if (!found.ok) {
            const errors = centreErrors(view, found.problems, 'q')
            return show(peoplePage(view, here.organisation, { ...sent, found: null, errors }), found.status)
          }
          return show(peoplePage(view, here.organisation, { ...sent, found, errors: [] }))
        }),
      )
      .post(
        '/:organisation/code',
        at(async (view, here, req) => {
          const used = await directory.codes.use(here.reader, textOf(req, 'code'))
          if (used.ok) return go(personAddress(here.organisation, used.person))
          const errors = centreErrors(view, used.problems, 'code')
          const props = { query: '', ...(await before(here)), found: null, errors }
          return show(peoplePage(view, here.organisation, props), used.status)
        }),
      )
  )
}

function peoplePage(view: View, organisation: Organisation, props: Props): Html {
  const say = view.say(centre)
  const { query, errors, found } = props
  const address = centreAddress(organisation)
  return centrePage(view, organisation, {
    title: say('peopleTitle'),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: say('peopleTitle'), lead: say('peopleLead') })}
        ${errorSummary(view, errors)}
        <form class="form" method="post" action=${`${address}/people`} novalidate>
          ${field(view, {
            name: 'q',
            label: say('name'),
            help: say('nameHelp'),
            value: query,
            type: 'search',
            required: true,
            maxlength: MAX_QUERY,
            autocomplete: 'off',
            error: errorOf(errors, 'q'),
          })}
          ${purposeFields(view, { ...props, errors })}
          <div class="row">${button(view, { label: say('search'), kind: 'primary', icon: 'search' })}</div>
        </form>
        <form class="filters" method="post" action=${`${address}/code`} novalidate>
          ${field(view, {
            name: 'code',
            label: say('code'),
            help: say('codeHelp'),
            inputmode: 'numeric',
            maxlength: CODE_DIGITS + 4,
            unmarked: true,
            autocomplete: 'off',
            error: errorOf(errors, 'code'),
          })}
          ${button(view, { label: say('codeDo'), icon: 'key' })}
        </form>
      </section>
      ${found && foundSection(view, organisation, { ...props, found })}
    </div>`,
  })
}

/** Why somebody is looked for, or looked at. */
export function purposeFields(
  view: View,
  { purpose, words, errors }: { purpose: string; words: string; errors: readonly FieldError[] },
): Html {
  const say = view.say(access)
  return html`${select(view, {
    name: 'purpose',
    label: say('purpose'),
    empty: '',
    options: PURPOSES.map((one) => ({ value: one, label: say(`give-${one}`) })),
    value: purpose,
    required: true,
    error: errorOf(errors, 'purpose'),
  })}
  ${field(view, {
    name: 'words',
    label: say('words'),
    help: say('wordsHelp'),
    value: words,
    unmarked: true,
    maxlength: 200,
    autocomplete: 'off',
    error: errorOf(errors, 'words'),
  })}`
}

function foundSection(
  view: View,
  organisation: Organisation,
  props: Props & { found: NonNullable<Props['found']> },
): Html {
  const say = view.say(centre)
  const { people, next } = props.found
  return html`<section class="stack">
    <h2>${say('found')}</h2>
    ${
      people.length === 0
        ? emptyState({ title: say('noneFound'), body: say('noneFoundBody'), level: 3 })
        : html`<p class="muted">${say('foundLead')}</p>
          ${table({
            caption: say('found'),
            columns: [
              {
                label: say('columnName'),
                cell: (each: Found) =>
                  rowLink({ href: personAddress(organisation, each.person), label: each.name }),
              },
              ...foundColumns(view),
            ],
            rows: people,
          })}`
    }
    ${
      next &&
      html`<form method="post" action=${`${centreAddress(organisation)}/people`}>
        <input type="hidden" name="q" value=${props.query} />
        <input type="hidden" name="purpose" value=${props.purpose} />
        <input type="hidden" name="words" value=${props.words} />
        <input type="hidden" name="after" value=${next} />
        ${button(view, { label: say('more'), icon: 'next' })}
      </form>`
    }
  </section>`
}

/** What tells namesakes apart. */
export function foundColumns(view: View) {
  const say = view.say(centre)
  return [
    { label: say('columnJoined'), cell: (each: Found) => onDate(view, each.joined) },
    { label: say('columnMasked'), cell: (each: Found) => each.masked.join(', ') || '–' },
    {
      label: say('columnContact'),
      cell: (each: Found) => (each.contact === null ? say('never') : onDate(view, each.contact)),
    },
  ]
}
