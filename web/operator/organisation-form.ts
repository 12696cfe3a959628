import { type Request, Router } from 'express'
import { MAX_LOGO_BYTES, ORGANISATION_KINDS, type Organisation } from '../../profiles/index.ts'
import { act, button, buttonLink } from '../components/button.ts'
import { radios } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { fileField } from '../components/file-field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { organisationErrors } from '../i18n/organisation-problems.ts'
import { nameOf, organisationAddress, organisationPage } from '../organisations/frame.ts'
import { logoOf } from '../organisations/logo.ts'
import { organisationNamed } from '../organisations/named.ts'
import { organisationOf } from '../organisations/organisation-of.ts'
import { go, page, queryOf, show, textOf, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'

const ADDRESS = '/operator/organisations'
export const formAddress = ({ id }: Pick<Organisation, 'id'>) => `${ADDRESS}/${encodeURIComponent(id)}`

type Sent = Record<'name' | 'nameEn' | 'kind' | 'parent', string>

export function organisationFormRoutes(services: WebServices): Router {
  const { organisations: store } = services
  const one = organisationOf(services, 'operate')
  return Router()
    .get(
      '/organisations/new',
      page(async (view, req) => {
        const parent = await store.get(queryOf(req, 'parent'))
        const sent = { name: '', nameEn: '', kind: '', parent: parent?.name ?? '' }
        return show(createPage(view, sent, [], parent?.id ?? ''))
      }),
    )
    .post(
      '/organisations/new',
      page(async (view, req) => {
        const sent = sentOf(req)
        // The organisation from whose page it was added, as long as its name still stands in the field.
        const from = textOf(req, 'from')
        const parent = await parentOf(view, services, sent.parent, from)
        if (typeof parent === 'object' && parent) return show(createPage(view, sent, [parent], from), 400)
        const made = await store.create({ ...sent, parent }, viewerOf(view).id)
        if ('ok' in made) {
          const errors = organisationErrors(view, made.problems, 'name')
          return show(createPage(view, sent, errors, from), made.status)
        }
        return go(organisationAddress(made), {
          message: view.say(organisations)('created', { name: made.name }),
        })
      }),
    )
    .get(
      '/organisations/:organisation',
      one(async (view, organisation) => {
        const parent = organisation.parent === null ? null : await store.get(organisation.parent)
        const { name, nameEn, kind } = organisation
        const sent = { name, nameEn: nameEn ?? '', kind, parent: parent?.name ?? '' }
        return show(editPage(view, organisation, { sent, errors: [] }))
      }),
    )
    .post(
      '/organisations/:organisation',
      one(async (view, organisation, req) => {
        const sent = sentOf(req)
        const parent = await parentOf(view, services, sent.parent, organisation.parent ?? '')
        if (typeof parent === 'object' && parent)
          return show(editPage(view, organisation, { sent, errors: [parent] }), 400)
        const changed = await store.change(organisation.id, { ...sent, parent }, viewerOf(view).id)
        if ('ok' in changed) {
          const errors = organisationErrors(view, changed.problems, 'name')
          return show(editPage(view, organisation, { sent, errors }), changed.status)
        }
        return go(organisationAddress(organisation), { message: view.say(organisations)('saved') })
      }),
    )
    .get(
      '/organisations/:organisation/close',
      one((view, organisation) => show(closePage(view, organisation))),
    )
    .post(
      '/organisations/:organisation/close',
      one(async (view, organisation) => {
        await store.setState(organisation.id, 'closed', viewerOf(view).id)
        const name = nameOf(view, organisation)
        return go(organisationAddress(organisation), {
          message: view.say(organisations)('closedToast', { name }),
          undo: { action: `${formAddress(organisation)}/open` },
        })
      }),
    )
    .post(
      '/organisations/:organisation/open',
      one(async (view, organisation) => {
        await store.setState(organisation.id, 'active', viewerOf(view).id)
        const name = nameOf(view, organisation)
        return go(organisationAddress(organisation), {
          message: view.say(organisations)('openedToast', { name }),
        })
      }),
    )
}

function sentOf(req: Request): Sent {
  return {
    name: textOf(req, 'name'),
    nameEn: textOf(req, 'nameEn'),
    kind: textOf(req, 'kind'),
    parent: textOf(req, 'parent'),
  }
}

/** The one organisation of this name, or `known` while it is still called so; null for none, or what is wrong. */
async function parentOf(
  view: View,
  { organisations: store }: WebServices,
  name: string,
  known: string,
): Promise<string | null | FieldError> {
  if (name === '') return null
  if (known !== '' && (await store.get(known))?.name === name) return known
  const found = await organisationNamed({ organisations: store }, name)
  if (typeof found !== 'string') return found.id
  return {
    field: 'parent',
    message: view.say(organisations)(found === 'Many' ? 'parentMany' : 'parentUnknown'),
  }
}

function detailFields(view: View, sent: Sent, errors: readonly FieldError[]): Html {
  const say = view.say(organisations)
  const shared = (name: keyof Sent) => ({ name, value: sent[name], error: errorOf(errors, name) })
  return html`${field(view, { ...shared('name'), label: say('name'), help: say('nameHelp'), required: true, maxlength: 200 })}
    ${field(view, { ...shared('nameEn'), label: say('nameEn'), maxlength: 200 })}
    ${radios(view, {
      ...shared('kind'),
      label: say('kind'),
      required: true,
      options: ORGANISATION_KINDS.map((kind) => ({ value: kind, label: say(`kind-${kind}`) })),
    })}
    ${field(view, { ...shared('parent'), label: say('parent'), help: say('parentHelp'), maxlength: 200 })}`
}

function createPage(view: View, sent: Sent, errors: readonly FieldError[], from: string): Html {
  const say = view.say(organisations)
  return operatorPage(view, {
    title: say('createTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('createTitle'),
        lead: say('createLead'),
        back: { href: ADDRESS, label: say('listTitle') },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action=${`${ADDRESS}/new`} novalidate>
        ${from !== '' && html`<input type="hidden" name="from" value=${from} />`}
        ${detailFields(view, sent, errors)}
        <div class="row">${button(view, { label: say('createDo'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}

/** Details, logo and state; `errors` of the logo stand beside its own form. */
export function editPage(
  view: View,
  organisation: Organisation,
  { sent, errors }: { sent: Sent; errors: readonly FieldError[] },
): Html {
  const say = view.say(organisations)
  const address = formAddress(organisation)
  const name = nameOf(view, organisation)
  return organisationPage(view, organisation, {
    title: say('editTitle'),
    scripts: ['upload'],
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: say('editTitle'), back: { href: organisationAddress(organisation), label: name } })}
        ${errorSummary(view, errors)}
        <form class="form" method="post" action=${address} novalidate>
          ${detailFields(view, sent, errors)}
          <div class="row">${button(view, { label: say('save'), kind: 'primary' })}</div>
        </form>
      </section>
      <section class="stack">
        <h2>${say('logo')}</h2>
        ${logoOf(organisation)}
        <form class="form" method="post" action=${`${address}/logo`} enctype="multipart/form-data" novalidate>
          ${fileField(view, {
            name: 'logo',
            label: say('logo'),
            accept: 'image/png,image/jpeg,image/webp',
            required: true,
            help: say('logoLead', { limit: view.format.bytes(MAX_LOGO_BYTES) }),
            error: errorOf(errors, 'logo'),
          })}
          <div class="row">${button(view, { label: say('logoDo'), icon: 'upload' })}</div>
        </form>
        ${organisation.logo && act(view, { label: say('logoRemove'), action: `${address}/logo/remove` })}
      </section>
      <section class="stack">
        <h2>${say('columnState')}</h2>
        <p>${
          organisation.closed === null
            ? say('state-active')
            : say('closedSince', { date: view.format.date(organisation.closed) })
        }</p>
        ${
          organisation.state === 'active'
            ? buttonLink(view, { label: say('close'), href: `${address}/close`, kind: 'danger' })
            : act(view, { label: say('open'), action: `${address}/open` })
        }
      </section>
    </div>`,
  })
}

function closePage(view: View, organisation: Organisation): Html {
  const say = view.say(organisations)
  const title = say('closeTitle', { name: nameOf(view, organisation) })
  const address = formAddress(organisation)
  return organisationPage(view, organisation, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: address, label: say('editTitle') } })}
      <p>${say('closeBody')}</p>
      ${act(view, { label: say('closeDo'), action: `${address}/close`, kind: 'danger' })}
    </div>`,
  })
}
