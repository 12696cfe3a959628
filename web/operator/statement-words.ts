import { agentKey, type Identifier } from '../../lrs/index.ts'
import { milliseconds } from '../i18n/duration.ts'
import { operator } from '../i18n/messages/operator.ts'
import { named } from '../i18n/named.ts'
import { type Interaction, responseWords } from '../i18n/response-words.ts'
import type { View } from '../view.ts'
import { describeIdentifier } from './identifier.ts'

type LanguageMap = Readonly<Record<string, string>>

/** A statement as far as pages tell of it; the record store has checked its shape. */
export interface Told {
  actor: ToldAgent
  verb: { id: string; display?: LanguageMap }
  object: ToldObject
  result?: {
    score?: { raw?: number; max?: number; scaled?: number }
    success?: boolean
    completion?: boolean
    duration?: string
    response?: string
  }
  context?: { registration?: string; platform?: string; instructor?: ToldAgent }
  authority?: ToldAgent
  timestamp?: string
  version?: string
  attachments?: ToldAttachment[]
}
export type ToldAgent = Identifier & { objectType?: string; name?: string; member?: ToldAgent[] }
type ToldObject = ToldAgent & {
  id?: string
  definition?: Interaction & { name?: LanguageMap }
}
export interface ToldAttachment {
  display?: LanguageMap
  usageType: string
  contentType: string
  length: number
  sha2: string
  fileUrl?: string
}

export const tell = (text: string) => JSON.parse(text) as Told

/** Who, with the name that the statement gives; else the identifier. */
export function agentWords(view: View, agent: ToldAgent): string {
  const say = view.say(operator)
  if (agent.name?.trim()) return agent.name
  const key = agentKey(agent)
  if (key !== null) return describeIdentifier(view, key).name
  return agent.member ? say('members', { count: agent.member.length }) : say('nobody')
}

const VOIDED = 'http://adlnet.gov/expapi/verbs/voided'

export function verbWords(view: View, verb: Told['verb']): string {
  if (verb.id === VOIDED) return view.say(operator)('verbVoided')
  return named(verb.display ?? {}, view.language) ?? lastPart(verb.id)
}

export function objectWords(view: View, object: ToldObject): string {
  const say = view.say(operator)
  switch (object.objectType) {
    case 'Agent':
    case 'Group':
      return agentWords(view, object)
    case 'StatementRef':
      return say('aStatement', { id: object.id ?? '' })
    case 'SubStatement':
      return say('aSubStatement')
    default:
      return named(object.definition?.name ?? {}, view.language) ?? object.id ?? ''
  }
}

/** What was done to what, as a title. */
export function statementWords(view: View, { verb, object }: Told): string {
  const words = verbWords(view, verb)
  return `${words.charAt(0).toLocaleUpperCase(view.language)}${words.slice(1)}: ${objectWords(view, object)}`
}

/** What came of it, in words; empty when nothing is said. */
export function resultWords(view: View, result: NonNullable<Told['result']>, object: ToldObject): string {
  const say = view.say(operator)
  const { number, percent, duration } = view.format
  const parts: string[] = []
  if (result.success !== undefined) parts.push(say(result.success ? 'success' : 'failure'))
  if (result.completion !== undefined) parts.push(say(result.completion ? 'completion' : 'noCompletion'))
  const { raw, max, scaled } = result.score ?? {}
  if (raw !== undefined)
    parts.push(say('score', { score: max === undefined ? number(raw) : `${number(raw)}/${number(max)}` }))
  else if (scaled !== undefined) parts.push(say('score', { score: percent(scaled) }))
  const time = result.duration === undefined ? null : milliseconds(result.duration)
  if (time !== null) parts.push(say('duration', { time: duration(time) }))
  if (result.response)
    parts.push(say('response', { text: responseWords(view, object.definition ?? {}, result.response) }))
  return parts.join(' · ')
}

/** `http://adlnet.gov/expapi/verbs/completed` is known by its last word. */
function lastPart(iri: string): string {
  return iri.split(/[/#]/).findLast(Boolean) ?? iri
}
