import { type Request, Router } from 'express'
import type { Found, Organisation, TaughtClass } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import { centreErrors } from '../i18n/centre-problems.ts'
import { centre } from '../i18n/messages/centre.ts'
import { go, paramOf, queryOf, type Reply, show, textOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { type ClassProps, classPage, takeBackPage } from './class-page.ts'
import { classAddress, detailsOf, formPage, sentOf } from './classes.ts'
import { type At, centreOf, valuesOf } from './frame.ts'

const PAGE = 100
const FOUND = 25
const MOST_CODES = 100

type Handler = (view: View, here: At & { of: TaughtClass }, req: Request) => Reply | Promise<Reply>

/** One class: who came, and entering it on everybody's record. */
export function classRoutes(services: WebServices): Router {
  const { classes, directory, accesses } = services
  const right = centreOf(services, 'confirm-learning')
  const at = (handler: Handler) =>
    right(async (view, here, req) => {
      const of = await classes.get(here.organisation.id, paramOf(req, 'class'))
      return of ? handler(view, { ...here, of }, req) : show(notFoundPage(view), 404)
    })
  const asked = ({ organisation, of, reader }: At & { of: TaughtClass }) => ({
    organisation: organisation.id,
    class: of.id,
    by: reader.person,
  })

  async function answer(
    view: View,
    { organisation, of, reader }: At & { of: TaughtClass },
    change: Partial<ClassProps> = {},
    status = 200,
    after = '',
  ): Promise<Reply> {
    const [{ people, next }, counts] = await Promise.all([
      classes.people(of.id, { limit: PAGE, ...(after && { after }) }),
      classes.counts(of.id),
    ])
    const props = { of, people, next, later: after !== '', counts, self: reader.person, found: null }
    return show(classPage(view, organisation, { ...props, query: '', errors: [], ...change }), status)
  }

  async function add(
    view: View,
    here: At & { of: TaughtClass },
    persons: string[],
    errors: FieldError[] = [],
  ) {
    const outcome = await classes.list(asked(here), persons)
    if (!outcome.ok)
      return answer(view, here, { errors: centreErrors(view, outcome.problems, 'codes') }, outcome.status)
    const message = view.say(centre)('added', { count: outcome.added })
    if (errors.length > 0) return answer(view, here, { errors }, 409)
    return go(classAddress(here.organisation, here.of.id), { message })
  }

  return (
    Router()
      .get(
        '/:organisation/classes/:class',
        at((view, here, req) => answer(view, here, {}, 200, queryOf(req, 'after'))),
      )
      .get(
        '/:organisation/classes/:class/change',
        at((view, { organisation, of }) => {
          const sent = { ...of, minutes: String(of.minutes) }
          return show(formPage(view, organisation, { sent, errors: [], of }))
        }),
      )
      .post(
        '/:organisation/classes/:class/change',
        at(async (view, here, req) => {
          const { organisation, of } = here
          const sent = sentOf(req)
          const changed = await classes.change(asked(here), detailsOf(sent))
          if (!('ok' in changed))
            return go(classAddress(organisation, of.id), { message: view.say(centre)('classChanged') })
          const errors = centreErrors(view, changed.problems, 'name')
          return show(formPage(view, organisation, { sent, errors, of }), changed.status)
        }),
      )
      .post(
        '/:organisation/classes/:class/codes',
        at(async (view, here, req) => {
          const say = view.say(centre)
          const typed = textOf(req, 'codes')
            .split(/[\r\n,;]+/)
            .map((code) => code.trim())
          const codes = [...new Set(typed)].filter(Boolean).slice(0, MOST_CODES)
          if (codes.length === 0)
            return answer(view, here, { errors: [{ field: 'codes', message: say('codesMissing') }] }, 400)
          const persons: string[] = []
          const wrong: string[] = []
          for (const code of codes) {
            const used = await directory.codes.use(here.reader, code)
            if (used.ok) persons.push(used.person)
            else wrong.push(code.slice(0, 20))
          }
          const message = say('codesWrong', { count: wrong.length, codes: wrong.join(', ') })
          return add(view, here, persons, wrong.length > 0 ? [{ field: 'codes', message }] : [])
        }),
      )
      // Sent as a form: names of people stay out of addresses and what keeps them.
      .post(
        '/:organisation/classes/:class/find',
        at(async (view, here, req) => {
          const query = textOf(req, 'q').slice(0, 100)
          const purpose = await accesses.givePurpose(here.reader, '', { purpose: 'class', words: '' })
          const found =
            'ok' in purpose ? purpose : await directory.find(here.reader, { query, purpose, limit: FOUND })
          if (!found.ok)
            return answer(
              view,
              here,
              { query, errors: centreErrors(view, found.problems, 'q') },
              found.status,
            )
          return answer(view, here, { query, found: found.people })
        }),
      )
      .post(
        '/:organisation/classes/:class/people',
        at(async (view, here, req) => {
          const chosen = valuesOf(req, 'person', FOUND)
          const say = view.say(centre)
          if (chosen.length === 0)
            return answer(view, here, { errors: [{ field: 'q', message: say('chooseOne') }] }, 400)
          const may = await Promise.all(chosen.map((person) => directory.open(here.reader, person)))
          return add(
            view,
            here,
            may.flatMap((each: Found | null) => (each ? [each.person] : [])),
          )
        }),
      )
      .post(
        '/:organisation/classes/:class/unlist',
        at(async (_view, here, req) => {
          await classes.unlist(asked(here), textOf(req, 'person'))
          return go(classAddress(here.organisation, here.of.id))
        }),
      )
      .post(
        '/:organisation/classes/:class/enter',
        at(async (view, here) => {
          const outcome = await classes.enter(asked(here))
          if (!outcome.ok)
            return answer(
              view,
              here,
              { errors: centreErrors(view, outcome.problems, 'people') },
              outcome.status,
            )
          const message = view.say(centre)('entered', { count: outcome.entered })
          return go(classAddress(here.organisation, here.of.id), { message })
        }),
      )
      .get(
        '/:organisation/classes/:class/take-back',
        at(async (view, here, req) => takeBackReply(view, here, queryOf(req, 'person'), '', [], 200)),
      )
      .post(
        '/:organisation/classes/:class/take-back',
        at(async (view, here, req) => {
          const person = textOf(req, 'person')
          const reason = textOf(req, 'reason')
          const outcome = await classes.takeBack({ ...asked(here), person: person || null, reason })
          if (!outcome.ok) {
            const errors = centreErrors(view, outcome.problems, 'reason')
            return takeBackReply(view, here, person, reason, errors, outcome.status)
          }
          const message = view.say(centre)('takenBack', { count: outcome.taken })
          return go(classAddress(here.organisation, here.of.id), { message })
        }),
      )
  )

  async function takeBackReply(
    view: View,
    { organisation, of }: { organisation: Organisation; of: TaughtClass },
    person: string,
    reason: string,
    errors: readonly FieldError[],
    status: number,
  ): Promise<Reply> {
    const one = person === '' ? null : await classes.attendee(of.id, person)
    const { entered } = await classes.counts(of.id)
    if (entered === 0 || (person !== '' && one?.state !== 'entered')) return show(notFoundPage(view), 404)
    return show(takeBackPage(view, organisation, of, { one, entered, reason, errors }), status)
  }
}
