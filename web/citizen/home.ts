import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import {
  type AskedConsent,
  agreed,
  type PersonIdentifier,
  type RecordLine,
  type SecondFactor,
} from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { cards } from '../components/card.ts'
import { emptyState } from '../components/empty-state.ts'
import { link } from '../components/link.ts'
import { steps } from '../components/steps.ts'
import { timeline } from '../components/timeline.ts'
import { unsentPanel } from '../components/unsent.ts'
import { type Html, html } from '../html.ts'
import { diary } from '../i18n/messages/diary.ts'
import { identifiers } from '../i18n/messages/identifiers.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { showIdentifier } from '../i18n/show-identifier.ts'
import { citizenPage } from '../layout.ts'
import { page, show } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { claimNotice } from './anonymous.ts'
import { confirmationNews } from './confirmation-news.ts'
import { askSection, closedState } from './consent-parts.ts'
import { disputeNews } from './dispute-section.ts'
import { begunSection, readBegun } from './going-on.ts'
import { lessonCard } from './lesson-card.ts'
import { removalNotice } from './second-factor.ts'
import { tellerNames } from './source-names.ts'
import { waitingNews, weekLine } from './today.ts'

const SHOWN = 3
/** Some of them may be begun already. */
const MOST_NEW = 6

export function homeRoutes(services: WebServices): Router {
  return Router().get(
    '/',
    page(async (view, req) => {
      const newest = await services.host.lessons.published({ limit: MOST_NEW })
      if (!view.viewer) return show(welcomePage(view, newest.lessons.slice(0, SHOWN)))
      const { lines } = await services.transcript.lines(view.viewer.id, { limit: SHOWN })
      const unproven = (await services.identifiers.of(view.viewer.id)).find(
        (each) => each.proven === null && services.messages.carries(each.kind),
      )
      const factor = await services.secondFactors.of(view.viewer)
      const source = await tellerNames(services)
      const news = [
        claimNotice(view, req),
        await disputeNews(view, services, view.viewer.id),
        await confirmationNews(view, services, view.viewer.id),
        await waitingNews(view, services),
      ]
      const week = await weekLine(view, services)
      const held = await readBegun(view, services)
      const begun = begunSection(view, held)
      const isBegun = new Set(held.lessons.map(({ id }) => id))
      const asked = services.consents.asked(view.viewer)
      return show(
        todayPage(view, {
          lessons: newest.lessons.filter(({ id }) => !isBegun.has(id)).slice(0, SHOWN),
          lines,
          source,
          unproven,
          factor,
          news,
          week,
          begun,
          asked,
          queue: services.host.queueScript,
        }),
      )
    }),
  )
}

/** For whom this is and how it works; shown to whoever is not signed in. */
function welcomePage(view: View, newest: readonly Lesson[]): Html {
  const say = view.say(lessons)
  return citizenPage(view, {
    title: say('homeTitle'),
    body: html`<div class="stack loose">
      <section class="opening">
        <h1>${say('homeHeading')}</h1>
        <p class="lead">${say('homeLead', { tenant: view.tenantName })}</p>
        <div class="row">
          ${buttonLink(view, { label: say('homeStart'), href: '/register', kind: 'primary' })}
          ${buttonLink(view, { label: say('homeHave'), href: '/sign-in' })}
        </div>
      </section>
      <section class="stack">
        <h2>${say('homeHowTitle')}</h2>
        ${steps(view, {
          label: say('homeHowTitle'),
          items: [say('homeHow1'), say('homeHow2'), say('homeHow3')],
        })}
      </section>
      ${newestSection(view, newest, say('homeLessons'))}
    </div>`,
  })
}

/** Hôm nay: what was learned last, and what could come next. */
function todayPage(
  view: View,
  props: {
    lessons: readonly Lesson[]
    lines: readonly RecordLine[]
    source(id: string): string | undefined
    unproven: PersonIdentifier | undefined
    factor: SecondFactor | null
    /** What waits for an answer, and what was answered, of each part. */
    news: readonly Html[]
    week: Html
    /** What to go on with. */
    begun: Html
    asked: readonly AskedConsent[]
    /** Address of the module that knows what results wait in the browser. */
    queue: string
  },
): Html {
  const say = view.say(lessons)
  return citizenPage(view, {
    title: say('todayTitle'),
    ...(view.owner && { scripts: ['unsent'] }),
    body: html`<div class="stack loose">
      <h1>${say('todayHello', { name: view.viewer?.name ?? '' })}</h1>
      ${removalNotice(view, props.factor)}
      ${props.news}
      ${unsentPanel(view, props.queue)}
      ${props.asked.map((each) => askSection(view, each, '/'))}
      ${props.begun}
      <section class="stack">
        <h2>${say('todayLast')}</h2>
        ${props.week}
        ${
          props.lines.length > 0
            ? html`${timeline(view, {
                lines: props.lines,
                sourceName: (line) => props.source(line.source),
                fromToday: true,
                level: 3,
              })}
              ${link({ href: '/me/transcript', label: say('todayAll') })}`
            : agreed(view.viewer)
              ? emptyState({ level: 3, title: say('todayNone'), body: say('todayNoneBody') })
              : closedState(view, 3)
        }
        <div class="row">${buttonLink(view, { label: view.say(diary)('newTitle'), href: '/me/diary/new', icon: 'edit' })}</div>
      </section>
      ${newestSection(view, props.lessons, say(props.begun ? 'homeLessons' : 'todayNext'))}
      ${props.unproven && unprovenLine(view, props.unproven)}
    </div>`,
  })
}

/** Quietly, at the end: it can wait. */
function unprovenLine(view: View, { value }: PersonIdentifier): Html {
  const say = view.say(identifiers)
  return html`<p class="muted small">${say('todayUnproven', { value: showIdentifier(value) })} ${link({
    href: '/me/identifiers',
    label: say('todayProve'),
  })}</p>`
}

function newestSection(view: View, newest: readonly Lesson[], title: string): Html {
  const say = view.say(lessons)
  if (newest.length === 0 && !view.viewer) return null
  return html`<section class="stack">
    <h2>${title}</h2>
    ${newest.length > 0 ? cards(newest.map((lesson) => lessonCard(view, lesson))) : emptyState({ level: 3, title: say('listEmpty'), body: say('listEmptyBody') })}
    ${
      view.viewer
        ? buttonLink(view, { label: say('allLessons'), href: '/lessons', kind: 'primary' })
        : buttonLink(view, { label: say('allLessons'), href: '/lessons' })
    }
  </section>`
}
