import { Router } from 'express'
import { notify } from '../letters.ts'
import { askPage, codeErrors, codePage, type Place } from '../operator/staff-code.ts'
import { go, paramOf, show, showOnce, textOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import { centreOf, centrePage } from './frame.ts'
import { personAddress } from './people.ts'

/** A recovery code for a citizen whose document was seen; not for who acts for others. */
export function centreCodeRoutes(services: WebServices): Router {
  const { recovery, directory, accounts, accesses } = services
  const at = centreOf(services, 'issue-recovery-codes')
  const path = '/:organisation/people/:person/recovery-code'
  return Router()
    .get(
      path,
      at(async (view, { organisation, reader }, req) => {
        const found = await directory.open(reader, paramOf(req, 'person'))
        if (!found) return show(notFoundPage(view), 404)
        const back = personAddress(organisation, found.person)
        const read = await accesses.read(reader, { person: found.person, what: 'account' }, () =>
          recovery.issuedByStaff(found.person),
        )
        if (!read.ok) return go(back)
        const place: Place = { page: (props) => centrePage(view, organisation, props), back }
        return show(askPage(view, found, place, { issued: read.found, document: '', errors: [] }))
      }),
    )
    .post(
      path,
      at(async (view, { organisation, reader }, req) => {
        const found = await directory.open(reader, paramOf(req, 'person'))
        const person = found && (await accounts.get(found.person))
        if (!person) return show(notFoundPage(view), 404)
        const back = personAddress(organisation, person.id)
        const place: Place = { page: (props) => centrePage(view, organisation, props), back }
        const document = textOf(req, 'document')
        const read = await accesses.read(reader, { person: person.id, what: 'account' }, () =>
          recovery.issueByStaff(person.id, { by: reader.person, document, citizensOnly: true }),
        )
        if (!read.ok) return go(back)
        const answer = read.found
        if ('ok' in answer) {
          const issued = await recovery.issuedByStaff(person.id)
          const errors = codeErrors(view, answer.problems)
          return show(askPage(view, person, place, { issued, document, errors }), answer.status)
        }
        notify(services, person, 'issued')
        return showOnce(codePage(view, person, place, answer))
      }),
    )
}
