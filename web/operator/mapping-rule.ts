import { type Request, Router } from 'express'
import {
  FOUR_H,
  KINDS,
  LOOKS_AT,
  type LooksAt,
  type MappingVersion,
  type Rule,
  ruleName,
  type Told,
} from '../../profiles/index.ts'
import { button, buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { select } from '../components/choice.ts'
import { errorOf, errorSummary, type FieldError, field } from '../components/field.ts'
import { heading } from '../components/heading.ts'
import { type Html, html } from '../html.ts'
import { H_SHAPE, hWord, kindWord } from '../i18n/class.ts'
import { common } from '../i18n/messages/common.ts'
import { mapping } from '../i18n/messages/mapping.ts'
import { page, queryOf, show, textOf, viewerOf } from '../page.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { operatorPage } from './frame.ts'
import {
  answer,
  isWords,
  mappingAddress,
  type Preview,
  previewWords,
  refusalWords,
  ruleId,
} from './mapping-frame.ts'

interface Props {
  tables: MappingVersion
  rule: Rule
  /** Name of the rule that is edited; '' for a new one. */
  replaces: string
  errors: readonly FieldError[]
}

const isTold = (text: string): text is Told => Object.hasOwn(LOOKS_AT, text)

/** Adding and changing a rule: filled in, looked at, done. */
export function ruleRoutes(services: WebServices): Router {
  return Router()
    .get(
      '/mapping/rule',
      page(async (view, req) => {
        const tables = await services.mapping.now()
        const asked = queryOf(req, 'rule')
        const held = tables.rules.find((rule) => ruleId(rule) === asked)
        const tells = queryOf(req, 'tells')
        if (asked ? !held : !isTold(tells)) return show(notFoundPage(view), 404)
        const rule = held ?? {
          tells: tells as Told,
          by: LOOKS_AT[tells as Told][0],
          iri: '',
          is: '',
          why: '',
        }
        return show(rulePage(view, { tables, rule, replaces: held ? ruleName(held) : '', errors: [] }))
      }),
    )
    .post(
      '/mapping/rule',
      page(async (view, req) => {
        const rule = ruleOf(req)
        if (!rule) return show(notFoundPage(view), 404)
        const replaces = textOf(req, 'replaces')
        const change = { do: 'put-rule' as const, rule, ...(replaces && { replaces }) }
        const tables = await services.mapping.now()
        const expects = Number(textOf(req, 'version'))
        const isAgreed = textOf(req, 'confirmed') === 'yes'
        const done = isAgreed
          ? await services.mapping.change(change, { by: viewerOf(view).id, expects })
          : await services.mapping.preview(change)
        if ('problems' in done) {
          const message = refusalWords(view, done)
          const errors = [{ field: done.problems[0]?.path ?? 'iri', message }]
          return show(rulePage(view, { tables, rule, replaces, errors }), done.status)
        }
        if ('looked' in done)
          return show(previewPage(view, { tables, rule, replaces, errors: [], preview: done }))
        return answer(view, done, rule.tells)
      }),
    )
}

function ruleOf(req: Request): Rule | null {
  const tells = textOf(req, 'tells')
  if (!isTold(tells)) return null
  const by = textOf(req, 'by') as LooksAt
  return { tells, by, iri: textOf(req, 'iri'), is: textOf(req, 'is'), why: textOf(req, 'why') }
}

function choices(view: View, tells: Told, tables: MappingVersion) {
  if (tells === 'topic')
    return tables.topics.map((topic) => ({ value: topic.id, label: topic[view.language] }))
  if (tells === 'kind') return KINDS.map((kind) => ({ value: kind, label: kindWord(view, kind) }))
  return FOUR_H.map((h) => ({ value: h, label: `${H_SHAPE[h]} ${hWord(view, h)}` }))
}

/** What a rule tells: one of a list, or the IRI of the activity that is the same. */
function isField(view: View, { tables, rule, errors }: Props): Html {
  const say = view.say(mapping)
  const of = { name: 'is', value: rule.is, required: true, error: errorOf(errors, 'is') }
  return rule.tells === 'same'
    ? field(view, {
        ...of,
        label: say('sameField'),
        help: say('sameHelp'),
        maxlength: 2000,
        autocomplete: 'off',
      })
    : select(view, {
        ...of,
        label: say('isField'),
        empty: say('isEmpty'),
        options: choices(view, rule.tells, tables),
      })
}

function rulePage(view: View, props: Props): Html {
  const say = view.say(mapping)
  const { tables, rule, replaces, errors } = props
  const title = say(replaces ? 'editRule' : 'newRule')
  return operatorPage(view, {
    title,
    body: html`<div class="stack">
      ${heading(view, {
        title: `${title}: ${say(`tab-${rule.tells}`)}`,
        lead: say('ruleLead'),
        back: { href: mappingAddress(rule.tells), label: say('title') },
      })}
      ${errorSummary(view, errors)}
      <form class="form" method="post" action="/operator/mapping/rule" novalidate>
        ${hidden({ tells: rule.tells, replaces, version: String(tables.version) })}
        ${select(view, {
          name: 'by',
          label: say('byField'),
          help: say(`order-${rule.tells}`),
          required: true,
          options: LOOKS_AT[rule.tells].map((by) => ({ value: by, label: say(`by-${by}`) })),
          value: rule.by,
        })}
        ${field(view, {
          name: 'iri',
          label: say('iriField'),
          help: say('iriHelp'),
          value: rule.iri,
          required: true,
          maxlength: 2000,
          autocomplete: 'off',
          error: errorOf(errors, 'iri'),
        })}
        ${isField(view, props)}
        ${field(view, {
          name: 'why',
          label: say('whyField'),
          help: say('whyHelp'),
          value: rule.why,
          required: true,
          maxlength: 300,
          error: errorOf(errors, 'why'),
        })}
        <div class="row">${button(view, { label: say('next'), kind: 'primary', icon: 'next' })}</div>
      </form>
    </div>`,
  })
}

function previewPage(view: View, props: Props & { preview: Preview }): Html {
  const say = view.say(mapping)
  const { tables, rule, replaces } = props
  return operatorPage(view, {
    title: say('previewTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('previewTitle'),
        back: { href: mappingAddress(rule.tells), label: say('title') },
      })}
      ${facts([
        [say('columnBy'), say(`by-${rule.by}`)],
        [say('columnIri'), html`<code>${rule.iri}</code>`],
        [say('columnIs'), isWords(view, tables.topics, rule)],
        [say('columnWhy'), rule.why],
      ])}
      ${previewWords(view, props.preview)}
      <form class="row" method="post" action="/operator/mapping/rule">
        ${hidden({ ...rule, replaces, version: String(tables.version), confirmed: 'yes' })}
        ${button(view, { label: say('doChange'), kind: 'primary' })}
        ${buttonLink(view, { label: view.say(common)('changeBack'), href: mappingAddress(rule.tells), kind: 'quiet' })}
      </form>
    </div>`,
  })
}

function hidden(fields: Readonly<Record<string, string>>): Html {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name=${name} value=${value} />`,
  )
}
