import type { Request } from 'express'
import type { Person } from '../../profiles/index.ts'
import { page, paramOf, type Reply, show } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

/** Hands over the person whom `:person` names. */
export function personOf(services: WebServices) {
  return (handler: (view: View, person: Person, req: Request) => Reply | Promise<Reply>) =>
    page(async (view, req) => {
      const person = await services.accounts.get(paramOf(req, 'person'))
      return person ? handler(view, person, req) : show(notFoundPage(view), 404)
    })
}
