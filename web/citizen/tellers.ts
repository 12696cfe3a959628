import type { LineTeller, RecordLine } from '../../profiles/index.ts'
import { sourceBadge } from '../components/badge.ts'
import { act, buttonLink } from '../components/button.ts'
import { cards, facts } from '../components/card.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { lineName, lineVerb, outcome, timeSpent } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { record } from '../i18n/messages/record.ts'
import { twins } from '../i18n/messages/twins.ts'
import { citizenPage } from '../layout.ts'
import type { View } from '../view.ts'

export type SourceName = (id: string) => string | undefined

export const lineAddress = (line: string) => `/me/transcript/${encodeURIComponent(line)}`
const splitAddress = (line: string) => `${lineAddress(line)}/split`

/** Who tells of this line, and what each says; nothing where one source alone does. */
export function tellerSection(view: View, line: RecordLine, nameOf: SourceName): Html {
  const { tellers } = line
  if (!tellers) return null
  const say = view.say(twins)
  const names = tellers.map(({ source }) => nameOf(source) ?? source)
  return html`<section class="stack">
    <h2>${say('title', { count: tellers.length })}</h2>
    <p>${say('lead', { names: new Intl.ListFormat(view.language).format(names) })}</p>
    ${cards(tellers.map((teller, at) => tellerCard(view, teller, { at, name: names[at] ?? '', isPair: tellers.length === 2 })))}
  </section>`
}

function tellerCard(
  view: View,
  teller: LineTeller,
  { at, name, isPair }: { at: number; name: string; isPair: boolean },
): Html {
  const say = view.say(twins)
  return html`<article class="card"><div class="stack">
    <h3 class="row">${sourceBadge(view, { level: teller.level, source: name })}</h3>
    ${facts(toldRows(view, teller))}
    ${
      at === 0
        ? html`<p class="muted small">${say('first')}</p>`
        : html`<div class="row">${buttonLink(view, {
            label: isPair ? say('split') : say('splitOf', { source: name }),
            href: splitAddress(teller.line),
          })}</div>`
    }
  </div></article>`
}

function toldRows(view: View, teller: LineTeller): [string, Html][] {
  const say = view.say(record)
  const time = timeSpent(view, teller)
  return [
    [
      say('lineWhen'),
      html`<time datetime=${new Date(teller.at).toISOString()}>${view.format.dateTime(teller.at)}</time>`,
    ],
    [view.say(twins)('said'), outcome(view, teller) || lineVerb(view, teller)],
    ...(time ? [[say('lineDuration'), time] as [string, Html]] : []),
  ]
}

/** That a line was split from others, with the way back. */
export function splitNotices(
  view: View,
  line: RecordLine,
  others: readonly Pick<LineTeller, 'line' | 'source' | 'at'>[],
  nameOf: SourceName,
): Html {
  const say = view.say(twins)
  return others.map((other) =>
    notice(view, {
      title: say('splitFrom'),
      body: html`<p>${say('splitFromBody', {
        source: nameOf(other.source) ?? other.source,
        date: view.format.dateTime(other.at),
      })}</p>
        ${act(view, { label: say('join'), action: `${lineAddress(line.id)}/join`, fields: { from: other.line } })}`,
    }),
  )
}

/** Says what will happen before it does. */
export function splitPage(view: View, props: { line: RecordLine; teller: LineTeller; name: string }): Html {
  const say = view.say(twins)
  const { line, teller, name } = props
  return citizenPage(view, {
    title: say('splitTitle'),
    body: html`<div class="stack">
      ${heading(view, {
        title: say('splitTitle'),
        lead: say('splitLead', { source: name }),
        back: { href: lineAddress(line.id), label: lineName(view, line) },
      })}
      ${facts(toldRows(view, teller))}
      ${act(view, { label: say('splitDo'), action: splitAddress(teller.line), kind: 'primary' })}
    </div>`,
  })
}
