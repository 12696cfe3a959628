import type { Caller } from '../../lrs/index.ts'
import { code, details } from '../components/details.ts'
import { lineVerb, scoreOf, timeSpent } from '../components/record-line.ts'
import { type Html, html } from '../html.ts'
import { milliseconds } from '../i18n/duration.ts'
import { record } from '../i18n/messages/record.ts'
import { named } from '../i18n/named.ts'
import { type Interaction, responseWords } from '../i18n/response-words.ts'
import { prettyJson } from '../pretty-json.ts'
import type { WebServices } from '../services.ts'
import type { View } from '../view.ts'

/** One statement behind a line, as it is told to its own person. */
export interface Event {
  id: string
  at: number
  voided: boolean
  verb: { id: string; display: Record<string, string> }
  object: Record<string, string>
  score: { raw?: number; max?: number; scaled?: number } | null
  response: string | null
  /** What its ids stand for. */
  interaction: Interaction
  /** Milliseconds. */
  duration: number | null
  /** The statement as it is kept. */
  text: string
}

/** Reads the statements, the newest first, for their own person or as another reader; one that is gone is left out. */
export async function readEvents(
  services: WebServices,
  ids: readonly string[],
  reader: Caller = services.ownReader,
): Promise<Event[]> {
  const found = await Promise.all(ids.map((id) => services.lrs.getStatement(reader, id)))
  return found
    .filter((each) => each !== null)
    .map((each) => eventOf(each.text, each))
    .sort((a, b) => b.at - a.at)
}

interface Loose {
  timestamp?: string
  verb?: { display?: Record<string, string>; id?: string }
  object?: { definition?: Interaction & { name?: Record<string, string> } }
  result?: {
    score?: Event['score']
    response?: unknown
    duration?: unknown
  }
}

function eventOf(text: string, stored: { id: string; stored: number; voided: boolean }): Event {
  const statement = JSON.parse(text) as Loose
  const at = Date.parse(statement.timestamp ?? '')
  const { response, duration, score } = statement.result ?? {}
  return {
    id: stored.id,
    at: Number.isNaN(at) ? stored.stored : at,
    voided: stored.voided,
    verb: { id: statement.verb?.id ?? '', display: statement.verb?.display ?? {} },
    object: statement.object?.definition?.name ?? {},
    score: score ?? null,
    interaction: statement.object?.definition ?? {},
    response: typeof response === 'string' && response !== '' ? response : null,
    duration: typeof duration === 'string' ? milliseconds(duration) : null,
    text,
  }
}

export function eventList(view: View, events: readonly Event[]): Html {
  return html`<ol class="steps wide">${events.map((event) => html`<li class="done">${eventItem(view, event)}</li>`)}</ol>`
}

function eventItem(view: View, event: Event): Html {
  const say = view.say(record)
  const verb = lineVerb(view, event)
  const object = named(event.object, view.language)
  const facts: string[] = []
  const score = scoreOf(view, event)
  if (score) facts.push(say('eventScore', { score }))
  const time = timeSpent(view, event)
  if (time) facts.push(say('eventDuration', { time }))
  if (event.response)
    facts.push(say('eventAnswer', { answer: responseWords(view, event.interaction, event.response) }))
  return html`<div>
    <p><strong>${verb}</strong>${object && html`: ${object}`}</p>
    <p class="small">${view.format.dateTime(event.at)}</p>
    ${facts.length > 0 && html`<p>${facts.join(' ')}</p>`}
    ${event.voided && html`<p class="error">${say('eventVoided')}</p>`}
    ${details({ summary: say('forMachines'), body: code({ label: say('sourceMachine'), text: prettyJson(event.text) }) })}
  </div>`
}
