import { Router } from 'express'
import type { MappingTopic } from '../../profiles/index.ts'
import { button } from '../components/button.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { mapping } from '../i18n/messages/mapping.ts'
import { page, queryOf, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import { answer, mappingAddress, refusalWords } from './mapping-frame.ts'

interface Props {
  topic: MappingTopic
  /** Its IRI stays. */
  isNew: boolean
  version: string
  errors: readonly FieldError[]
}

export function topicRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/mapping/topic',
      page(async (view, req) => {
        const { topics, version } = await services.mapping.now()
        const asked = queryOf(req, 'topic')
        const held = topics.find(({ id }) => id === asked)
        if (asked && !held) return show(notFoundPage(view), 404)
        const topic = held ?? { id: '', vi: '', en: '' }
        return show(topicPage(view, { topic, isNew: !held, version: String(version), errors: [] }))
      }),
    )
    .post(
      '/mapping/topic',
      page(async (view, req) => {
        const topic = { id: textOf(req, 'id'), vi: textOf(req, 'vi'), en: textOf(req, 'en') }
        const version = textOf(req, 'version')
        const done = await services.mapping.change(
          { do: 'put-topic', topic },
          { by: viewerOf(view).id, expects: Number(version) },
        )
        if (!('problems' in done)) return answer(view, done, 'topics')
        const errors = [{ field: done.problems[0]?.path ?? 'vi', message: refusalWords(view, done) }]
        const isNew = textOf(req, 'kept') !== 'yes'
        return show(topicPage(view, { topic, isNew, version, errors }), done.status)
      }),
    )
}

function topicPage(view: View, { topic, isNew, version, errors }: Props): Html {
  const say = view.say(mapping)
  const title = say(isNew ? 'newTopic' : 'editTopic')
  const shared = { required: true, autocomplete: 'off', maxlength: 300 }
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, { title, back: { href: mappingAddress('topics'), label: say('title') } })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action="/operator/mapping/topic" novalidate>
        <input type="hidden" name="version" value=${version} />
        ${field(view, { ...shared, name: 'vi', label: say('topicVi'), value: topic.vi, error: errorOf(errors, 'vi') })}
        ${field(view, { ...shared, name: 'en', label: say('topicEn'), value: topic.en })}
        ${
          isNew
            ? field(view, {
                ...shared,
                name: 'id',
                label: say('topicId'),
                help: say('topicIdHelp'),
                value: topic.id,
                error: errorOf(errors, 'id'),
              })
            : html`<input type="hidden" name="id" value=${topic.id} /><input type="hidden" name="kept" value="yes" />`
        }
        <div class="row">${button(view, { label: say(isNew ? 'addTopic' : 'doChange'), kind: 'primary' })}</div>
      </form>
    </div>`,
  })
}
