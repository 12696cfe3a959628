import type { Dispute, RecordLine } from '../../profiles/index.ts'
import { act, buttonLink } from '../components/button.ts'
import { link } from '../components/link.ts'
import { notice } from '../components/notice.ts'
import { lineName } from '../components/record-line.ts'
import { written } from '../disputes/words.ts'
import { type Html, html } from '../html.ts'
import { disputes } from '../i18n/messages/disputes.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

export const DISPUTES_ADDRESS = '/me/disputes'
export const disputeAddress = ({ id }: Pick<Dispute, 'id'>) => `${DISPUTES_ADDRESS}/${encodeURIComponent(id)}`

/** What the page of a line tells of it being disputed and hidden. */
export interface Standing {
  /** The newest. */
  dispute: Dispute | null
  isHidden: boolean
}

export async function readStanding(
  { disputes: all, hidden }: WebServices,
  line: RecordLine,
): Promise<Standing> {
  const [dispute, found] = await Promise.all([all.ofLine(line.person, line), hidden.among([line])])
  return { dispute, isHidden: found.has(line.id) }
}

/** In a list of lines: what is being looked at, and what is hidden. */
export async function readMarks(
  view: View,
  { disputes: all, hidden }: WebServices,
  lines: readonly RecordLine[],
): Promise<(line: RecordLine) => readonly string[]> {
  const [disputed, kept] = await Promise.all([all.among(lines), hidden.among(lines)])
  const say = view.say(disputes)
  return ({ id }) => [
    ...(disputed.has(id) ? [say('beingLooked')] : []),
    ...(kept.has(id) ? [say('hiddenMark')] : []),
  ]
}

/** On top of a line's page: that it is being looked at, or what was answered. */
export function standingNotice(view: View, { dispute }: Standing): Html {
  if (!dispute || dispute.state === 'withdrawn') return null
  const say = view.say(disputes)
  const seeIt = link({ href: disputeAddress(dispute), label: say('see') })
  if (dispute.state === 'open') {
    const said = { date: view.format.date(dispute.made), kind: say(`kind-${dispute.kind}`) }
    return notice(view, {
      tone: 'warning',
      title: say('beingLooked'),
      body: html`<p>${say('lineOpen', said)}</p><p>${seeIt}</p>`,
    })
  }
  const date = view.format.date(dispute.answer?.at ?? dispute.made)
  return notice(view, {
    tone: dispute.state === 'corrected' ? 'success' : 'info',
    title: say(dispute.state === 'corrected' ? 'lineCorrected' : 'lineNot-corrected', { date }),
    body: html`${dispute.answer?.words && written(dispute.answer.words)}<p>${seeIt}</p>`,
  })
}

/** At the end of a line's page: to say that it is wrong, and to keep it out of shares. `isOwnWord`: it is changed in the diary. */
export function standingSection(
  view: View,
  props: { line: RecordLine; standing: Standing; source: string | undefined; isOwnWord: boolean },
): Html {
  const say = view.say(disputes)
  const { line, standing } = props
  const address = `/me/transcript/${encodeURIComponent(line.id)}`
  const isOpen = standing.dispute?.state === 'open'
  return html`${
    !props.isOwnWord &&
    !isOpen &&
    html`<section class="stack">
      <h2>${say('wrongTitle')}</h2>
      <p class="muted">${say('wrongLead', { source: props.source ?? view.tenantName })}</p>
      <div class="row">${buttonLink(view, { label: say('report'), href: `${address}/dispute`, icon: 'warning' })}</div>
    </section>`
  }
  <section class="stack">
    <h2>${say('hideTitle')}</h2>
    <p class="muted">${say(standing.isHidden ? 'hiddenNow' : 'hideLead')}</p>
    ${act(view, {
      label: say(standing.isHidden ? 'unhide' : 'hide'),
      action: `${address}/hidden`,
      fields: { hidden: standing.isHidden ? 'no' : 'yes' },
    })}
  </section>`
}

/** On Hôm nay: answers that were not looked at, and how many are awaited. Nothing where there is none. */
export async function disputeNews(view: View, { disputes: all }: WebServices, person: string): Promise<Html> {
  const { waiting, answered } = await all.news(person)
  if (waiting === 0 && answered.length === 0) return null
  const say = view.say(disputes)
  const nameOf = ({ told }: Dispute) =>
    lineName(view, { activity: { id: told.activity, name: told.name, type: null } })
  return html`${answered.map((each) =>
    notice(view, {
      tone: each.state === 'corrected' ? 'success' : 'info',
      title: say('todayTitle'),
      body: html`<p>${link({
        href: disputeAddress(each),
        label: say(each.state === 'corrected' ? 'todayCorrected' : 'todayNot-corrected', {
          name: nameOf(each),
        }),
      })}</p>
        ${act(view, { label: say('seen'), action: `${disputeAddress(each)}/seen`, kind: 'quiet' })}`,
    }),
  )}
  ${waiting > 0 && html`<p>${link({ href: DISPUTES_ADDRESS, label: say('todayWaiting', { count: waiting }) })}</p>`}`
}
