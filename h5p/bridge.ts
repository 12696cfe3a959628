import type { Problem } from '../lrs/index.ts'
import { definitionOf } from './bridge/answers.ts'
import { actorOf, contextOf, extensionsOf, libraryCategory, parentsOf, type Told } from './bridge/context.ts'
import { normalDefinition } from './bridge/definition.ts'
import { isTooDeep } from './bridge/depth.ts'
import { idWithin } from './bridge/ids.ts'
import {
  ADL,
  BROWSER_CLAIM,
  CONSUME,
  ENDING_POINT,
  LESSON_TYPE,
  PRACTICE,
  SERVER_SCORE,
  VERBS,
} from './bridge/names.ts'
import { iriOf, ONLY_PART, placeOf } from './bridge/object.ts'
import { isIri, isRecord, normalResult } from './bridge/result.ts'
import { problem } from './problems.ts'
import type { Question } from './score/question.ts'

/**
 * The bridge from what a learner's browser says to what may be recorded: one normal form over all content types
 * (docs/h5p-xapi.md). A statement is built anew from the parts that are valid; actor, registration, version, platform and
 * language are the server's. Everything else is a claim of the browser, and says so by the category `BROWSER_CLAIM`. How
 * the lesson as a whole went is the server's to say: what a page says of it is folded into the server's statement.
 */

/** What a page may say of the lesson itself, as it is; everything else of the lesson itself is a claim. */
const OF_THE_WHOLE = new Set(['interacted', 'progressed', 'experienced'].map((name) => ADL + name))
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

export interface BridgeContext extends Told {
  /** When the attempt started, and when the request arrived, ms. */
  started: number
  arrival: number
  /** What to add to the browser's clock to get ours, ms. */
  clockOffset: number
  /** Its answers are handed in all at once, and scored by the server alone. */
  assessed: boolean
  /** What its time came to when it was sent before. */
  told?: { at: number; replaced: boolean }
  /** The question of a sub-content id, where the server knows one. */
  question(part: string): Question | undefined
}

/** What an event means for the course of its attempt. */
export interface Heard {
  verb: string
  /** Sub-content id; null: the lesson itself. */
  part: string | null
  /** ms */
  at: number
  /** It is when the event arrived: the browser's own time cannot be. */
  replaced?: boolean
  /** Points by the server's own scoring of an answer; null: not known. Absent: it is no answer. */
  points?: number | null
  /** The page that was reached, counted from 1. */
  page?: number
  /** A book says that a chapter was read, and not which. */
  chapter?: true
  /** The page says that the whole came to its end. */
  ended?: boolean
  score?: Record<string, number>
  success?: boolean
}

export type Bridged =
  | { outcome: 'stored'; statement: Record<string, unknown>; heard: Heard }
  | { outcome: 'folded'; reason: string; heard: Heard }
  | { outcome: 'refused'; problem: Problem }

/**
 * Makes a statement of an event, or says why not. Never throws for what a browser can send. An event is
 * `{id, at, statement}`: a UUID made in the browser (sending it again changes nothing), the browser's time (ISO 8601), and
 * what H5P emitted.
 */
export function bridge(event: unknown, context: BridgeContext): Bridged {
  if (!isRecord(event) || typeof event.id !== 'string' || !UUID.test(event.id))
    return refused('h5p-event-id-invalid', 'Give each event a UUID as its id')
  const given = event.statement
  if (!isRecord(given)) return refused('h5p-event-statement-missing', 'Give the statement as an object')
  if (isTooDeep(given)) return refused('h5p-event-too-deep', 'Nest the statement less deeply')
  if (isForged(given.actor, context))
    return refused('h5p-event-actor-forged', 'The actor is somebody else than whose attempt this is', 403)
  const verb = isRecord(given.verb) ? given.verb.id : undefined
  if (!isIri(verb)) return refused('h5p-event-verb-invalid', 'The verb needs an IRI as its id')
  if (verb === `${ADL}voided`) return refused('h5p-event-verb-refused', 'A lesson cannot void statements')
  const place = placeOf(given.object, context)
  if (!place)
    return refused(
      'h5p-event-object-foreign',
      'The object must be the lesson of this attempt or a part of it',
      403,
    )

  const changed = new Set<string>()
  const at = boundedTime(event.at, context, changed)
  const said = normalVerb(verb, given)
  if (said !== verb) changed.add('verb')
  const { definition, choices } = normalDefinition(
    isRecord(given.object) ? given.object.definition : undefined,
    context.language,
  )
  const result = normalResult(given.result, choices, changed) ?? {}
  const score = result.score as Record<string, number> | undefined
  const success = result.success as boolean | undefined

  const isAnswer = said === `${ADL}answered`
  const part = place.part ?? (isAnswer ? ONLY_PART : null)
  const heard: Heard = { verb: said, part, at, ...(score && { score }) }
  if (changed.has('timestamp')) heard.replaced = true
  if (success !== undefined) heard.success = success
  if (part === null && verb === `${ADL}completed` && isOfBook(given)) heard.chapter = true
  if (part === null && said === `${ADL}attempted`) return { outcome: 'folded', reason: 'initialized', heard }
  if (part === null && !OF_THE_WHOLE.has(said)) {
    const ended = ['completed', 'passed', 'failed'].some((name) => said === ADL + name)
    return { outcome: 'folded', reason: 'claim', heard: { ...heard, ended } }
  }
  if (isAnswer && context.assessed) return { outcome: 'folded', reason: 'handed-in', heard }
  if (place.part === null && isAnswer && result.completion === true) heard.ended = true

  const own: Record<string, unknown> = {}
  if (isAnswer) {
    const question = context.question(part!)
    // An answer left empty is dropped from the statement, and scored all the same.
    const response = isRecord(given.result) ? given.result.response : undefined
    const points = typeof response === 'string' && question ? question.score(response) : null
    heard.points = points
    const max = question?.max ?? null
    if (points !== null && max !== null && max > 0 && disagrees(score, success, points, max))
      own[SERVER_SCORE] = { raw: points, min: 0, max, scaled: points / max }
  }
  if (said === `${ADL}progressed`) {
    const page = liftPage(given.object, result)
    if (part === null && page !== null) heard.page = page
  }
  if (part === null) keepForServer(result, changed)
  const library = libraryCategory(given.context)
  const statement: Record<string, unknown> = {
    id: idWithin(context.attempt, `event/${event.id.toLowerCase()}`),
    actor: actorOf(context),
    verb: { id: said, display: verbDisplay(said, given) },
    object: {
      objectType: 'Activity',
      id: iriOf(context.lessonIri, part),
      ...definitionFor(part, definition, context),
    },
    ...(Object.keys(result).length > 0 && { result }),
    timestamp: new Date(at).toISOString(),
    context: contextOf(context, {
      part,
      parents: place.part === null ? (part === null ? [] : [null]) : parentsOf(given.context, context, part),
      categories: [...(library ? [library] : []), ...(context.assessed ? [] : [PRACTICE]), BROWSER_CLAIM],
      extensions: extensionsOf(given.context, changed, own),
    }),
  }
  return { outcome: 'stored', statement, heard }
}

