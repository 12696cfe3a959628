import { type Request, Router } from 'express'
import {
  agreed,
  type Consent,
  type ConsentPurpose,
  type GivenAnswer,
  type LinkWork,
  type WordsVersion,
} from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { details } from '../components/details.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { pager } from '../components/pager.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { account } from '../i18n/messages/account.ts'
import { consents } from '../i18n/messages/consents.ts'
import { links } from '../i18n/messages/links.ts'
import { citizenPage } from '../layout.ts'
import {
  go,
  localPath,
  page,
  paramOf,
  queryOf,
  type Reply,
  show,
  signedIn,
  textOf,
  viewerOf,
} from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import {
  type Asked,
  agreeForm,
  askSection,
  CONSENTS_ADDRESS,
  pointsOf,
  withdrawAddress,
} from './consent-parts.ts'

const PAGE = 20

/** What a person agreed to, by which words and since when; agreeing and withdrawing. */
export function consentRoutes(services: WebServices): Router {
  const purposeOf = (name: string) => services.consents.purposes().find(({ purpose }) => purpose === name)
  const ofHeld = (
    answer: (view: View, asked: Asked, held: Consent, req: Request) => Reply | Promise<Reply>,
  ) =>
    page((view, req) => {
      const asked = purposeOf(paramOf(req, 'purpose'))
      if (!asked) return show(notFoundPage(view), 404)
      const held = viewerOf(view).consents?.[asked.purpose]
      return held?.answer === 'yes' ? answer(view, asked, held, req) : go(CONSENTS_ADDRESS)
    })

  return Router()
    .use(CONSENTS_ADDRESS, signedIn)
    .get(
      CONSENTS_ADDRESS,
      page(async (view, req) => {
        const person = viewerOf(view).id
        const after = queryOf(req, 'after')
        const [given, work] = await Promise.all([
          services.consents.given(person, { limit: PAGE, ...(after && { after }) }),
          services.links.work(person),
        ])
        return show(consentsPage(view, services, { ...given, work, later: after !== '' }))
      }),
    )
    .post(
      CONSENTS_ADDRESS,
      page(async (view, req) => {
        const say = view.say(consents)
        const next = localPath(textOf(req, 'next'), CONSENTS_ADDRESS)
        const asked = purposeOf(textOf(req, 'purpose'))
        const answer = textOf(req, 'answer')
        if (!asked || (answer !== 'yes' && answer !== 'no'))
          return go(CONSENTS_ADDRESS, { message: say('answerMissing') })
        const { purpose } = asked
        const before = agreed(viewerOf(view), purpose)
        // What that takes along is said before it is done.
        if (answer === 'no' && before) return go(withdrawAddress(purpose))
        const version = Number(textOf(req, 'words'))
        const { language } = view
        const person = viewerOf(view).id
        const done = await services.consents.answer(person, {
          purpose,
          answer,
          version,
          language,
          where: 'page',
        })
        if ('problems' in done) return go(CONSENTS_ADDRESS, { message: say('wordsChanged') })
        return go(next, { message: say(answer === 'no' ? 'refused' : before ? 'agreedAgain' : 'given') })
      }),
    )
    .get(
      `${CONSENTS_ADDRESS}/:purpose/withdraw`,
      ofHeld((view, asked) => show(withdrawPage(view, asked))),
    )
    .post(
      `${CONSENTS_ADDRESS}/:purpose/withdraw`,
      ofHeld(async (view, { purpose }, { version }) => {
        const { language } = view
        await services.consents.answer(viewerOf(view).id, {
          purpose,
          answer: 'no',
          version,
          language,
          where: 'page',
        })
        return go(CONSENTS_ADDRESS, { message: view.say(consents)('withdrawn') })
      }),
    )
}

interface Props {
  answers: readonly GivenAnswer[]
  next: string | null
  work: readonly LinkWork[]
  later: boolean
}

