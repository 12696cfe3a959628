import type { Request } from 'express'
import type { Dispute, Queue } from '../../profiles/index.ts'
import { readEvents } from '../citizen/events.ts'
import { toldName } from '../citizen/dispute-pages.ts'
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
    const [source, person, events, organisations, writesFor] = await Promise.all([
      sourceNames(services),
      services.accounts.get(dispute.person),
      readEvents(services, dispute.told.statements.slice(0, PAGE), services.readerFor(viewerOf(view).id)),
      organisationNames(view, services, dispute),
      disputes.writesFor(dispute.source),
    ])
    const props = { desk, dispute, sent, errors, isLate, events, organisations, writesFor }
    return show(
      answerPage(view, { ...props, source: source(dispute.source), person: person?.name ?? null }),
      status,
    )
  }
  async function ofDesk({ queue, note }: Desk, view: View, req: Request): Promise<Dispute | null> {
    const dispute = await disputes.find(paramOf(req, 'dispute'))
    const isHere =
      'source' in queue ? dispute?.source === queue.source : dispute?.organisation === queue.organisation
    if (!dispute || !isHere) return null
    await note(view, req, dispute.person)
    return dispute
  }

  return {
    async list(view: View, desk: Desk, req: Request): Promise<Reply> {
      const after = queryOf(req, 'after')
      const isOpen = queryOf(req, 'done') !== 'yes'
      const asked = { open: isOpen, limit: PAGE, ...(after && { after }) }
      const found = await disputes.queue(desk.queue, asked)
      const people = await Promise.all(
        found.disputes.map(async ({ person }) => [person, await services.accounts.get(person)] as const),
      )
      const names = new Map(people.map(([id, person]) => [id, person?.name]))
      return show(listPage(view, { desk, ...found, isOpen, later: after !== '', names }))
    },

    async one(view: View, desk: Desk, req: Request): Promise<Reply> {
      const dispute = await ofDesk(desk, view, req)
      return dispute ? shown(view, desk, dispute, { sent: BLANK, errors: [] }) : show(notFoundPage(view), 404)
    },

    async answer(view: View, desk: Desk, req: Request): Promise<Reply> {
      const dispute = await ofDesk(desk, view, req)
      if (!dispute) return show(notFoundPage(view), 404)
      const say = view.say(words)
      const sent: Sent = {
        outcome: textOf(req, 'outcome'),
        words: textOf(req, 'words'),
        organisation: textOf(req, 'organisation'),
      }
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
        ? await disputes.passOn(dispute.id, { by, organisation: to.id, words: sent.words })
        : await disputes.answer(dispute.id, {
            by,
            outcome: sent.outcome === 'void' ? 'corrected' : sent.outcome,
            words: sent.words,
            voids: sent.outcome === 'void',
          })
      if ('problems' in done) {
        const isLate = done.problems.some(({ id }) => id === 'dispute-answered')
        const errors = isLate ? [] : disputeErrors(view, done.problems, 'outcome')
        const now = (await disputes.find(dispute.id)) ?? dispute
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
