import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { holdsEverywhere, type Organisation } from '../../profiles/index.ts'
import { badge } from '../components/badge.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { lesson as words } from '../i18n/messages/author-lesson.ts'
import { libraries } from '../i18n/messages/libraries.ts'
import { topicNames } from '../i18n/topics.ts'
import { nameOf, organisationAddress, seesLessons } from '../organisations/frame.ts'
import { page, queryOf, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { authorPage } from './frame.ts'

const PAGE = 50

export function listRoutes(services: WebServices): Router {
  return Router().get(
    '/',
    page(async (view, req) => {
      const after = queryOf(req, 'after')
      const { lessons, next } = await services.host.lessons.by(viewerOf(view).id, {
        limit: PAGE,
        ...(after && { after }),
      })
      const old = await services.host.lessons.behind(lessons)
      const shared = await organisationsOfReader(view, services)
      return show(listPage(view, { lessons, next, later: after !== '', old, shared }))
    }),
  )
}

function listPage(
  view: View,
  props: {
    lessons: readonly Lesson[]
    next: string | null
    later: boolean
    /** Lessons that run with older libraries than there are. */
    old: ReadonlyMap<string, unknown>
    /** Organisations of which the reader sees all lessons. */
    shared: readonly Organisation[]
  },
): Html {
  const say = view.say(author)
  const say2 = view.say(words)
  const upload = buttonLink(view, {
    label: say('upload'),
    href: '/author/upload',
    icon: 'upload',
    kind: 'primary',
  })
  if (props.lessons.length === 0 && !props.later) {
    return authorPage(view, {
      title: say('listTitle'),
      body: html`<div class="stack">
        ${heading(view, { title: say('listTitle') })}
        ${emptyState({ title: say('emptyTitle'), body: say('emptyBody'), action: upload })}
        ${sharedLinks(view, props.shared)}
      </div>`,
    })
  }
  return authorPage(view, {
    title: say('listTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('listTitle'), lead: say('listLead'), action: upload })}
      ${table({
        caption: say('listTitle'),
        columns: [
          {
            label: say('columnTitle'),
            cell: (lesson: Lesson) =>
              isLeft(view, lesson)
                ? html`${lesson.draft.details.title}<br /><span class="muted small">${say('organisationLeft')}</span>`
                : rowLink({
                    href: `/author/${encodeURIComponent(lesson.id)}`,
                    label: lesson.draft.details.title,
                  }),
          },
          {
            label: say('columnState'),
            cell: (lesson) =>
              html`${stateBadge(view, lesson)}${
                lesson.changed && html`<br /><span class="muted small">${say2('changed')}</span>`
              }${props.old.has(lesson.id) && html`<br /><span class="muted small">${say2('behindList')}</span>`}`,
          },
          {
            label: say('columnTopic'),
            cell: (lesson) => topicNames(view, lesson.draft.details.topics) || say('noTopic'),
          },
          { label: say('columnCreated'), cell: (lesson) => when(view, lesson.created) },
          {
            label: say('columnPublished'),
            cell: (lesson) => (lesson.published === null ? say('never') : when(view, lesson.published)),
          },
        ],
        rows: props.lessons,
      })}
      ${sharedLinks(view, props.shared)}
      ${pager(view, {
        next: props.next && `/author?after=${encodeURIComponent(props.next)}`,
        first: props.later ? '/author' : null,
      })}
    </div>`,
  })
}

/** Lessons that are shared with the reader: those of organisations whose lessons they edit, or whose people they manage. */
async function organisationsOfReader(view: View, { organisations }: WebServices): Promise<Organisation[]> {
  const held = viewerOf(view).memberships ?? []
  const known = await organisations.getMany(held.map(({ organisation }) => organisation))
  return [...known.values()].filter((organisation) => seesLessons(view, organisation))
}

function sharedLinks(view: View, shared: readonly Organisation[]): Html {
  if (shared.length === 0) return null
  return html`<p class="row">${shared.map((organisation) =>
    link({
      href: `${organisationAddress(organisation)}/lessons`,
      label: view.say(words)('sharedLessons', { organisation: nameOf(view, organisation) }),
    }),
  )}</p>`
}

/** It belongs to an organisation that its author has left. */
function isLeft(view: View, { organisation }: Lesson): boolean {
  const person = viewerOf(view)
  if (organisation === undefined || holdsEverywhere(person, 'edit-lessons')) return false
  return !person.memberships?.some((held) => held.organisation === organisation)
}

export function stateBadge(view: View, lesson: Pick<Lesson, 'status'>): Html {
  const say = view.say(author)
  const say2 = view.say(words)
  switch (lesson.status) {
    case 'published':
      return badge(view, { label: say('statePublished'), tone: 'good', icon: 'check' })
    case 'withdrawn':
      return badge(view, { label: say2('stateWithdrawn') })
    case 'archived':
      return badge(view, { label: say2('stateArchived') })
    case 'waiting':
      return badge(view, { label: view.say(libraries)('stateWaiting'), tone: 'waiting', icon: 'clock' })
    case 'draft':
      return badge(view, { label: say('stateDraft'), tone: 'waiting', icon: 'edit' })
  }
}