function consentsPage(view: View, services: WebServices, props: Props): Html {
  const say = view.say(consents)
  const person = viewerOf(view)
  const asked = services.consents.asked(person)
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, {
          title: say('title'),
          lead: say('lead'),
          back: { href: '/me', label: view.say(account)('meTitle') },
        })}
        ${workNotice(view, props.work)}
      </section>
      ${asked.filter(({ why }) => why === 'changed').map((each) => askSection(view, each, CONSENTS_ADDRESS))}
      ${services.consents.purposes().map((each) => {
        const held = person.consents?.[each.purpose]
        const words = held ? services.consents.words(each.purpose, held.version) : null
        return purposeSection(view, { asked: each, held, words })
      })}
      ${historySection(view, services, props)}
    </div>`,
  })
}

function purposeSection(
  view: View,
  { asked, held, words }: { asked: Asked; held: Consent | undefined; words: WordsVersion | null },
): Html {
  const say = view.say(consents)
  const { purpose } = asked
  const rows: [string, Html][] = [[say('state'), held ? say(held.answer) : say('none')]]
  if (held) rows.push([say('since'), onDate(view, held.since)])
  if (words) rows.push([say('words'), wordsWords(view, words)])
  const hasAgreed = held?.answer === 'yes'
  return html`<section class="stack">
    <h2>${asked.words[view.language].title}</h2>
    ${facts(rows)}
    ${
      hasAgreed &&
      words &&
      details({
        summary: say('read'),
        body: html`<p><strong>${words[view.language].question}</strong></p>${pointsOf(words[view.language])}`,
      })
    }
    ${
      hasAgreed
        ? html`<div class="row">${buttonLink(view, { label: say('withdraw'), href: withdrawAddress(purpose) })}</div>`
        : held
          ? agreeForm(view, asked, CONSENTS_ADDRESS)
          : askSection(view, { ...asked, why: 'first' }, CONSENTS_ADDRESS)
    }
  </section>`
}

function wordsWords(view: View, { version, from }: WordsVersion): string {
  const date = from.split('-').reverse().join('/')
  return view.say(consents)('wordsOf', { version, date })
}

function historySection(view: View, services: WebServices, { answers, next, later }: Props): Html {
  const say = view.say(consents)
  if (answers.length === 0 && !later) return null
  const titles = new Map<ConsentPurpose, string>(
    services.consents.purposes().map(({ purpose, words }) => [purpose, words[view.language].title]),
  )
  return html`<section class="stack">
    <h2>${say('history')}</h2>
    ${table({
      caption: say('history'),
      columns: [
        { label: say('when'), cell: (each: GivenAnswer) => view.format.dateTime(each.at) },
        {
          label: say('answer'),
          cell: (each) =>
            html`${say(each.answer)}<br /><span class="muted small">${titles.get(each.purpose)}</span>`,
        },
        {
          label: say('words'),
          cell: (each) => {
            const words = services.consents.words(each.purpose, each.version)
            return words && wordsWords(view, words)
          },
        },
        { label: say('where'), cell: (each) => say(`where-${each.where}`) },
      ],
      rows: answers,
    })}
    ${pager(view, {
      next: next && `${CONSENTS_ADDRESS}?after=${encodeURIComponent(next)}`,
      first: later ? CONSENTS_ADDRESS : null,
    })}
  </section>`
}

/** What is being gathered or removed beside, with a plain way to look again. */
function workNotice(view: View, work: readonly LinkWork[]): Html {
  if (work.length === 0) return null
  const say = view.say(consents)
  const count = work.reduce((sum, { done }) => sum + done, 0)
  return notice(view, {
    live: true,
    body: html`<p>${say(agreed(viewerOf(view)) ? 'building' : 'clearing', { count })}</p>
      <p class="muted">${view.say(links)('workBody')}</p>
      ${buttonLink(view, { label: view.say(links)('reload'), href: CONSENTS_ADDRESS, icon: 'reload' })}`,
  })
}

/** Says what will happen, and what will not, before it does. */
function withdrawPage(view: View, { purpose, words }: Asked): Html {
  const say = view.say(consents)
  const title = say('withdrawTitle', { title: words[view.language].title })
  return citizenPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: CONSENTS_ADDRESS, label: say('title') } })}
      <h2>${say('will')}</h2>
      <ul class="points"><li>${say('will1')}</li><li>${say('will2')}</li><li>${say('will3')}</li></ul>
      <h2>${say('willNot')}</h2>
      <ul class="points"><li>${say('willNot1')}</li><li>${say('willNot2')}</li><li>${say('willNot3')}</li></ul>
      <div class="row">
        ${act(view, { label: say('withdrawDo'), action: withdrawAddress(purpose), kind: 'danger' })}
      </div>
    </div>`,
  })
}
