import type { Problem } from '../lrs/index.ts'
import { normalDefinition } from './bridge/definition.ts'
import { isTooDeep } from './bridge/depth.ts'
import { isIri, isRecord, normalExtensions, normalResult } from './bridge/result.ts'
import type { AttemptRecord } from './collections.ts'
import { problem } from './problems.ts'
import type { Lesson } from './types.ts'

/**
 * The bridge from what a learner's browser says to what may be recorded. A statement is built anew from the parts that
 * are valid; actor, registration, platform and language are the server's. Everything else is a claim of the browser, and
 * says so by the category `BROWSER_CLAIM`.
 */

/** Category (context.contextActivities.category) of every statement whose results the learner's browser claims. */
export const BROWSER_CLAIM = 'https://w3id.org/suotdoi/xapi/categories/browser-claim'
/** Context extension: paths of what the bridge left out or replaced, e.g. `["result.score", "timestamp"]`. */
export const BRIDGE_CHANGES = 'https://w3id.org/suotdoi/xapi/extensions/bridge-changes'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const VERBS: Record<string, { vi: string; en: string }> = {
  [`${ADL}attempted`]: { vi: 'bắt đầu', en: 'attempted' },
  [`${ADL}interacted`]: { vi: 'thao tác', en: 'interacted' },
  [`${ADL}answered`]: { vi: 'trả lời', en: 'answered' },
  [`${ADL}progressed`]: { vi: 'học tiếp', en: 'progressed' },
  [`${ADL}completed`]: { vi: 'hoàn thành', en: 'completed' },
  [`${ADL}passed`]: { vi: 'đạt', en: 'passed' },
  [`${ADL}failed`]: { vi: 'chưa đạt', en: 'failed' },
  [`${ADL}experienced`]: { vi: 'đã xem', en: 'experienced' },
}
const CONSUME = 'http://activitystrea.ms/schema/1.0/consume'
const LESSON_TYPE = 'http://adlnet.gov/expapi/activities/lesson'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const SUB_CONTENT = /^[\w-]{1,64}$/

export interface BridgeContext {
  attempt: AttemptRecord
  lesson: Lesson
  /** `<PUBLIC_URL>/lessons/<id>`. */
  lessonIri: string
  accountHomePage: string
  /** When the request arrived, ms. */
  arrival: number
  /** What to add to the browser's clock to get ours, ms. */
  clockOffset: number
}

export type Bridged =
  | { ok: true; statement: Record<string, unknown>; finished: boolean; changed: string[] }
  | { ok: false; problem: Problem }

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
  const verb = isRecord(given.verb) ? given.verb.id : undefined
  if (!isIri(verb)) return refused('h5p-event-verb-invalid', 'The verb needs an IRI as its id')
  if (verb === `${ADL}voided`) return refused('h5p-event-verb-refused', 'A lesson cannot void statements')

  const changed = new Set<string>()
  const object = lessonObject(given.object, context)
  if (!object)
    return refused(
      'h5p-event-object-foreign',
      'The object must be the lesson of this attempt or a part of it',
      403,
    )
  const root = object === context.lessonIri
  const { definition, choices } = normalDefinition(
    isRecord(given.object) ? given.object.definition : undefined,
    context.lesson.language,
  )
  if (root) {
    // The lesson's title is the server's to say.
    definition.name = { [context.lesson.language]: context.lesson.title }
    definition.type ??= LESSON_TYPE
  }
  const result = normalResult(given.result, choices, changed)
  const said = normalVerb(verb, given)
  if (said !== verb) changed.add('verb')

  const statement: Record<string, unknown> = {
    id: event.id.toLowerCase(),
    actor: {
      objectType: 'Agent',
      account: { homePage: context.accountHomePage, name: context.attempt.person },
    },
    verb: { id: said, display: verbDisplay(said, given) },
    object: {
      objectType: 'Activity',
      id: object,
      ...(Object.keys(definition).length > 0 ? { definition } : {}),
    },
    ...(result ? { result } : {}),
    timestamp: boundedTime(event.at, context, changed),
    context: normalContext(given.context, object, context, changed),
  }
  return { ok: true, statement, finished: root && endsAttempt(said, result), changed: [...changed] }
}

/**
 * The IRI of the lesson or of the part of it that the object names; null when it names anything else. H5P writes the
 * content's URL, a path or its bare number, each perhaps with `?subContentId=`.
 */
