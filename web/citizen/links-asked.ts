import type { Claim, Suggestion, Waiting } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { cards } from '../components/card.ts'
import { type Html, html } from '../html.ts'
import { links } from '../i18n/messages/links.ts'
import type { View } from '../view.ts'
import { accountName } from './account-name.ts'
import { linkId } from './link-id.ts'
import { maskAccount } from './mask.ts'

export const LINKS_ADDRESS = '/me/links'

interface Named {
  source(id: string): string | undefined
}

/** Codes of the person that were typed somewhere: were they theirs? */
export function claimSection(view: View, claims: readonly Claim[], { source }: Named): Html {
  const say = view.say(links)
  if (claims.length === 0) return null
  return html`<section class="stack">
    <h2>${say('claimsTitle')}</h2>
    <p>${say('claimsLead')}</p>
    ${cards(
      claims.map((claim) => {
        const action = `${LINKS_ADDRESS}/claims/${claim.id}`
        const words = { account: maskAccount(claim.agent), source: source(claim.source) ?? claim.source }
        return html`<article class="card">
          <h3>${say('claimFrom', words)}</h3>
          <p class="muted">${say('claimAt', { time: view.format.dateTime(claim.at) })}</p>
          <div class="row">
            ${act(view, { label: say('claimYes'), action, icon: 'check', fields: { mine: 'yes' } })}
            ${act(view, { label: say('claimNo'), action, kind: 'quiet', fields: { mine: 'no' } })}
          </div>
        </article>`
      }),
    )}
  </section>`
}

/** What was sent under an account of theirs by sources about which they have not decided: counted, never shown. */
export function waitingSection(view: View, waiting: readonly Waiting[], { source }: Named): Html {
  const say = view.say(links)
  if (waiting.length === 0) return null
  return html`<section class="stack">
    <h2>${say('waitingTitle')}</h2>
    <p class="muted">${say('waitingLead')}</p>
    ${cards(
      waiting.map((each) => {
        const action = `${LINKS_ADDRESS}/${linkId(each.agent)}/decide`
        const name = source(each.source) ?? each.source
        return html`<article class="card">
          <h3>${say('waitingFrom', { source: name, account: accountName(each.agent) })}</h3>
          <ul class="plain">${each.years.map(
            ({ year, count }) => html`<li>${say('waitingYear', { year: String(year), count })}</li>`,
          )}</ul>
          <div class="row">
            ${act(view, { label: say('mine'), action, icon: 'check', fields: { source: each.source, mine: 'yes' } })}
            ${act(view, { label: say('notMine'), action, kind: 'quiet', fields: { source: each.source, mine: 'no' } })}
          </div>
        </article>`
      }),
    )}
  </section>`
}

/** What may be theirs too. */
export function suggestionSection(view: View, suggestions: readonly Suggestion[], { source }: Named): Html {
  const say = view.say(links)
  if (suggestions.length === 0) return null
  return html`<section class="stack">
    <h2>${say('suggestTitle')}</h2>
    ${cards(
      suggestions.map((each) =>
        each.kind === 'name'
          ? html`<article class="card">
              <p>${say('suggestName', { source: source(each.source) ?? each.source, count: each.count })}</p>
              <div class="row">${buttonLink(view, { label: say('codeOpen'), href: '/me/link-code', icon: 'key' })}</div>
            </article>`
          : html`<article class="card">
              <p>${say(each.kind === 'mail' ? 'suggestMail' : 'suggestSha1', { account: each.mail })}</p>
              ${act(view, {
                label: say('suggestDo'),
                action: `${LINKS_ADDRESS}/suggested/${linkId(each.agent)}`,
                icon: 'search',
              })}
            </article>`,
      ),
    )}
  </section>`
}
