import { parse } from 'tinyduration'
import { agentKey, type StoredStatement } from '../../lrs/index.ts'

/** What one statement of an attempt says that reports count. */
export interface Told {
  id: string
  attempt: string
  lesson: string
  version: number
  /** Key of the actor's agent: tells one learner from another and names nobody on a page. */
  learner: string
  at: number
  verb: string
  /** Of the lesson that it is about; empty: the lesson as a whole. */
  part: string
  success: boolean | null
  /** From 0 to 1. */
  scaled: number | null
  /** Seconds. */
  seconds: number | null
  response: string | null
  question: Question | null
}

/** A question as its statements describe it. */
export interface Question {
  /** xAPI's interaction type. */
  kind: string
  text: Record<string, string>
  choices: { id: string; text: Record<string, string> }[]
  right: string[]
}

const LESSON = /\/lessons\/([\w-]{1,64})(?:\?subContentId=([\w-]{1,64}))?$/
const MOST_CHOICES = 50

/** What is read of a statement; it was valid when it was stored. */
interface Shape {
  actor: Parameters<typeof agentKey>[0]
  verb: { id: string }
  object: { id?: string; definition?: Definition }
  result?: {
    success?: boolean
    score?: { scaled?: number; raw?: number; min?: number; max?: number }
    duration?: string
    response?: string
  }
  context?: { registration?: string; revision?: string }
  timestamp: string
}
interface Definition {
  interactionType?: string
  name?: Record<string, string>
  description?: Record<string, string>
  correctResponsesPattern?: string[]
  choices?: { id: string; description?: Record<string, string> }[]
}

/** Null for what is no attempt at a lesson of this host. */
export function toldBy(stored: StoredStatement): Told | null {
  if (stored.voided) return null
  const { actor, verb, object, result, context, timestamp } = JSON.parse(stored.text) as Shape
  const about = LESSON.exec(object.id ?? '')
  const learner = agentKey(actor)
  if (!about || learner === null || context?.registration === undefined) return null
  const version = Number(context.revision ?? 1)
  return {
    id: stored.id,
    attempt: context.registration,
    lesson: about[1]!,
    version: Number.isInteger(version) && version > 0 ? version : 1,
    learner,
    at: Date.parse(timestamp),
    verb: verb.id,
    part: about[2] ?? '',
    success: result?.success ?? null,
    scaled: scaledOf(result?.score),
    seconds: result?.duration === undefined ? null : secondsOf(result.duration),
    response: result?.response ?? null,
    question: questionOf(object.definition),
  }
}

function scaledOf(score: NonNullable<Shape['result']>['score']): number | null {
  if (!score) return null
  const { scaled, raw, min = 0, max } = score
  const value =
    scaled ?? (raw !== undefined && max !== undefined && max > min ? (raw - min) / (max - min) : null)
  return value === null ? null : Math.min(1, Math.max(0, value))
}

/** Null for what no attempt lasts: months, years; and for what the parser cannot read, which must not hold up the feed. */
function secondsOf(duration: string): number | null {
  try {
    const { years, months, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0 } = parse(duration)
    return years || months ? null : (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
  } catch {
    return null
  }
}

function questionOf(definition: Definition = {}): Question | null {
  const { interactionType: kind, name, description, choices = [], correctResponsesPattern = [] } = definition
  if (kind === undefined) return null
  return {
    kind,
    text: name ?? description ?? {},
    choices: choices.slice(0, MOST_CHOICES).map(({ id, description: text = {} }) => ({ id, text })),
    right: correctResponsesPattern.slice(0, MOST_CHOICES),
  }
}
