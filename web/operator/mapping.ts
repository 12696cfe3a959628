import { Router } from 'express'
import { type MappingVersion, ruleName } from '../../profiles/index.ts'
import { mapping } from '../i18n/messages/mapping.ts'
import { go, page, queryOf, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import { answer, mappingAddress, ruleId, TABS } from './mapping-frame.ts'
import { removePage } from './mapping-remove.ts'
import { ruleRoutes } from './mapping-rule.ts'
import { mappingPage } from './mapping-tables.ts'
import { topicRoutes } from './mapping-topic.ts'

const VERSIONS = 50

export function mappingRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/mapping',
      page(async (view, req) => {
        const tab = TABS.find((each) => each === queryOf(req, 'tab')) ?? 'topic'
        const [tables, job, versions] = await Promise.all([
          services.mapping.now(),
          services.mapping.progress(),
          tab === 'versions' ? services.mapping.versions(VERSIONS) : [],
        ])
        const names = await namesOf(services, versions)
        const from = Math.max(0, Number.parseInt(queryOf(req, 'from'), 10) || 0)
        const query = queryOf(req, 'q').trim()
        return show(mappingPage(view, { tab, tables, job, versions, names, from, query }))
      }),
    )
    .use(ruleRoutes(services), topicRoutes(services))
    .get(
      '/mapping/remove',
      page(async (view, req) => {
        const tables = await services.mapping.now()
        const rule = tables.rules.find((each) => ruleId(each) === queryOf(req, 'rule'))
        const topic = tables.topics.find(({ id }) => id === queryOf(req, 'topic'))
        if (!rule && !topic) return show(notFoundPage(view), 404)
        const preview = rule && (await services.mapping.preview({ do: 'remove-rule', name: ruleName(rule) }))
        const looked = preview && 'looked' in preview ? preview : undefined
        return show(removePage(view, { tables, rule, topic, preview: looked }))
      }),
    )
    .post(
      '/mapping/remove',
      page(async (view, req) => {
        const [name, id] = [textOf(req, 'rule'), textOf(req, 'topic')]
        const done = await services.mapping.change(
          name ? { do: 'remove-rule', name } : { do: 'remove-topic', id },
          { by: viewerOf(view).id, expects: Number(textOf(req, 'version')) },
        )
        const tab = TABS.find((each) => name.startsWith(`${each} `)) ?? 'topics'
        return answer(view, done, tab)
      }),
    )
    .post(
      '/mapping/restore',
      page(async (view, req) => {
        const from = Number(textOf(req, 'restore'))
        const done = await services.mapping.restore(from, {
          by: viewerOf(view).id,
          expects: Number(textOf(req, 'version')),
        })
        if ('problems' in done) return answer(view, done, 'versions')
        const message = view.say(mapping)('restored', { from, version: done.version })
        return go(mappingAddress('versions'), { message })
      }),
    )
}

async function namesOf(services: WebServices, versions: readonly MappingVersion[]) {
  const ids = [...new Set(versions.map(({ by }) => by))].filter((id) => id !== 'product')
  const people = await Promise.all(ids.map((id) => services.accounts.get(id)))
  return new Map(people.filter((each) => each !== null).map(({ id, name }) => [id, name]))
}
