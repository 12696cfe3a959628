import type { Request } from 'express'
import type { Organisation, Right, StaffReader } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { centre } from '../i18n/messages/centre.ts'
import { workerPage } from '../layout.ts'
import { nameOf, organisationAddress } from '../organisations/frame.ts'
import { organisationOf } from '../organisations/organisation-of.ts'
import { type Reply, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import { sessionKey } from '../session-store.ts'
import type { View } from '../view.ts'

export const centreAddress = ({ id }: Pick<Organisation, 'id'>) => `/centre/${encodeURIComponent(id)}`

/** The page's organisation and who works there now. */
export interface At {
  organisation: Organisation
  reader: StaffReader
}

/** Hands over the organisation that `:organisation` names to who holds this right there. */
export function centreOf(services: WebServices, right: Right) {
  const of = organisationOf(services, right)
  return (handler: (view: View, at: At, req: Request) => Reply | Promise<Reply>) =>
    of((view, organisation, req) => {
      const person = viewerOf(view).id
      const reader = { person, organisation: organisation.id, session: sessionKey(req.sessionID) }
      return handler(view, { organisation, reader }, req)
    })
}

/** The frame of what staff do for one organisation. */
export function centrePage(
  view: View,
  organisation: Organisation,
  props: { title: string; body: Html; scripts?: readonly string[] },
): Html {
  const say = view.say(centre)
  const address = centreAddress(organisation)
  return workerPage(view, {
    ...props,
    name: say('places'),
    places: [
      { href: address, label: say('placeHome'), icon: 'today' },
      { href: `${address}/people`, label: say('placePeople'), icon: 'people' },
      { href: `${address}/requests`, label: say('placeRequests'), icon: 'xac-nhan' },
      { href: `${address}/classes`, label: say('placeClasses'), icon: 'learn' },
      { href: organisationAddress(organisation), label: say('placeOrganisation'), icon: 'organisation' },
    ],
    body: html`<p class="muted small">${nameOf(view, organisation)}</p>
      ${props.body}`,
  })
}

/** The values of a field that may stand in a form several times, at most `most`. */
export function valuesOf(req: Request, name: string, most = 500): string[] {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name]
  const all = Array.isArray(value) ? value : [value]
  return all.filter((each): each is string => typeof each === 'string' && each !== '').slice(0, most)
}
