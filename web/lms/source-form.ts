import { type Request, Router } from 'express'
import type { Source } from '../../lrs/index.ts'
import { button } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { steps } from '../components/steps.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { lms } from '../i18n/messages/lms.ts'
import { operatorPage } from '../operator/frame.ts'
import { organisationNamed } from '../organisations/named.ts'
import { go, page, show, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { type SourceHandler, sourceAddress } from './source-of.ts'

const NAME_MAX = 200
const LINES_MAX = 50
/** Only these are made by hand. */
const KINDS = ['lms', 'centre', 'organisation', 'tool'] as const

interface Sent {
  name: string
  kind: string
  homePages: string
  activityPrefixes: string
  /** By name; '' for none. */
  organisation: string
}

export function createRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/new',
      page((view) =>
        show(
          formPage(view, {
            sent: { name: '', kind: 'lms', homePages: '', activityPrefixes: '', organisation: '' },
            errors: [],
          }),
        ),
      ),
    )
    .post(
      '/new',
      page(async (view, req) => {
        const sent = sentOf(req)
        const kind = KINDS.find((each) => each === sent.kind)
        const errors = errorsOf(view, sent)
        if (!kind) errors.push({ field: 'kind', message: view.say(lms)('kindMissing') })
        const organisation = await organisationSent(view, services, sent, errors)
        if (errors.length > 0 || !kind) return show(formPage(view, { sent, errors }), 400)
        const made = await services.sources.create(
          {
            name: sent.name,
            kind,
            homePages: linesOf(sent.homePages),
            activityPrefixes: linesOf(sent.activityPrefixes),
            ...(organisation !== null && { organisation }),
          },
          viewerOf(view).id,
        )
        if ('ok' in made) {
          const refused = made.problems.map((each) => ({ field: 'name', message: each.message }))
          return show(formPage(view, { sent, errors: refused }), made.status)
        }
        return go(`${sourceAddress(made)}/credentials/new`, {
          message: view.say(lms)('created', { name: made.name }),
        })
      }),
    )
}

/** `own` hands over the source that the path names. */
export function editRoutes(
  services: WebServices,
  own: (handler: SourceHandler) => ReturnType<typeof page>,
): Router {
  return Router()
    .get(
      '/sources/:id/edit',
      own(async (view, source) => {
        const organisation = source.organisation && (await services.organisations.get(source.organisation))
        const sent = { ...sentFrom(source), organisation: organisation ? organisation.name : '' }
        return show(formPage(view, { source, sent, errors: [] }))
      }),
    )
    .post(
      '/sources/:id/edit',
      own(async (view, source, req) => {
        const sent = { ...sentOf(req), kind: source.kind }
        const errors = errorsOf(view, sent)
        const organisation = await organisationSent(view, services, sent, errors, source.organisation)
        if (errors.length > 0) return show(formPage(view, { source, sent, errors }), 400)
        const changed = await services.sources.change(
          source.id,
          {
            name: sent.name,
            homePages: linesOf(sent.homePages),
            activityPrefixes: linesOf(sent.activityPrefixes),
            organisation,
          },
          viewerOf(view).id,
        )
        if ('ok' in changed) {
          const refused = changed.problems.map((each) => ({ field: 'name', message: each.message }))
          return show(formPage(view, { source, sent, errors: refused }), changed.status)
        }
        return go(sourceAddress(source), { message: view.say(lms)('saved') })
      }),
    )
}

const sentOf = (req: Request): Sent => ({
  name: textOf(req, 'name'),
  kind: textOf(req, 'kind'),
  homePages: textOf(req, 'homePages'),
  activityPrefixes: textOf(req, 'activityPrefixes'),
  organisation: textOf(req, 'organisation'),
})
const sentFrom = (source: Source): Omit<Sent, 'organisation'> => ({
  name: source.name,
  kind: source.kind,
  homePages: source.homePages.join('\n'),
  activityPrefixes: source.activityPrefixes.join('\n'),
})

