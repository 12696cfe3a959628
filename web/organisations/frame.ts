import { holdsEverywhere, holdsIn, type Organisation, type OrganisationRole } from '../../profiles/index.ts'
import { type Html, html } from '../html.ts'
import { centre } from '../i18n/messages/centre.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { type Place, workerPage } from '../layout.ts'
import { viewerOf } from '../page.ts'
import type { View } from '../view.ts'

export const organisationAddress = ({ id }: Pick<Organisation, 'id'>) =>
  `/organisations/${encodeURIComponent(id)}`

/** An organisation's frame: its places, as far as they are the reader's. */
export function organisationPage(
  view: View,
  organisation: Organisation,
  props: { title: string; body: Html; scripts?: readonly string[] },
): Html {
  const say = view.say(organisations)
  const person = viewerOf(view)
  const address = organisationAddress(organisation)
  const places: (Place | false)[] = [
    { href: address, label: say('placeOverview'), icon: 'organisation' },
    holdsIn(person, organisation, 'manage-members') && {
      href: `${address}/members`,
      label: say('placeMembers'),
      icon: 'people',
    },
    holdsIn(person, organisation, 'manage-members') && {
      href: `${address}/invitations`,
      label: say('placeInvitations'),
      icon: 'link',
    },
    seesLessons(view, organisation) && {
      href: `${address}/lessons`,
      label: say('placeLessons'),
      icon: 'learn',
    },
    holdsIn(person, organisation, 'find-people') && {
      href: `/centre/${encodeURIComponent(organisation.id)}`,
      label: view.say(centre)('area'),
      icon: 'xac-nhan',
    },
    holdsIn(person, organisation, 'answer-disputes') && {
      href: `${address}/disputes`,
      label: view.say(disputes)('deskTitle'),
      icon: 'warning',
    },
    holdsEverywhere(person, 'operate') && {
      href: '/operator/organisations',
      label: say('placeAll'),
      icon: 'source',
    },
  ]
  // Its own name stands in the heading of the overview, and above that of every other page.
  const body =
    view.path === address
      ? props.body
      : html`<p class="muted small">${nameOf(view, organisation)}</p>
          ${props.body}`
  return workerPage(view, {
    ...props,
    body,
    name: say('places'),
    places: places.filter((place) => place !== false),
  })
}

/** Editors work on all of the organisation's lessons; managers see whose they are. */
export function seesLessons(view: View, organisation: Organisation): boolean {
  const person = viewerOf(view)
  return holdsIn(person, organisation, 'edit-lessons') || holdsIn(person, organisation, 'manage-members')
}

/** An organisation as the reader calls it. */
export function nameOf(view: View, { name, nameEn }: Pick<Organisation, 'name' | 'nameEn'>): string {
  return view.language === 'en' ? (nameEn ?? name) : name
}

export function rolesWords(view: View, roles: readonly OrganisationRole[]): string {
  const say = view.say(organisations)
  return roles.length === 0 ? say('noRoles') : roles.map((role) => say(`role-${role}`)).join(', ')
}

/** The roles that a form may offer, each with what it is for. */
export function roleOptions(view: View, roles: readonly OrganisationRole[]) {
  const say = view.say(organisations)
  return roles.map((role) => ({ value: role, label: say(`role-${role}`), help: say(`about-${role}`) }))
}
