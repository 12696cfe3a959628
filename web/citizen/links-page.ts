import type { Claim, Link, LinkWork, PersonId, Suggestion, Waiting } from '../../profiles/index.ts'
import { buttonLink } from '../components/button.ts'
import { emptyState } from '../components/empty-state.ts'
import { heading } from '../components/heading.ts'
import { notice } from '../components/notice.ts'
import { table } from '../components/table.ts'
import { onDate } from '../components/when.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import { citizenPage } from '../layout.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'
import { accountName } from './account-name.ts'
import { closedNotice } from './consent-parts.ts'
import { linkId } from './link-id.ts'
import { claimSection, LINKS_ADDRESS, suggestionSection, waitingSection } from './links-asked.ts'
import { sourceNames } from './source-names.ts'

interface LinksProps {
  list: readonly Link[]
  waiting: readonly Waiting[]
  claims: readonly Claim[]
  suggestions: readonly Suggestion[]
  work: readonly LinkWork[]
  source(id: string): string | undefined
}

export async function readLinks(services: WebServices, person: { id: PersonId }): Promise<LinksProps> {
  const [all, waiting, claims, suggestions, work, source] = await Promise.all([
    services.links.of(person.id),
    services.links.waiting(person.id),
    services.claims.waiting(person.id),
    services.claims.suggestions(person.id),
    services.links.work(person.id),
    sourceNames(services),
  ])
  return { list: all.filter((each) => each.how !== 'product'), waiting, claims, suggestions, work, source }
}

export function linksPage(view: View, props: LinksProps): Html {
  const say = view.say(links)
  return citizenPage(view, {
    title: say('title'),
    body: html`<div class="stack loose">
      <section class="stack">
        ${heading(view, { title: say('title'), lead: say('lead'), back: { href: '/me', label: say('back') } })}
        <div class="row">
          ${buttonLink(view, { label: say('codeOpen'), href: '/me/link-code', kind: 'primary', icon: 'key' })}
        </div>
        ${closedNotice(view, 'closedLinks')}
        ${workNotices(view, props.work, LINKS_ADDRESS)}
      </section>
      ${claimSection(view, props.claims, props)} ${waitingSection(view, props.waiting, props)}
      <section class="stack">
        ${
          props.list.length > 0
            ? html`<h2>${say('linked')}</h2>${linkTable(view, props)}`
            : emptyState({ level: 2, title: say('empty'), body: say('emptyBody') })
        }
      </section>
      ${suggestionSection(view, props.suggestions, props)}
    </div>`,
  })
}

/** What is being joined or removed beside, with a plain way to look again. */
export function workNotices(view: View, work: readonly LinkWork[], here: string): Html {
  const say = view.say(links)
  if (work.length === 0) return null
  return notice(view, {
    live: true,
    body: html`${work.map(
      ({ agent, done, joining, ours }) =>
        html`<p>${
          ours
            ? say(joining ? 'joiningOurs' : 'leavingOurs', { count: done })
            : say(joining ? 'joining' : 'leaving', { account: accountName(agent), count: done })
        }</p>`,
    )}
      <p class="muted">${say('workBody')}</p>
      ${buttonLink(view, { label: say('reload'), href: here, icon: 'reload' })}`,
  })
}

function linkTable(view: View, { list, source }: LinksProps): Html {
  const say = view.say(links)
  return table({
    caption: say('title'),
    columns: [
      { label: say('account'), cell: (each: Link) => accountName(each.agent) },
      { label: say('since'), cell: (each) => onDate(view, each.since) },
      { label: say('how'), cell: (each) => howWords(view, each, source) },
      {
        label: say('state'),
        cell: (each) =>
          each.until === null
            ? html`<div class="stack tight"><span>${say('now')}</span>
                ${buttonLink(view, {
                  label: say('notMine'),
                  href: `${LINKS_ADDRESS}/${linkId(each.agent)}/contest`,
                  kind: 'quiet',
                })}</div>`
            : say(each.ended?.contested ? 'contested' : 'until', { date: view.format.date(each.until) }),
      },
    ],
    rows: list,
  })
}

/** How it is known, and of whose statements it holds. */
export function howWords(view: View, link: Link, source: (id: string) => string | undefined): Html {
  const say = view.say(links)
  const { how, proof = {}, reason, sources } = link
  const nameOf = (id: string) => source(id) ?? id
  const only =
    sources &&
    (sources.length > 0
      ? say('sourcesOnly', { sources: sources.map(nameOf).join(', ') })
      : say('sourcesNone'))
  const words = say(how === 'operator' && !proof.document ? 'how-operator-only' : `how-${how}`, {
    number: proof.document?.number ?? '–',
    date: dateWords(proof.document?.date),
    reason,
    issuer: proof.issuer ?? '–',
    source: nameOf(proof.source ?? ''),
  })
  return html`${words}${only && html`<br /><span class="muted small">${only}</span>`}`
}

/** 2026-11-24 as both languages write it. */
function dateWords(date: string | undefined): string {
  return date ? date.split('-').reverse().join('/') : '–'
}