/** The organisation that was written, or null; what is wrong with it is added to the errors. */
async function organisationSent(
  view: View,
  services: WebServices,
  { organisation: name }: Sent,
  errors: FieldError[],
  known?: string,
): Promise<string | null> {
  if (name === '') return null
  // It may share its name with another; while the name stands, it stays.
  if (known && (await services.organisations.get(known))?.name === name) return known
  const found = await organisationNamed(services, name)
  if (typeof found !== 'string') return found.id
  errors.push({ field: 'organisation', message: view.say(disputes)(`organisation${found}`) })
  return null
}

const linesOf = (text: string) => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]

function errorsOf(view: View, sent: Sent): FieldError[] {
  const say = view.say(lms)
  const errors: FieldError[] = []
  if (!sent.name) errors.push({ field: 'name', message: say('nameMissing') })
  if (sent.name.length > NAME_MAX) errors.push({ field: 'name', message: say('nameLong', { max: NAME_MAX }) })
  for (const name of ['homePages', 'activityPrefixes'] as const) {
    const lines = linesOf(sent[name])
    const bad = lines.find((line) => !isAddress(line))
    if (bad !== undefined)
      errors.push({ field: name, message: say('addressBad', { line: bad.slice(0, 100) }) })
    else if (lines.length > LINES_MAX)
      errors.push({ field: name, message: say('addressMany', { max: LINES_MAX }) })
  }
  return errors
}

/** An absolute IRI, as near as is needed to catch what was mistyped; it is compared to the letter later. */
const isAddress = (text: string) =>
  text.length <= 2000 && /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text) && URL.canParse(text)

function formPage(view: View, props: { source?: Source; sent: Sent; errors: readonly FieldError[] }): Html {
  const say = view.say(lms)
  const { source, sent, errors } = props
  const title = say(source ? 'editTitle' : 'newTitle')
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, {
        title,
        ...(!source && { lead: say('newLead') }),
        back: source
          ? { href: sourceAddress(source), label: source.name }
          : { href: '/lms', label: say('listTitle') },
      })}
      ${!source && connectSteps(view, 0)}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${source ? `${sourceAddress(source)}/edit` : '/lms/new'} novalidate>
        ${field(view, {
          name: 'name',
          label: say('nameField'),
          help: say('nameHelp'),
          value: sent.name,
          required: true,
          maxlength: NAME_MAX,
          error: errorOf(errors, 'name'),
        })}
        ${
          !source &&
          radios(view, {
            name: 'kind',
            label: say('kindField'),
            required: true,
            options: KINDS.map((kind) => ({ value: kind, label: say(`kind-${kind}`) })),
            value: sent.kind,
            error: errorOf(errors, 'kind'),
          })
        }
        ${field(view, {
          name: 'homePages',
          label: say('homePagesField'),
          help: say('homePagesHelp'),
          value: sent.homePages,
          rows: 3,
          error: errorOf(errors, 'homePages'),
        })}
        ${field(view, {
          name: 'activityPrefixes',
          label: say('prefixesField'),
          help: say('prefixesHelp'),
          value: sent.activityPrefixes,
          rows: 3,
          error: errorOf(errors, 'activityPrefixes'),
        })}
        ${field(view, {
          name: 'organisation',
          label: view.say(disputes)('sourceOrganisation'),
          help: view.say(disputes)('sourceOrganisationHelp'),
          value: sent.organisation,
          maxlength: NAME_MAX,
          error: errorOf(errors, 'organisation'),
        })}
        <div class="row">${button(view, { label: source ? say('editSave') : say('create'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

export function connectSteps(view: View, current: number): Html {
  const say = view.say(lms)
  return steps(view, {
    label: say('steps'),
    items: [say('stepSource'), say('stepKey'), say('stepPaste'), say('stepSeen')],
    current,
  })
}
