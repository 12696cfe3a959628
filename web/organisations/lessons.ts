import { Router } from 'express'
import type { Lesson } from '../../h5p/index.ts'
import { holdsIn, type Organisation } from '../../profiles/index.ts'
import { stateBadge } from '../author/list.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { pager } from '../components/pager.ts'
import { rowLink, table } from '../components/table.ts'
import { when } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { author } from '../i18n/messages/author.ts'
import { organisations } from '../i18n/messages/organisations.ts'
import { queryOf, show, viewerOf } from '../page.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { organisationAddress, organisationPage } from './frame.ts'
import { organisationOf } from './organisation-of.ts'

const PAGE = 50

interface ListProps {
  lessons: readonly Lesson[]
  next: string | null
  later: boolean
  authors: ReadonlyMap<string, string>
}

export function organisationLessonRoutes(services: WebServices): Router {
  const { accounts, host } = services
  return Router().get(
    '/:organisation/lessons',
    organisationOf(
      services,
      'edit-lessons',
      'manage-members',
    )(async (view, organisation, req) => {
      const after = queryOf(req, 'after')
      const found = await host.lessons.of(organisation.id, { limit: PAGE, ...(after && { after }) })
      const ids = [...new Set(found.lessons.map((lesson) => lesson.author))]
      const people = await Promise.all(ids.map((id) => accounts.get(id)))
      const authors = new Map(people.filter((one) => one !== null).map(({ id, name }) => [id, name]))
      return show(lessonsPage(view, organisation, { ...found, later: after !== '', authors }))
    }),
  )
}

function lessonsPage(view: View, organisation: Organisation, props: ListProps): Html {
  const say = view.say(organisations)
  const sayAuthor = view.say(author)
  const address = `${organisationAddress(organisation)}/lessons`
  // Who manages the people sees whose lessons there are; to open them is the editors'.
  const opens = holdsIn(viewerOf(view), organisation, 'edit-lessons')
  return organisationPage(view, organisation, {
    title: say('lessonsTitle'),
    body: html`<div class="stack">
      ${heading(view, { title: say('lessonsTitle'), lead: say('lessonsLead') })}
      ${
        props.lessons.length === 0
          ? emptyState({ title: say('lessonsEmptyTitle'), body: say('lessonsEmptyBody') })
          : table({
              caption: say('lessonsTitle'),
              columns: [
                {
                  label: say('columnLesson'),
                  cell: (lesson: Lesson) =>
                    opens
                      ? rowLink({
                          href: `/author/${encodeURIComponent(lesson.id)}`,
                          label: lesson.draft.details.title,
                        })
                      : lesson.draft.details.title,
                },
                { label: sayAuthor('columnState'), cell: (lesson) => stateBadge(view, lesson) },
                {
                  label: say('columnAuthor'),
                  cell: (lesson) => props.authors.get(lesson.author) ?? say('personGone'),
                },
                { label: sayAuthor('columnCreated'), cell: (lesson) => when(view, lesson.created) },
              ],
              rows: props.lessons,
            })
      }
      ${pager(view, {
        next: props.next && `${address}?after=${encodeURIComponent(props.next)}`,
        first: props.later ? address : null,
      })}
    </div>`,
  })
}
