import type { Request } from 'express'
import type { Person } from '../../profiles/index.ts'
import { page, paramOf, type Reply, show } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorReader } from './purpose.ts'

/** Hands over the person whom `:person` names. */
export function personOf(services: WebServices) {
  return (handler: (view: View, person: Person, req: Request) => Reply | Promise<Reply>) =>
    page(async (view, req) => {
      const person = await services.accounts.get(paramOf(req, 'person'))
      return person ? handler(view, person, req) : show(notFoundPage(view), 404)
    })
}

/**
 * The same for what stands behind a person's page, where it was asked what for. Who comes by the address alone is noted
 * too, before anything is shown.
 */
export function notedPersonOf(services: WebServices): ReturnType<typeof personOf> {
  const one = personOf(services)
  return (handler) =>
    one(async (view, person, req) => {
      const reader = operatorReader(view, req)
      const looked = { person: person.id, what: 'account' as const }
      const noted = await services.accesses.read(reader, looked, async () => true)
      if (!noted.ok) await services.accesses.noteOperator(reader.person, looked)
      return handler(view, person, req)
    })
}