/** Whether an actor is said to be another person of the product. Everybody else a page names is its own invention. */
function isForged(actor: unknown, { accountHomePage, person }: BridgeContext): boolean {
  const account = isRecord(actor) ? actor.account : undefined
  return isRecord(account) && account.homePage === accountHomePage && account.name !== person
}

/** What types say differently, said alike: to consume is to experience; completing without anything to score while the
 * whole still goes on (a book's chapter) is progress. */
function normalVerb(verb: string, given: Record<string, unknown>): string {
  if (verb === CONSUME) return `${ADL}experienced`
  if (verb === `${ADL}completed`) {
    const score = isRecord(given.result) ? given.result.score : undefined
    if (isRecord(score) && score.max === 0 && isOfBook(given)) return `${ADL}progressed`
  }
  return verb
}

const isOfBook = ({ context }: Record<string, unknown>) =>
  /InteractiveBook/.test(libraryCategory(context) ?? '')

function verbDisplay(verb: string, given: Record<string, unknown>): Record<string, string> {
  if (Object.hasOwn(VERBS, verb)) return { ...VERBS[verb]! }
  const display = isRecord(given.verb) && isRecord(given.verb.display) ? given.verb.display : {}
  const text = Object.values(display).find((value) => typeof value === 'string' && value !== '')
  return { en: typeof text === 'string' ? text : (verb.split(/[/#]/).at(-1) ?? verb) }
}

/**
 * The lesson is always the same activity, under the title that the server knows, and so is a question whose words it
 * knows: a learner's page must not rewrite them for all. Any other part is what the page says it is.
 */
function definitionFor(part: string | null, definition: Record<string, unknown>, context: BridgeContext) {
  const { language, title, assessed } = context
  if (part === null) return { definition: { type: LESSON_TYPE, name: { [language]: title } } }
  const asks = context.question(part)?.asks
  // Its right answer is told when it was handed in.
  if (asks) return assessed ? {} : { definition: definitionOf(asks, language) }
  return Object.keys(definition).length > 0 ? { definition } : {}
}

/** The place that was reached stands in the result: in the definition it would make another activity each time. */
function liftPage(object: unknown, result: Record<string, unknown>): number | null {
  const definition = isRecord(object) ? object.definition : undefined
  const extensions = isRecord(definition) ? definition.extensions : undefined
  const page = isRecord(extensions) ? Number(extensions[ENDING_POINT]) : Number.NaN
  if (!Number.isFinite(page)) return null
  result.extensions = { ...(result.extensions as object | undefined), [ENDING_POINT]: page }
  return page
}

/** Whether the whole was completed, how well, and for how long, is not the page's to say. */
function keepForServer(result: Record<string, unknown>, changed: Set<string>): void {
  for (const name of ['completion', 'success', 'score', 'duration'] as const)
    if (result[name] !== undefined) {
      delete result[name]
      changed.add(`result.${name}`)
    }
}

function disagrees(
  score: Record<string, number> | undefined,
  success: boolean | undefined,
  points: number,
  max: number,
): boolean {
  if (success !== undefined && success !== (points === max)) return true
  if (!score) return false
  const share = score.scaled ?? (score.raw ?? 0) / (score.max ?? max)
  return Math.abs(share - points / max) > 0.001
}

/** The browser's time, corrected by the clocks' difference, kept only between the attempt's start and the arrival. */
function boundedTime(at: unknown, context: BridgeContext, changed: Set<string>): number {
  if (context.told) {
    if (context.told.replaced) changed.add('timestamp')
    return context.told.at
  }
  const claimed = typeof at === 'string' ? Date.parse(at) + context.clockOffset : Number.NaN
  if (claimed >= context.started && claimed <= context.arrival) return claimed
  changed.add('timestamp')
  return context.arrival
}

function refused(id: string, message: string, status = 400): Bridged {
  return { outcome: 'refused', problem: problem(id, status, message) }
}
