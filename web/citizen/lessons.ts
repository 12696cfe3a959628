import { Router } from 'express'
import type { Lesson, Licence, Mode, OwnAttempt } from '../../h5p/index.ts'
import { agreed } from '../../profiles/index.ts'
import { mayChangeLesson } from '../author/lesson-rights.ts'
import { act, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { unsentPanel } from '../components/unsent.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { consents } from '../i18n/messages/consents.ts'
import { lessonEnd } from '../i18n/messages/lesson-end.ts'
import { lessonShare } from '../i18n/messages/lesson-share.ts'
import { lessons } from '../i18n/messages/lessons.ts'
import { topicNames } from '../i18n/topics.ts'
import { citizenPage } from '../layout.ts'
import { page, paramOf, show } from '../page.ts'
import { coverAddress, coverPicture } from '../public/cover.ts'
import { gonePage, notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { claimNotice } from './anonymous.ts'
import { attemptsSection } from './lesson-attempts.ts'
import { aboutMinutes, audienceNames } from './lesson-card.ts'

export function lessonRoutes(services: WebServices): Router {
  return Router().get(
    '/lessons/:id',
    page(async (view, req) => {
      const lesson = await services.host.lessons.get(paramOf(req, 'id'))
      if (!lesson) return show(notFoundPage(view), 404)
      const changes = await mayChangeLesson(view, services, lesson)
      if (lesson.status !== 'published' && !changes)
        return show(withdrawnPage(view, lesson), lesson.published === null ? 404 : 410)
      const version = await services.host.lessons.version(lesson.id, lesson.current ?? 0)
      return show(
        lessonPage(view, {
          lesson,
          mode: (version ?? lesson.draft).mode,
          attempts: view.viewer ? await services.host.attempts(lesson.id, view.viewer.id) : [],
          changes,
          asks: claimNotice(view, req),
          queue: services.host.queueScript,
        }),
      )
    }),
  )
}

/** For a lesson that was never published nobody else learns that it is there. */
export function withdrawnPage(view: View, lesson: Lesson): Html {
  return lesson.published === null ? notFoundPage(view) : gonePage(view, lesson.withdrawn)
}

function lessonPage(
  view: View,
  props: {
    lesson: Lesson
    mode: Mode
    attempts: readonly OwnAttempt[]
    changes: boolean
    asks: Html
    queue: string
  },
): Html {
  const { lesson, mode, attempts, changes } = props
  const say = view.say(lessons)
  return citizenPage(view, {
    title: lesson.title,
    ...(view.owner && { scripts: ['unsent'] }),
    ...(lesson.status === 'published' && { shown: cardOf(lesson) }),
    body: html`<div class="stack">
      ${heading(view, { title: lesson.title, back: { href: '/lessons', label: say('listTitle') } })}
      ${lesson.status !== 'published' && notice(view, { tone: 'warning', body: say('draft') })}
      ${props.asks}
      ${view.owner && unsentPanel(view, props.queue)}
      ${lesson.cover && html`<div class="card-picture">${coverPicture(lesson, lesson.cover, 'large')}</div>`}
      ${lesson.description && html`<p class="lead" lang=${lesson.language}>${lesson.description}</p>`}
      ${beginning(view, lesson, mode, attempts)}
      ${facts(factsOf(view, lesson, mode))}
      ${attemptsSection(view, attempts)}
      ${
        changes &&
        html`<p class="row">${link({ href: `/author/${encodeURIComponent(lesson.id)}`, label: say('edit') })}
          ${lesson.status === 'published' && link({ href: `/author/${encodeURIComponent(lesson.id)}/share`, label: view.say(lessonShare)('title') })}</p>`
      }
    </div>`,
  })
}

/** What a link to it shows elsewhere. */
function cardOf(lesson: Lesson) {
  const { id, title, description, language, cover } = lesson
  return {
    title,
    description,
    path: `/lessons/${encodeURIComponent(id)}`,
    language,
    ...(cover && { image: { path: coverAddress(lesson, cover, 'large'), alt: cover.alt } }),
  }
}

/** The button that begins, or goes on, and what is to be known before. */
function beginning(view: View, lesson: Lesson, mode: Mode, attempts: readonly OwnAttempt[]): Html {
  const say = view.say(lessons)
  const end = view.say(lessonEnd)
  const address = `/lessons/${encodeURIComponent(lesson.id)}`
  if (!view.viewer) return signedOut(view, lesson)
  const goesOn = attempts.some((each) => each.goesOn)
  const used = attempts.filter(({ version }) => version === lesson.current).length
  const left = mode.kind === 'assessed' ? Math.max(0, mode.attempts - used) : null
  if (left === 0 && !goesOn) return notice(view, { tone: 'info', body: end('usedUp') })
  const why = agreed(view.viewer) ? say('startHow') : view.say(consents)('closedLesson')
  return html`<div class="stack tight">
    <div class="row">
      ${buttonLink(view, {
        label: goesOn ? end('goOn') : attempts.length > 0 ? end('again') : say('start'),
        icon: 'play',
        kind: 'primary',
        href: `${address}/play`,
      })}
      ${goesOn && left === null && act(view, { label: end('again'), action: `${address}/restart` })}
    </div>
    ${left !== null && html`<p class="muted">${end('leftCount', { count: left })}</p>`}
    <p class="muted">${goesOn && left === null ? end('againWhy') : why}</p>
  </div>`
}

function signedOut(view: View, lesson: Lesson): Html {
  const say = view.say(lessons)
  const end = view.say(lessonEnd)
  const address = `/lessons/${encodeURIComponent(lesson.id)}`
  const play = `/sign-in?next=${encodeURIComponent(`${address}/play`)}`
  if (!lesson.anonymous)
    return html`<div class="stack tight">
      ${buttonLink(view, { label: say('startSigned'), icon: 'play', kind: 'primary', href: play })}
      <p class="muted">${say('startWhy')}</p>
    </div>`
  return html`<div class="stack tight">
    <div class="row">
      ${act(view, { label: end('startAnonymous'), icon: 'play', kind: 'primary', action: `${address}/anonymous` })}
      ${buttonLink(view, { label: say('startSigned'), href: play })}
    </div>
    <p class="muted">${end('startAnonymousWhy')} ${end('startAnonymousShared')}</p>
  </div>`
}

function factsOf(view: View, lesson: Lesson, mode: Mode): [string, Html][] {
  const say = view.say(lessons)
  const end = view.say(lessonEnd)
  const rows: [string, Html][] = []
  const topics = topicNames(view, lesson.topics)
  const audience = audienceNames(view, lesson)
  if (topics) rows.push([say('lessonTopic'), topics])
  if (audience) rows.push([end('audience'), audience])
  if (lesson.minutes) rows.push([say('lessonMinutes'), aboutMinutes(view, lesson.minutes)])
  rows.push([
    end('modeLabel'),
    mode.kind === 'practice'
      ? end('modePractice')
      : end('modeAssessed', { count: mode.attempts, percent: view.format.percent(mode.passPercent / 100) }),
  ])
  if (lesson.language !== view.language)
    rows.push([say('lessonLanguage'), languageName(view, lesson.language)])
  if (lesson.authors.length > 0)
    rows.push([end('authors'), lesson.authors.map(({ name }) => name).join(', ')])
  if (lesson.licence) rows.push([end('licence'), licenceName(view, lesson.licence)])
  if (lesson.source) rows.push([end('source'), link({ href: lesson.source, label: lesson.source })])
  if (lesson.published !== null) rows.push([say('lessonPublished'), onDate(view, lesson.published)])
  return rows
}

/** "CC BY-SA 4.0" */
function licenceName(view: View, { code, version }: Licence): string {
  const say = view.say(lessonEnd)
  if (code === 'C') return say('licence-C')
  if (code === 'PD') return say('licence-PD')
  return version ? `${code} ${version}` : code
}

function languageName(view: View, tag: string): string {
  try {
    return new Intl.DisplayNames(view.language, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
