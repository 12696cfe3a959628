import type { Attendee, Classes, Found, Organisation, TaughtClass } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { checkboxes } from '../components/choice.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { progress } from '../components/progress.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { centre } from '../i18n/messages/centre.ts'
import { topicName } from '../i18n/topics.ts'
import { nameOf } from '../organisations/frame.ts'
import type { View } from '../view.ts'
import { classAddress } from './classes.ts'
import { reasonField } from './confirm.ts'
import { centreAddress, centrePage } from './frame.ts'

export interface ClassProps {
  of: TaughtClass
  people: readonly Attendee[]
  next: string | null
  later: boolean
  counts: Awaited<ReturnType<Classes['counts']>>
  /** Who reads. */
  self: string
  query: string
  found: readonly Found[] | null
  errors: readonly FieldError[]
}

export function classPage(view: View, organisation: Organisation, props: ClassProps): Html {
  const say = view.say(centre)
  const { of, errors, counts } = props
  const address = classAddress(organisation, of.id)
  return centrePage(view, organisation, {
    title: of.name,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: of.name,
          back: { href: `${centreAddress(organisation)}/classes`, label: say('classesTitle') },
        })}
        ${errorSummary(view, errors)}
        ${facts([
          [say('classWhen'), view.format.dateTime(of.at - of.minutes * 60_000)],
          [say('classLong'), view.format.duration(of.minutes * 60_000)],
          [say('classTopic'), topicName(view, of.topic) ?? '–'],
          [say('classPlace'), of.place || '–'],
        ])}
        ${
          counts.entered === 0 &&
          html`<div class="row">${buttonLink(view, { label: say('classChange'), href: `${address}/change`, icon: 'edit' })}</div>`
        }
      </section>
      <section class="stack" id="people">
        <h2>${say('attendees')}</h2>
        ${enterPart(view, organisation, props)}
        ${peopleTable(view, address, props)}
        ${pager(view, {
          next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
          first: props.later ? address : null,
        })}
        ${
          counts.entered > 0 &&
          html`<div class="row">${buttonLink(view, { label: say('takeBackAll'), href: `${address}/take-back` })}</div>`
        }
      </section>
      <section class="stack">
        <h2>${say('addTitle')}</h2>
        ${addForms(view, address, props)}
      </section>
    </div>`,
  })
}

/** What is to be entered, what is, and what is on its way. */
function enterPart(view: View, organisation: Organisation, { of, counts, people, self }: ClassProps): Html {
  const say = view.say(centre)
  const selfListed = people.some(({ holder, state }) => holder === self && state === 'listed')
  const waiting = counts.listed - (selfListed ? 1 : 0)
  const all = counts.listed + counts.entered
  return html`${
    counts.entered > 0 &&
    progress(view, {
      label: say('enteringLabel'),
      share: all === 0 ? 0 : (counts.entered - counts.waiting) / all,
      now: say('enteredOf', { done: Math.max(0, counts.entered - counts.waiting), all }),
    })
  }
  ${counts.waiting > 0 && notice(view, { body: say('enteringWaits', { count: counts.waiting }) })}
  ${selfListed && notice(view, { body: say('selfNotEntered') })}
  ${
    waiting > 0 &&
    html`<p class="muted">${say('enterLead', { where: nameOf(view, organisation) })}</p>
      ${act(view, {
        label: say('enterDo', { count: waiting }),
        action: `${classAddress(organisation, of.id)}/enter`,
        kind: 'primary',
        icon: 'xac-nhan',
      })}`
  }`
}

function peopleTable(view: View, address: string, { people, later }: ClassProps): Html {
  const say = view.say(centre)
  if (people.length === 0 && !later) return html`<p class="muted">${say('attendeesNone')}</p>`
  return table({
    caption: say('attendees'),
    columns: [
      { label: say('columnName'), cell: (each: Attendee) => each.name },
      { label: say('columnState'), cell: (each) => say(`state-${each.state}`) },
      {
        label: say('columnAct'),
        cell: ({ person, state }) =>
          state === 'listed'
            ? act(view, {
                label: say('unlist'),
                action: `${address}/unlist`,
                kind: 'quiet',
                fields: { person },
              })
            : state === 'entered'
              ? buttonLink(view, {
                  label: say('takeBackOne'),
                  href: `${address}/take-back?person=${encodeURIComponent(person)}`,
                  kind: 'quiet',
                })
              : act(view, {
                  label: say('relist'),
                  action: `${address}/people`,
                  kind: 'quiet',
                  fields: { person },
                }),
      },
    ],
    rows: people,
  })
}

function addForms(view: View, address: string, { query, found, errors }: ClassProps): Html {
  const say = view.say(centre)
  return html`<form class="form" method="post" action=${`${address}/find`} novalidate>
      ${field(view, {
        name: 'q',
        label: say('addSearch'),
        help: say('nameHelp'),
        value: query,
        type: 'search',
        unmarked: true,
        maxlength: 100,
        autocomplete: 'off',
        error: errorOf(errors, 'q'),
      })}
      <div class="row">${button(view, { label: say('search'), icon: 'search' })}</div>
    </form>
    ${
      found &&
      (found.length === 0
        ? emptyState({ title: say('noneFound'), body: say('noneFoundBody'), level: 3 })
        : html`<form class="form" method="post" action=${`${address}/people`} novalidate>
            ${checkboxes(view, {
              name: 'person',
              label: say('found'),
              options: found.map((each) => ({
                value: each.person,
                label: each.name,
                help: [
                  `${say('columnJoined')}: ${view.format.date(each.joined)}`,
                  each.masked.join(', '),
                  each.contact !== null && `${say('columnContact')}: ${view.format.date(each.contact)}`,
                ]
                  .filter(Boolean)
                  .join(' · '),
              })),
              values: [],
            })}
            <div class="row">${button(view, { label: say('addChosen'), icon: 'plus' })}</div>
          </form>`)
    }
    <form class="form" method="post" action=${`${address}/codes`} novalidate>
      ${field(view, {
        name: 'codes',
        label: say('addCodes'),
        help: say('addCodesHelp'),
        rows: 4,
        unmarked: true,
        inputmode: 'numeric',
        autocomplete: 'off',
        error: errorOf(errors, 'codes'),
      })}
      <div class="row">${button(view, { label: say('addCodesDo'), icon: 'key' })}</div>
    </form>`
}

export function takeBackPage(
  view: View,
  organisation: Organisation,
  of: TaughtClass,
  props: {
    one: Pick<Attendee, 'person' | 'name'> | null
    entered: number
    reason: string
    errors: readonly FieldError[]
  },
): Html {
  const say = view.say(centre)
  const { one, entered, reason, errors } = props
  const address = classAddress(organisation, of.id)
  return centrePage(view, organisation, {
    title: say('takeBackTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('takeBackTitle'), back: { href: address, label: of.name } })}
      ${errorSummary(view, errors)}
      <p>${one ? say('takeBackOneBody', { name: one.name }) : say('takeBackAllBody', { count: entered })}</p>
      <form class="form" method="post" action=${`${address}/take-back`} novalidate>
        ${one && html`<input type="hidden" name="person" value=${one.person} />`}
        ${reasonField(view, { label: say('reason'), value: reason, errors, required: true })}
        <div class="row">${button(view, { label: say('takeBackDo'), kind: 'danger' })}</div>
      </form>
    </div>`,
  })
}
