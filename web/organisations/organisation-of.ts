import type { Request } from 'express'
import { holdsEverywhere, holdsIn, type Organisation, type Right } from '../../profiles/index.ts'
import { page, paramOf, type Reply, show, viewerOf } from '../page.ts'
import { forbiddenPage, notFoundPage, notMemberPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

export type OrganisationHandler = (
  view: View,
  organisation: Organisation,
  req: Request,
) => Reply | Promise<Reply>

/** Hands over the organisation that `:organisation` names to who holds one of these rights there; `member`: to its members. */
export function organisationOf(services: WebServices, ...rights: (Right | 'member')[]) {
  return (handler: OrganisationHandler) =>
    page(async (view, req) => {
      const organisation = await services.organisations.get(paramOf(req, 'organisation'))
      if (!organisation) return show(notFoundPage(view), 404)
      const person = viewerOf(view)
      const may = (right: Right | 'member') =>
        right === 'member'
          ? holdsEverywhere(person, 'operate') || rolesIn(view, organisation).length > 0
          : holdsIn(person, organisation, right)
      if (rights.some(may)) return handler(view, organisation, req)
      const asked = rights.find((right) => right !== 'member')
      return show(asked ? forbiddenPage(view, asked) : notMemberPage(view), 403)
    })
}

/** The reader's roles there. */
export function rolesIn(view: View, { id }: Pick<Organisation, 'id'>) {
  return viewerOf(view).memberships?.find(({ organisation }) => organisation === id)?.roles ?? []
}
