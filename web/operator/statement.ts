import { type RequestHandler, Router } from 'express'
import { agentKey, type Source, type StatementRelations, type StoredStatement } from '../../lrs/index.ts'
import { buttonLink } from '../components/button.ts'
import { facts } from '../components/card.ts'
import { code } from '../components/details.ts'
import { heading } from '../components/heading.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { table } from '../components/table.ts'
import { type Html, html } from '../html.ts'
import { operator } from '../i18n/messages/operator.ts'
import { named } from '../i18n/named.ts'
import { page, paramOf, show, viewerOf, viewOf } from '../page.ts'
import { prettyJson } from '../pretty-json.ts'
import { notFoundPage } from '../public/error-pages.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { auditAddress } from './audit-filter.ts'
import { operatorPage } from './frame.ts'
import { describeIdentifier, writeIdentifier } from './identifier.ts'
import { filterAddress, isUuid } from './statement-filter.ts'
import {
  agentWords,
  objectWords,
  resultWords,
  statementWords,
  type Told,
  type ToldAgent,
  type ToldAttachment,
  tell,
  verbWords,
} from './statement-words.ts'
import { stateBadge, statementAddress, toldOf } from './statements.ts'

/** As many references are told of as the store names. */
const REFERRERS = 100

interface Props {
  stored: StoredStatement
  told: Told
  relations: StatementRelations
  sourceName(id: string): string
}

export function statementRoutes(services: WebServices): Router {
  const find: Find = async (view, id) => {
    const reader = viewerOf(view).id
    const stored = isUuid(id) ? await services.lrs.getStatement(services.readerFor(reader), id) : null
    if (stored) await services.accesses.noteStatements(reader, toldOf(stored))
    return stored
  }
  return Router()
    .get(
      '/statements/:id',
      page(async (view, req) => {
        const stored = await find(view, paramOf(req, 'id'))
        if (!stored) return show(notFoundPage(view), 404)
        const [relations, sources] = await Promise.all([
          services.lrs.relations(stored.id),
          services.sources.list(),
        ])
        return show(
          statementPage(view, {
            stored,
            told: tell(stored.text),
            relations,
            sourceName: sourceNamer(sources),
          }),
        )
      }),
    )
    .get('/statements/:id/raw', raw(find))
}

type Find = (view: View, id: string) => Promise<StoredStatement | null>

/** The text as stored, to the letter. */
function raw(find: Find): RequestHandler {
  return async (req, res, next) => {
    const stored = await find(viewOf(res), paramOf(req, 'id'))
    if (!stored) return next()
    res.setHeader('Cache-Control', 'private, no-cache')
    res.type('application/json').send(stored.text)
  }
}

function sourceNamer(sources: readonly Source[]): (id: string) => string {
  const names = new Map(sources.map((source) => [source.id, source.name]))
  return (id) => names.get(id) ?? id
}

