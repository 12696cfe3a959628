import { Router } from 'express'
import { AUDIT_KIND, type AuditEntry, type Source } from '../../lrs/index.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { errorSummary, type FieldError } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { audit } from '../i18n/messages/audit.ts'
import { operator } from '../i18n/messages/operator.ts'
import { nameOf } from '../organisations/frame.ts'
import { page, queryOf, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { auditCsv } from './audit-csv.ts'
import { type Asked, askedOf, asksNothing, auditAddress, auditForm, readAsked } from './audit-filter.ts'
import { actorWords, detailWords, type Names, organisationIn } from './audit-words.ts'
import { operatorPage } from './frame.ts'

const PAGE = 25
/** Shape of an entry's id: anything else in the address leads to the start of the list. */
const ENTRY_ID = /^[0-9a-z]{9}-[0-9a-f]{14}$/

interface Props {
  asked: Asked
  errors: readonly FieldError[]
  sources: readonly Source[]
  entries: readonly AuditEntry[]
  next: string | null
  later: boolean
  names: Names
}

export function auditRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/audit',
      page(async (view, req) => {
        const sources = await services.sources.list()
        const asked = askedOf(req)
        const { filter, errors } = readAsked(view, asked, sources)
        const before = ENTRY_ID.test(queryOf(req, 'before')) ? queryOf(req, 'before') : undefined
        const found =
          errors.length > 0
            ? { entries: [], next: null }
            : await services.audit({ ...filter, ...(before && { before }), limit: PAGE })
        const names = {
          sources: new Map(sources.map(({ id, name }) => [id, name])),
          people: await peopleIn(services, found.entries),
          organisations: await organisationsIn(view, services, found.entries),
        }
        const props = { asked, errors, sources, ...found, later: before !== undefined, names }
        return show(auditPage(view, props), errors.length > 0 ? 400 : 200)
      }),
    )
    .get('/audit.csv', auditCsv(services))
}

/** Names of the people among those who did something, or to whom it was done. */
async function peopleIn(services: WebServices, entries: readonly AuditEntry[]): Promise<Map<string, string>> {
  const ids = entries.flatMap(({ actor, action, subjects }) => [
    actor,
    ...(['account', 'link'].includes(AUDIT_KIND[action]) ||
    ['hand-over-lessons', 'lesson-move'].includes(action) ||
    action.startsWith('library-')
      ? subjects
      : []),
    ...(action.startsWith('confirm') ? subjects.slice(0, 1) : []),
  ])
  const people = await Promise.all([...new Set(ids)].map((id) => services.accounts.get(id)))
  return new Map(people.filter((each) => each !== null).map(({ id, name }) => [id, name]))
}

/** Names of the organisations concerned. */
async function organisationsIn(
  view: View,
  services: WebServices,
  entries: readonly AuditEntry[],
): Promise<Map<string, string>> {
  const ids = entries.flatMap(organisationIn)
  const known = await services.organisations.getMany(ids)
  return new Map([...known].map(([id, organisation]) => [id, nameOf(view, organisation)]))
}

function auditPage(view: View, props: Props): Html {
  const say = view.say(audit)
  const { asked, errors, entries, later } = props
  return operatorPage(view, {
    title: say('title'),
    body: html`<div class="stack">
      ${heading(view, { title: say('title'), lead: say('lead') })}
      ${errorSummary(view, errors)}
      ${auditForm(view, props)}
      ${
        entries.length > 0
          ? html`${auditTable(view, props)}
              <div class="row">
                ${buttonLink(view, {
                  label: say('download'),
                  href: auditAddress(asked, { csv: true }),
                  icon: 'download',
                  download: true,
                })}
              </div>`
          : errors.length === 0 &&
            emptyState(
              asksNothing(asked)
                ? { title: say('emptyTitle'), body: say('emptyBody') }
                : { title: say('noneTitle'), body: say('noneBody') },
            )
      }
      ${pager(view, {
        next: props.next && auditAddress(asked, { before: props.next }),
        first: later ? auditAddress(asked) : null,
      })}
    </div>`,
  })
}

function auditTable(view: View, { entries, names }: Props): Html {
  const say = view.say(audit)
  const sayOperator = view.say(operator)
  return table({
    caption: say('title'),
    columns: [
      { label: say('columnAct'), cell: (entry: AuditEntry) => say(`act-${entry.action}`) },
      { label: sayOperator('columnDetail'), cell: (entry) => detailWords(view, entry, names) },
      {
        label: sayOperator('columnSource'),
        cell: ({ source }) => (source === null ? '–' : (names.sources.get(source) ?? source)),
      },
      { label: say('columnBy'), cell: (entry) => actorWords(view, entry, names) },
      {
        label: say('columnAt'),
        cell: ({ at }) =>
          html`<time class="nowrap" datetime=${new Date(at).toISOString()}>${view.format.dateTime(at)}</time>`,
      },
    ],
    rows: entries,
    compact: true,
  })
}