function lessonObject(object: unknown, { lesson, lessonIri }: BridgeContext): string | null {
  if (!isRecord(object)) return null
  if (object.objectType !== undefined && object.objectType !== 'Activity') return null
  if (typeof object.id !== 'string' && typeof object.id !== 'number') return null
  const [base = '', query, ...more] = String(object.id).split('?')
  if (more.length > 0) return null
  const own = base === lessonIri || base === lesson.id || base === `/h5p/content/${lesson.id}`
  if (!own && !/^\d{1,16}$/.test(base)) return null
  if (query === undefined) return lessonIri
  const part = /^subContentId=(.+)$/.exec(query)?.[1]
  return part && SUB_CONTENT.test(part) ? `${lessonIri}?subContentId=${part}` : null
}

/** What types say differently, said alike: to consume is to experience; completing without anything to score while the
 * whole still goes on (a book's chapter, a branch) is progress. */
function normalVerb(verb: string, given: Record<string, unknown>): string {
  if (verb === CONSUME) return `${ADL}experienced`
  if (verb === `${ADL}completed`) {
    const score = isRecord(given.result) ? given.result.score : undefined
    if (isRecord(score) && score.max === 0 && /InteractiveBook/.test(libraryCategory(given.context) ?? ''))
      return `${ADL}progressed`
  }
  return verb
}

function verbDisplay(verb: string, given: Record<string, unknown>): Record<string, string> {
  if (Object.hasOwn(VERBS, verb)) return { ...VERBS[verb]! }
  const display = isRecord(given.verb) && isRecord(given.verb.display) ? given.verb.display : {}
  const text = Object.values(display).find((value) => typeof value === 'string' && value !== '')
  return { en: typeof text === 'string' ? text : (verb.split(/[/#]/).at(-1) ?? verb) }
}

function normalContext(
  given: unknown,
  object: string,
  context: BridgeContext,
  changed: Set<string>,
): Record<string, unknown> {
  const parents =
    isRecord(given) && isRecord(given.contextActivities) ? given.contextActivities.parent : undefined
  const own = (Array.isArray(parents) ? parents : [parents])
    .map((parent) => lessonObject(parent, context))
    .filter((parent): parent is string => parent !== null && parent !== object)
  // Topics are how a record learns what the lesson is about.
  const grouping = [...(object === context.lessonIri ? [] : [context.lessonIri]), ...context.lesson.topics]
  const library = libraryCategory(given)
  const category = [
    ...(library ? [{ objectType: 'Activity', id: library }] : []),
    {
      objectType: 'Activity',
      id: BROWSER_CLAIM,
      definition: {
        name: {
          vi: 'Kết quả do trình duyệt của người học báo',
          en: "Results claimed by the learner's browser",
        },
      },
    },
  ]
  const extensions = {
    ...normalExtensions(isRecord(given) ? given.extensions : undefined),
    ...(changed.size > 0 ? { [BRIDGE_CHANGES]: [...changed] } : {}),
  }
  return {
    registration: context.attempt.id,
    // The standard's own place for the version of an activity; of lessons from before there were versions it is the first.
    revision: String(context.attempt.version),
    platform: 'Suốt Đời',
    language: context.lesson.language,
    contextActivities: {
      ...(own.length > 0 ? { parent: own.map((id) => ({ objectType: 'Activity', id })) } : {}),
      ...(grouping.length > 0 ? { grouping: grouping.map((id) => ({ objectType: 'Activity', id })) } : {}),
      category,
    },
    ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
  }
}

/** H5P's own category, which names the type: `http://h5p.org/libraries/H5P.TrueFalse-1.8`. */
function libraryCategory(context: unknown): string | undefined {
  const given =
    isRecord(context) && isRecord(context.contextActivities) ? context.contextActivities.category : undefined
  for (const each of Array.isArray(given) ? given : [given])
    if (
      isRecord(each) &&
      typeof each.id === 'string' &&
      /^http:\/\/h5p\.org\/libraries\/[\w.-]{1,200}$/.test(each.id)
    )
      return each.id
  return undefined
}

/** The browser's time, corrected by the clocks' difference, kept only between the attempt's start and the arrival. */
function boundedTime(
  at: unknown,
  { attempt, arrival, clockOffset }: BridgeContext,
  changed: Set<string>,
): string {
  const claimed = typeof at === 'string' ? Date.parse(at) + clockOffset : Number.NaN
  if (claimed >= attempt.started && claimed <= arrival) return new Date(claimed).toISOString()
  changed.add('timestamp')
  return new Date(arrival).toISOString()
}

function endsAttempt(verb: string, result: Record<string, unknown> | undefined): boolean {
  if (['completed', 'passed', 'failed'].some((name) => verb === `${ADL}${name}`)) return true
  return verb === `${ADL}answered` && result?.completion === true
}

function refused(id: string, message: string, status = 400): Bridged {
  return { ok: false, problem: problem(id, status, message) }
}