function statementPage(view: View, props: Props): Html {
  const say = view.say(operator)
  const { stored, told } = props
  const title = statementWords(view, told)
  return operatorPage(view, {
    title,
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title, back: { href: '/operator/statements', label: say('statementsTitle') } })}
        <div class="row">${stateBadge(view, stored)}<code class="muted">${stored.id}</code></div>
        ${voidNotices(view, props)}
      </section>
      <section class="stack">
        <h2>${say('facts')}</h2>
        ${facts(content(view, props))}
        ${likeIt(view, told)}
        <p>${link({ href: auditAddress({ who: stored.id }), label: say('auditOfStatement') })}</p>
      </section>
      <section class="stack"><h2>${say('references')}</h2>${references(view, props)}</section>
      ${told.attachments && html`<section class="stack"><h2>${say('attachments')}</h2>${attachmentTable(view, told.attachments, stored)}</section>`}
      <section class="stack">
        <h2>${say('raw')}</h2>
        <p class="muted">${say('rawLead')}</p>
        ${code({ label: say('raw'), text: prettyJson(stored.text) })}
        ${buttonLink(view, { label: say('rawOpen'), href: `${statementAddress(stored.id)}/raw`, icon: 'file' })}
      </section>
    </div>`,
  })
}

/** Whether it counts, who voided it, and which tried to without effect, with the reason. */
function voidNotices(view: View, { stored, relations, sourceName }: Props): Html {
  const say = view.say(operator)
  const effective = relations.voiders.filter((each) => each.effective)
  const without = relations.voiders.filter((each) => !each.effective)
  const line = (id: string, words: string) =>
    html`<li>${link({ href: statementAddress(id), label: html`<code>${id}</code>` })} ${words}</li>`
  return html`${
    stored.voided &&
    notice(view, {
      tone: 'danger',
      title: say('voidedTitle'),
      body:
        effective.length > 0
          ? html`<p>${say('voidedBody')}</p>
              <ul>${effective.map((each) => line(each.id, say('bySource', { source: sourceName(each.source) })))}</ul>`
          : say('voidedUnknown'),
    })
  }
  ${stored.voiding && notice(view, { title: say('voidingTitle'), body: say('voidingBody') })}
  ${
    without.length > 0 &&
    notice(view, {
      tone: 'warning',
      title: say('withoutEffectTitle'),
      body: html`<ul>
          ${without.map((each) =>
            line(
              each.id,
              say(stored.voiding ? 'voiderOfVoiding' : 'foreignVoider', { source: sourceName(each.source) }),
            ),
          )}
        </ul>
        ${!stored.voided && html`<p>${say('withoutEffectBody')}</p>`}`,
    })
  }`
}

function content(view: View, { stored, told, sourceName }: Props): (readonly [string, Html])[] {
  const say = view.say(operator)
  const happened = Date.parse(told.timestamp ?? '')
  const { context, result, object } = told
  const outcome = result && resultWords(view, result, told.object)
  const rows: (readonly [string, Html] | null | undefined | false | '')[] = [
    [say('who'), agentFact(view, told.actor)],
    [say('verb'), html`${verbWords(view, told.verb)}${machine(told.verb.id)}`],
    [say('object'), html`${objectWords(view, object)}${object.id && machine(object.id)}`],
    outcome && [say('result'), outcome],
    !Number.isNaN(happened) && [say('happened'), view.format.dateTime(happened)],
    [say('stored'), view.format.dateTime(stored.stored)],
    [
      say('source'),
      link({ href: `/lms/sources/${encodeURIComponent(stored.source)}`, label: sourceName(stored.source) }),
    ],
    told.authority && [say('authority'), agentFact(view, told.authority)],
    context?.registration && [say('registration'), html`<code>${context.registration}</code>`],
    context?.platform && [say('platform'), context.platform],
    context?.instructor && [say('instructor'), agentFact(view, context.instructor)],
    told.version && [say('version'), told.version],
  ]
  return rows.filter((row): row is readonly [string, Html] => Array.isArray(row))
}

const machine = (text: string): Html => html`<br /><code class="muted">${text}</code>`

function agentFact(view: View, agent: ToldAgent): Html {
  const key = agentKey(agent)
  if (key === null) return agentWords(view, agent)
  const { name, kind } = describeIdentifier(view, key)
  const words = agentWords(view, agent)
  return html`${words}<br /><span class="muted">${name !== words && html`<code>${name}</code> · `}${kind}</span>`
}

/** Ways to others of the same person, verb, activity, registration. */
function likeIt(view: View, { actor, verb, object, context }: Told): Html {
  const say = view.say(operator)
  const key = agentKey(actor)
  const activity = object.objectType === undefined || object.objectType === 'Activity' ? object.id : undefined
  const ways: [label: string, href: string][] = [
    ...(key === null
      ? []
      : [[say('sameAgent'), filterAddress({ agent: writeIdentifier(key) })] as [string, string]]),
    [say('sameVerb'), filterAddress({ verb: verb.id })],
    ...(activity ? [[say('sameActivity'), filterAddress({ activity })] as [string, string]] : []),
    ...(context?.registration
      ? [[say('sameRegistration'), filterAddress({ registration: context.registration })] as [string, string]]
      : []),
  ]
  return html`<p>${say('others')}: ${ways.map(([label, href], at) => html`${at > 0 && ', '}${link({ href, label })}`)}.</p>`
}

function references(view: View, { stored, relations }: Props): Html {
  const say = view.say(operator)
  const { referrers } = relations
  if (stored.refersTo === null && referrers.length === 0)
    return html`<p class="muted">${say('referencesNone')}</p>`
  const to = (id: string) => link({ href: statementAddress(id), label: html`<code>${id}</code>` })
  return html`${facts([
    ...(stored.refersTo === null ? [] : [[say('refersTo'), to(stored.refersTo)] as const]),
    ...(referrers.length === 0
      ? []
      : [
          [
            say('referrers'),
            html`<ul class="plain">${referrers.map((id) => html`<li>${to(id)}</li>`)}</ul>`,
          ] as const,
        ]),
  ])}${referrers.length >= REFERRERS && html`<p class="muted">${say('referrersCut')}</p>`}`
}

function attachmentTable(view: View, attachments: readonly ToldAttachment[], stored: StoredStatement): Html {
  const say = view.say(operator)
  const held = new Set(stored.attachments)
  return table({
    caption: say('attachments'),
    columns: [
      {
        label: say('attachmentName'),
        cell: (each: ToldAttachment) =>
          html`${named(each.display ?? {}, view.language) ?? say('attachmentUnnamed')}${machine(each.usageType)}`,
      },
      { label: say('attachmentType'), cell: (each) => each.contentType },
      { label: say('attachmentSize'), cell: (each) => view.format.bytes(each.length), end: true },
      {
        label: say('attachmentKept'),
        cell: (each) =>
          // Blobs lie under their SHA-256; without fileUrl the data came along, whatever SHA-2 names it.
          held.has(each.sha2.toLowerCase()) || (!each.fileUrl && held.size > 0)
            ? say('kept')
            : each.fileUrl
              ? say('elsewhere', { url: each.fileUrl })
              : say('notKept'),
      },
      { label: 'SHA-2', cell: (each) => html`<code>${each.sha2}</code>` },
    ],
    rows: attachments,
  })
}
