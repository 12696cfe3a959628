import { type Request, Router } from 'express'
import {
  CLASS_LIMITS,
  type ClassDetails,
  dayOf,
  type Organisation,
  type TaughtClass,
} from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { select } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { dateField, errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { centre } from '../i18n/messages/centre.ts'
import { topicOptions } from '../i18n/topics.ts'
import { go, queryOf, show, textOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { centreAddress, centreOf, centrePage } from './frame.ts'

const PAGE = 50

export const classAddress = (organisation: Pick<Organisation, 'id'>, id: string) =>
  `${centreAddress(organisation)}/classes/${encodeURIComponent(id)}`

export type Sent = Record<keyof ClassDetails, string>
const NAMES = ['name', 'topic', 'day', 'begin', 'minutes', 'place'] as const

/** The classes of an organisation, and writing down another. */
export function classListRoutes(services: WebServices): Router {
  const { classes } = services
  const at = centreOf(services, 'confirm-learning')
  return Router()
    .get(
      '/:organisation/classes',
      at(async (view, { organisation }, req) => {
        const after = queryOf(req, 'after')
        const found = await classes.of(organisation.id, { limit: PAGE, ...(after && { after }) })
        return show(listPage(view, organisation, { ...found, later: after !== '' }))
      }),
    )
    .get(
      '/:organisation/classes/new',
      at((view, { organisation }) =>
        show(formPage(view, organisation, { sent: blank(), errors: [], of: null })),
      ),
    )
    .post(
      '/:organisation/classes/new',
      at(async (view, { organisation, reader }, req) => {
        const sent = sentOf(req)
        const by = { organisation: organisation.id, by: reader.person }
        const made = await classes.create(by, detailsOf(sent))
        if ('ok' in made) {
          const errors = centreErrors(view, made.problems, 'name')
          return show(formPage(view, organisation, { sent, errors, of: null }), made.status)
        }
        return go(classAddress(organisation, made.id), { message: view.say(centre)('classMade') })
      }),
    )
}

const blank = (): Sent => ({ name: '', topic: '', day: dayOf(Date.now()), begin: '', minutes: '', place: '' })
export const sentOf = (req: Request) =>
  Object.fromEntries(NAMES.map((name) => [name, textOf(req, name)])) as Sent

export const detailsOf = (sent: Sent): ClassDetails => ({
  ...sent,
  minutes: Number(sent.minutes || Number.NaN),
})

function listPage(
  view: View,
  organisation: Organisation,
  props: { classes: readonly TaughtClass[]; next: string | null; later: boolean },
): Html {
  const say = view.say(centre)
  const address = `${centreAddress(organisation)}/classes`
  const start = buttonLink(view, {
    label: say('classNew'),
    href: `${address}/new`,
    kind: 'primary',
    icon: 'plus',
  })
  const isEmpty = props.classes.length === 0 && !props.later
  return centrePage(view, organisation, {
    title: say('classesTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('classesTitle'), lead: say('classesLead'), ...(!isEmpty && { action: start }) })}
      ${
        isEmpty
          ? emptyState({ title: say('classesNone'), body: say('classesNoneBody'), action: start })
          : table({
              caption: say('classesTitle'),
              columns: [
                {
                  label: say('columnClass'),
                  cell: (each: TaughtClass) =>
                    rowLink({ href: classAddress(organisation, each.id), label: each.name }),
                },
                { label: say('columnDay'), cell: (each) => onDate(view, each.at) },
                { label: say('classPlace'), cell: (each) => each.place || '–' },
              ],
              rows: props.classes,
            })
      }
      ${pager(view, {
        next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
        first: props.later ? address : null,
      })}
    </div>`,
  })
}

export function formPage(
  view: View,
  organisation: Organisation,
  props: { sent: Sent; errors: readonly FieldError[]; of: TaughtClass | null },
): Html {
  const say = view.say(centre)
  const { sent, errors, of } = props
  const list = `${centreAddress(organisation)}/classes`
  const title = say(of ? 'classChange' : 'classNew')
  const back = of
    ? { href: classAddress(organisation, of.id), label: of.name }
    : { href: list, label: say('classesTitle') }
  const given = (name: keyof Sent) => ({ name, value: sent[name], error: errorOf(errors, name) })
  return centrePage(view, organisation, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${of ? `${back.href}/change` : `${list}/new`} novalidate>
        ${field(view, {
          ...given('name'),
          label: say('className'),
          help: say('classNameHelp'),
          required: true,
          maxlength: CLASS_LIMITS.name,
        })}
        ${select(view, {
          ...given('topic'),
          label: say('classTopic'),
          empty: say('topicNone'),
          options: topicOptions(view),
        })}
        ${dateField(view, { ...given('day'), label: say('classDay'), required: true })}
        ${field(view, {
          ...given('begin'),
          label: say('classBegin'),
          help: say('classBeginHelp'),
          required: true,
          maxlength: 5,
        })}
        ${field(view, {
          ...given('minutes'),
          label: say('classMinutes'),
          inputmode: 'numeric',
          required: true,
          maxlength: 3,
        })}
        ${field(view, { ...given('place'), label: say('classPlace'), maxlength: CLASS_LIMITS.place })}
        <div class="row">${button(view, { label: say(of ? 'classChange' : 'classDo'), kind: 'primary', icon: 'check' })}</div>
      </form>
    </div>`,
  })
}
