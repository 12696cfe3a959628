import { type Request, Router } from 'express'
import type { Claims, Link } from '../../profiles/index.ts'
import { act } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { citizenPage } from '../layout.ts'
import { go, page, paramOf, type Reply, show, signedIn, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { accountName } from './account-name.ts'
import { linkId } from './link-id.ts'
import { LINKS_ADDRESS } from './links-asked.ts'
import { howWords, linksPage, readLinks } from './links-page.ts'
import { sourceNames } from './source-names.ts'

/** Accounts elsewhere: what is linked, what waits, what is not mine. */
export function linkRoutes(services: WebServices): Router {
  const own = (handler: (view: View, link: Link, req: Request) => Promise<Reply>) =>
    page(async (view, req) => {
      const all = await services.links.of(viewerOf(view).id)
      const id = paramOf(req, 'link')
      const link = all.find((each) => isOpen(each) && linkId(each.agent) === id)
      return link ? handler(view, link, req) : show(notFoundPage(view), 404)
    })

  return Router()
    .use(LINKS_ADDRESS, signedIn)
    .get(
      LINKS_ADDRESS,
      page(async (view) => show(linksPage(view, await readLinks(services, viewerOf(view))))),
    )
    .get(
      `${LINKS_ADDRESS}/:link/contest`,
      own(async (view, link) => show(contestPage(view, link, await sourceNames(services)))),
    )
    .post(
      `${LINKS_ADDRESS}/:link/contest`,
      own(async (view, { agent }) => {
        await services.links.contest({ agent, person: viewerOf(view).id })
        return go(LINKS_ADDRESS, { message: view.say(links)('contestDone') })
      }),
    )
    .post(
      `${LINKS_ADDRESS}/:link/decide`,
      own(async (view, { agent }, req) => {
        const source = textOf(req, 'source')
        const mine = textOf(req, 'mine') === 'yes'
        await services.links.decide({ agent, person: viewerOf(view).id, source, mine })
        const name = (await sourceNames(services))(source) ?? source
        return go(LINKS_ADDRESS, {
          message: view.say(links)(mine ? 'mineDone' : 'notMineDone', { source: name }),
        })
      }),
    )
    .post(
      `${LINKS_ADDRESS}/claims/:claim`,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const id = paramOf(req, 'claim')
        const mine = textOf(req, 'mine') === 'yes'
        const claim = (await services.claims.waiting(person)).find((each) => each.id === id)
        const answer = await services.claims.answer(person, id, mine)
        const name = claim ? ((await sourceNames(services))(claim.source) ?? claim.source) : ''
        return go(LINKS_ADDRESS, { message: claimWords(view, answer, name) })
      }),
    )
    .post(
      `${LINKS_ADDRESS}/suggested/:link`,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const all = await services.claims.suggestions(person)
        const one = all.find((each) => each.kind !== 'name' && linkId(each.agent) === paramOf(req, 'link'))
        if (!one || one.kind === 'name') return show(notFoundPage(view), 404)
        const done = await services.claims.accept(person, one.agent)
        return go(LINKS_ADDRESS, {
          message: view.say(links)('problems' in done ? 'claimGone' : 'suggestDone'),
        })
      }),
    )
}

/** What came of an answer, in the person's words. */
function claimWords(view: View, answer: Awaited<ReturnType<Claims['answer']>>, source: string): string {
  const say = view.say(links)
  if (answer === null) return say('claimRefused')
  if (!('problems' in answer)) return say('claimDone', { source })
  const problem = answer.problems[0]?.id
  if (problem === 'link-taken') return say('claimTaken')
  return say(problem === 'link-role-address' ? 'suggestRole' : 'claimGone')
}

const isOpen = (link: Link) => link.until === null && link.how !== 'product'

/** Says what will happen before it does. */
function contestPage(view: View, link: Link, source: (id: string) => string | undefined): Html {
  const say = view.say(links)
  const title = say('contestTitle')
  return citizenPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, lead: say('contestLead'), back: { href: LINKS_ADDRESS, label: say('title') } })}
      ${facts([
        [say('account'), accountName(link.agent)],
        [say('since'), onDate(view, link.since)],
        [say('how'), howWords(view, link, source)],
      ])}
      ${act(view, { label: say('contestDo'), action: `${LINKS_ADDRESS}/${linkId(link.agent)}/contest`, kind: 'danger' })}
    </div>`,
  })
}
