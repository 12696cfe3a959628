import type { Request } from 'express'
import { type Dispute, isIn, type Queue } from '../../profiles/index.ts'
import { toldName } from '../citizen/dispute-pages.ts'
import { readEvents } from '../citizen/events.ts'
import { sourceNames } from '../citizen/source-names.ts'
import { emptyState } from '../components/empty-state.ts'
import type { FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { tabs } from '../components/tabs.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { disputes as words } from '../i18n/messages/disputes.ts'
import { organisationNamed } from '../organisations/named.ts'
import { go, paramOf, queryOf, type Reply, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { answerPage, type Sent } from './answer-page.ts'
import { disputeErrors, organisationNames, stateBadge } from './words.ts'

const PAGE = 50

/** Where disputes are answered: a source's page, or an organisation's. */
export interface Desk {
  queue: Queue
  /** Of the list; an item's is behind it. */
  address: string
  back: { href: string; label: string }
  /** Notes in the person's record who looked, before anything of it is shown. */
  note(view: View, req: Request, person: string): Promise<unknown>
  /** The frame of its place. */
  page(view: View, props: { title: string; body: Html; scripts?: readonly string[] }): Html
}

/** The handlers of a desk, for whoever its place lets through. */
export function deskHandlers(services: WebServices) {
  const { disputes } = services
  /** Reads what stands behind a dispute, as this reader: the audit tells that they did. */
  async function shown(
    view: View,
    desk: Desk,
    dispute: Dispute,
    { sent, errors, status = 200, isLate = false }: Shown,
  ): Promise<Reply> {
    const [source, person, events, organisations, voider] = await Promise.all([
      sourceNames(services),
      services.accounts.get(dispute.person),
      readEvents(services, dispute.told.statements.slice(0, PAGE), services.readerFor(viewerOf(view).id)),
      organisationNames(view, services, dispute),
      disputes.voider(desk.queue, dispute),
    ])
    const props = { desk, dispute, sent, errors, isLate, events, organisations, voider }
    return show(
      answerPage(view, { ...props, source: source(dispute.source), person: person?.name ?? null }),
      status,
    )
  }
  /** What waits or waited here, once it is noted who looks; or the page that is shown instead. */
  async function ofDesk(desk: Desk, view: View, req: Request): Promise<Dispute | Reply> {
    const dispute = await disputes.find(paramOf(req, 'dispute'))
    if (!dispute || !isIn(desk.queue, dispute)) return show(notFoundPage(view), 404)
    if (await disputes.isSilent(dispute)) return show(silentPage(view, desk))
    await desk.note(view, req, dispute.person)
    return dispute
  }

  return {
    async list(view: View, desk: Desk, req: Request): Promise<Reply> {
      const after = queryOf(req, 'after')
      const isOpen = queryOf(req, 'done') !== 'yes'
      const asked = { open: isOpen, limit: PAGE, ...(after && { after }) }
      const found = await disputes.queue(desk.queue, asked)
      const persons = [...new Set(found.disputes.map(({ person }) => person))]
      const people = await Promise.all(
        persons.map(async (id) => {
          // Each row names somebody, and a line of theirs.
          await desk.note(view, req, id)
          return [id, (await services.accounts.get(id))?.name] as const
        }),
      )
      const names = new Map(people)
      return show(listPage(view, { desk, ...found, isOpen, later: after !== '', names }))
    },

    async one(view: View, desk: Desk, req: Request): Promise<Reply> {
      const dispute = await ofDesk(desk, view, req)
      return 'id' in dispute ? shown(view, desk, dispute, { sent: BLANK, errors: [] }) : dispute
    },

    async answer(view: View, desk: Desk, req: Request): Promise<Reply> {
      const dispute = await ofDesk(desk, view, req)
      if (!('id' in dispute)) return dispute
      const say = view.say(words)
      const sent: Sent = {
        outcome: textOf(req, 'outcome'),
        words: textOf(req, 'words'),
        organisation: textOf(req, 'organisation'),
      }
      const { queue } = desk
      const by = viewerOf(view).id
      let to: { id: string; name: string } | null = null
      if (sent.outcome === 'pass-on') {
        const named = await organisationNamed(services, sent.organisation)
        if (typeof named === 'string') {
          const errors = [{ field: 'organisation', message: say(`organisation${named}`) }]
          return shown(view, desk, dispute, { sent, errors, status: 400 })
        }
        to = named
      }
      const done = to
        ? await disputes.passOn(dispute.id, { queue, by, organisation: to.id, words: sent.words })
        : await disputes.answer(dispute.id, {
            queue,
            by,
            outcome: sent.outcome === 'void' ? 'corrected' : sent.outcome,
            words: sent.words,
            voids: sent.outcome === 'void',
          })
      if ('problems' in done) {
        // Passed on, or its person fell silent, while this was written.
        const now = await ofDesk(desk, view, req)
        if (!('id' in now)) return now
        const isLate = done.problems.some(({ id }) => id === 'dispute-answered')
        const errors = isLate ? [] : disputeErrors(view, done.problems, 'outcome')
        return shown(view, desk, now, { sent, errors, status: done.status, isLate })
      }
      return go(desk.address, {
        message: to ? say('passedOn', { organisation: to.name }) : say('answered'),
      })
    },
  }
}

interface Shown {
  sent: Sent
  errors: readonly FieldError[]
  status?: number
  isLate?: boolean
}
const BLANK: Sent = { outcome: '', words: '', organisation: '' }

/** Of somebody who agrees to a record no more: nothing of it is shown, and there is nothing to do. */
function silentPage(view: View, desk: Desk): Html {
  const say = view.say(words)
  return desk.page(view, {
    title: say('silentTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('silentTitle'),
        lead: say('silentBody'),
        back: { href: desk.address, label: say('deskTitle') },
      })}
    </div>`,
  })
}

function listPage(
  view: View,
  props: {
    desk: Desk
    disputes: readonly Dispute[]
    next: string | null
    isOpen: boolean
    later: boolean
    names: ReadonlyMap<string, string | undefined>
  },
): Html {
  const say = view.say(words)
  const { desk, isOpen } = props
  const here = isOpen ? desk.address : `${desk.address}?done=yes`
  return desk.page(view, {
    title: say('deskTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('deskTitle'), lead: say(isOpen ? 'deskLead' : 'deskDoneLead'), back: desk.back })}
      ${tabs({
        label: say('tabs'),
        items: [
          { href: desk.address, label: say('tabOpen'), current: isOpen },
          { href: `${desk.address}?done=yes`, label: say('tabDone'), current: !isOpen },
        ],
      })}
      ${
        props.disputes.length === 0 && !props.later
          ? emptyState({
              title: say(isOpen ? 'deskEmpty' : 'deskDoneEmpty'),
              body: say(isOpen ? 'deskEmptyBody' : 'deskDoneEmptyBody'),
            })
          : table({
              caption: say('deskTitle'),
              columns: [
                {
                  label: say('columnLine'),
                  cell: (each: Dispute) =>
                    rowLink({
                      href: `${desk.address}/${encodeURIComponent(each.id)}`,
                      label: toldName(view, each),
                    }),
                },
                {
                  label: say('columnPerson'),
                  cell: (each) => props.names.get(each.person) ?? say('personGone'),
                },
                { label: say('columnKind'), cell: (each) => say(`kind-${each.kind}`) },
                { label: say('columnMade'), cell: (each) => onDate(view, each.made) },
                { label: say('columnState'), cell: (each) => stateBadge(view, each) },
              ],
              rows: props.disputes,
            })
      }
      ${pager(view, {
        next: props.next && `${here}${isOpen ? '?' : '&'}after=${encodeURIComponent(props.next)}`,
        first: props.later ? here : null,
      })}
    </div>`,
  })
}
